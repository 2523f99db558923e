// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <string_view>

namespace models {

/// A kind of violation, as reports and explorations name it.
struct ViolationKind {
  std::string_view name;     ///< stable: "destroyed_lock"
  std::string_view meaning;  ///< one line
};

/// All kinds, in the order of docs/model.md (Violations), which says more of some.
std::span<const ViolationKind> violation_kinds();

}  // namespace models
