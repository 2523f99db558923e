// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <string>
#include <type_traits>
#include <vector>

#include "models/report/fields.hpp"

/// What the archives over the report's field table share. Include only from .cpp files.
namespace models {

/// A struct with fields of its own in the table.
template <class T>
concept ReportStruct = std::is_class_v<T> && std::is_aggregate_v<T>;

/// `describe` for archives that only look.
template <class Archive, ReportStruct T>
void visit(Archive& archive, const T& value) {
  describe(archive, const_cast<T&>(value));  // NOLINT: the archive does not write
}

/// How the elements of an array are called in dotted paths: by `name` where it is given and unique,
/// else by index.
template <ReportStruct T>
std::vector<std::string> element_names(const std::vector<T>& elements) {
  std::vector<std::string> names;
  names.reserve(elements.size());
  for (std::size_t i = 0; i < elements.size(); ++i) names.push_back(std::to_string(i));
  if constexpr (requires(const T& element) { element.name; }) {
    std::map<std::string, int> uses;
    for (const T& element : elements) ++uses[element.name];
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const std::string& name = elements[i].name;
      if (!name.empty() && uses[name] == 1) names[i] = name;
    }
  }
  return names;
}

}  // namespace models
