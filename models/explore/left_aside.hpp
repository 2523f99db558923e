// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "models/scenario/scenario.hpp"

namespace models {

/// What an exploration of this scenario does not have, or has less of, although a run has it: "open
/// group a", "page faults", "group b: 1 round instead of no limit". Empty: nothing to be said.
std::vector<std::string> left_aside(const Scenario& scenario);

}  // namespace models
