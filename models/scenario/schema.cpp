// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/fields_load.hpp"
#include "models/scenario/schema_writer.hpp"

namespace models {

std::string scenario_json_schema() { return json_schema_text<Scenario>("sockbufsim scenario"); }

}  // namespace models
