// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/explore/parts.hpp"
#include "models/scenario/scenario.hpp"

namespace models {

/// A scenario with a little less in it.
struct SmallerScenario {
  Scenario scenario;
  std::string left_out;  ///< what it lacks: "1 of 2 arriving segments"
  /// Whether a thread of the larger scenario is missing here. The others keep their order.
  std::function<bool(const ThreadOrigin&)> lacks;
};

/// Everything that is one step smaller and can still be explored: fewer frames first, then mbufs,
/// reads, disturbances, sockets, readers and synthetic threads. Only what no disturbance names is
/// left out, and those that name something behind it are renumbered.
std::vector<SmallerScenario> smaller(const Scenario& scenario);

}  // namespace models
