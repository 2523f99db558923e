// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

/// Parts of the data that several pages share. Include only from .cpp files.
namespace cli {

/// Unit and meaning of every kind of metric: path (with NAME and INDEX) -> [unit, doc].
nlohmann::ordered_json json_of_metric_kinds();

/// What every kind of violation means: kind -> sentence.
nlohmann::ordered_json json_of_violation_kinds();

/// What `write`, a format, makes of `document`.
template <class T>
std::string text_of(void (*write)(std::ostream& out, const T& document), const T& document) {
  std::ostringstream text;
  write(text, document);
  return text.str();
}

/// In one line; bytes that are not UTF-8 become U+FFFD.
std::string compact_json(const nlohmann::ordered_json& json);

}  // namespace cli
