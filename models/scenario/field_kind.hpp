// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
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

/// The kind of the scenario field at `steps`, names and indices from the root. `other` for a path
/// that leads nowhere.
FieldKind scenario_field_kind(const std::vector<std::string>& steps);

}  // namespace models
