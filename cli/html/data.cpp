// SPDX-License-Identifier: BSD-2-Clause
#include "cli/html/data.hpp"

#include "models/report/metrics.hpp"
#include "models/violations.hpp"

namespace cli {

using Json = nlohmann::ordered_json;

Json json_of_metric_kinds() {
  Json kinds = Json::object();
  for (const models::MetricKind& kind : models::metric_kinds()) {
    kinds[kind.path] = {std::string(kind.unit), std::string(kind.doc)};
  }
  return kinds;
}

Json json_of_violation_kinds() {
  Json kinds = Json::object();
  for (const models::ViolationKind& kind : models::violation_kinds()) {
    kinds[std::string(kind.name)] = std::string(kind.meaning);
  }
  return kinds;
}

std::string compact_json(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cli
