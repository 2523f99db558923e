// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "sim/explore/program.hpp"
#include "sim/explore/schedule.hpp"

namespace sim {

/// How hard to look for a shorter counterexample.
struct ShrinkOptions {
  std::uint64_t max_executions = 200'000;
  /// Asked before each execution: true ends the looking, with the best that there is. May be empty.
  std::function<bool()> stop;
};

/// A schedule to the same kind of violation with as few context switches as can be found, and among
/// those with as few steps: all schedules with 0, 1, 2, ... changes of thread are tried in turn, as
/// far as `options` let it; if they end it first, what neighbours of `found` could be had.
/// `found` itself when nothing is better.
Schedule shrink(Program& program, const std::string& kind, const Schedule& found,
                const ShrinkOptions& options = {});

/// The schedule with the fewest changes of thread, at most `most_changes`, to a violation of this
/// kind; nothing when there is none, or none was found within `options`.
std::optional<Schedule> simplest_schedule(Program& program, const std::string& kind,
                                          int most_changes, const ShrinkOptions& options);

}  // namespace sim
