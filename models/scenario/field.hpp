// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace models {

/// All that is known of a field besides its name, type and default. Every archive (FieldReader,
/// Dumper, the schema and the documentation) takes its facts from here.
struct Field {
  std::string_view doc;
  std::string_view unit = {};
  /// Bounds of a number, of each number in an array, of the values of a distribution.
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool above_min = false;  ///< `min` itself is not allowed
  bool required = false;
  std::string_view absent = {};           ///< what it means when an optional field is not given
  std::vector<std::string> choices = {};  ///< the names a string may have; empty: any
  std::string_view pattern = {};          ///< kIdentifier or empty: any string
  std::size_t max_items = 4096;           ///< of an array
  std::size_t min_items = 0;
  std::string_view shorthand = {};  ///< the member that a bare `true` or `false` stands for
  /// Whether the field means anything given the values read before it (`applies_when` says so in
  /// words, `decided_by` names the field that decides).
  bool applies = true;
  std::string_view applies_when = {};
  std::string_view decided_by = {};
};

/// Names that may stand in a dotted path: 1 to 64 bytes without '.' and control characters, not
/// only digits.
inline constexpr std::string_view kIdentifier = "identifier";
inline constexpr const char* kIdentifierRegex = "^(?=.*[^0-9])[^.\\u0000-\\u001f]{1,64}$";

inline constexpr double kMaxTimeMs = 3.6e6;  ///< an hour
inline constexpr double kMaxTimeUs = kMaxTimeMs * 1e3;
inline constexpr double kMaxTimeNs = kMaxTimeMs * 1e6;
inline constexpr double kMaxExactInteger = 9007199254740991.0;  ///< 2^53 - 1

/// Where an element of an array stands that may also be written as an object (models::Keyed).
struct Place {
  std::string pointer;
  std::string given;    ///< the element as JSON, spelled out
  bool by_key = false;  ///< the array was written as an object
  std::string elided;   ///< the field whose value is the member itself; empty: none

  /// Pointer to a field of the element.
  std::string of(const std::string& name) const {
    return name == elided ? pointer : pointer + "/" + name;
  }
};

}  // namespace models
