// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>

/// Parts of the data that several pages share. Include only from .cpp files.
namespace cli {

/// Unit and meaning of every kind of metric: path (with NAME and INDEX) -> [unit, doc].
nlohmann::ordered_json json_of_metric_kinds();

/// In one line; bytes that are not UTF-8 become U+FFFD.
std::string compact_json(const nlohmann::ordered_json& json);

}  // namespace cli
