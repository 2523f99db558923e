// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "models/scenario/scenario.hpp"
#include "sim/explore/schedule.hpp"
#include "sim/explore/shrink.hpp"

namespace models {

/// The smallest counterexample that was found.
struct Counterexample {
  Scenario scenario;                  ///< the given one, or with less in it
  sim::Schedule schedule;             ///< of `scenario`, up to the violation
  std::vector<std::string> left_out;  ///< what the violation does not need: "1 of 2 segments"
};

/// Makes a counterexample small: first as few changes of thread as can be, then, without more of
/// them, fewer segments, mbufs, reads, threads and disturbances. The violation stays of the same
/// kind. `options` hold for each thing tried.
Counterexample shrink(const Scenario& scenario, const std::string& path, const std::string& kind,
                      const sim::Schedule& found,
                      const sim::ShrinkOptions& options = {.max_executions = 50'000, .stop = {}});

}  // namespace models
