// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

namespace tests {

/// A scenario that must be refused, and how.
struct BadScenario {
  std::string text;  ///< a whole file, or (is_fragment) members that a good scenario is extended by
  std::string pointer;  ///< of the first error
  std::string found;    ///< part of what it says was found
  std::string allowed;  ///< part of what it says is allowed
  bool is_fragment = true;
};

/// What the fragments extend.
std::string good_scenario();

/// At least 70 of them; shared by the tests of the loader and of the program.
std::vector<BadScenario> bad_scenarios();

}  // namespace tests
