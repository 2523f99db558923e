// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace models {

/// What the field table says of the value that a path leads to, as far as putting documents
/// together depends on it.
enum class FieldKind : std::uint8_t {
  other,
  integer,
  text,         ///< a string or a name: what looks like a number is text, too
  distribution  ///< a value, though it may be written as an object: never merged with another
};

struct FieldFacts {
  FieldKind kind = FieldKind::other;
  std::string_view unit;  ///< empty: none
};

/// What is known of the scenario field at `steps`, names and indices from the root: `other`, and no
/// unit, for a path that leads nowhere.
FieldFacts scenario_field(const std::vector<std::string>& steps);
inline FieldKind scenario_field_kind(const std::vector<std::string>& steps) {
  return scenario_field(steps).kind;
}

}  // namespace models
