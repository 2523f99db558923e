// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "models/scenario/load.hpp"
#include "sim/base/time.hpp"
#include "sim/engine/engines.hpp"
#include "sim/observe/statistics.hpp"

/// How wide is the window of a race in time? A disturbance of a timed scenario is moved over a
/// copy, from the start of a read's first copyout to the end of its last one, and every run with
/// another moment says whether the violation occurs.
namespace models {

struct TimedSearchRequest {
  const LoadedScenario* scenario = nullptr;
  int steps = 20;        ///< moments tried in each copy, one drawn offset for all of them
  int replications = 5;  ///< copies tried, each in a run with its own random streams
  sim::EngineKind engine = sim::EngineKind::fiber;  ///< changes nothing in the result
  /// Called before each run with its number and how many there will be; may be empty.
  std::function<void(int run, int runs)> progress;
};

/// One copy.
struct TimedSearchCopy {
  sim::Picoseconds start_ps = 0;
  sim::Picoseconds end_ps = 0;
  std::vector<bool> hit;  ///< by step: a violation or deadlock occurred

  std::int64_t hits() const;
  sim::Picoseconds length_ps() const { return end_ps - start_ps; }
  /// The part of the copy in which the violation occurs.
  double width_ns() const;
};

/// lower <= estimate <= upper: 95 %.
struct Proportion {
  double estimate = 0.0;
  double lower = 0.0;
  double upper = 0.0;
};

/// The interval of E. B. Wilson (1927) for `hits` of `trials` (>= 1).
Proportion wilson95(std::int64_t hits, std::int64_t trials);

struct TimedSearchResult {
  std::string disturbance;  ///< which one was moved: "kernel_close"
  std::vector<TimedSearchCopy> copies;
  std::map<std::string, std::int64_t> kinds;  ///< of violation, and how often each occurred
  sim::Interval copy_ns{};                    ///< length of the copies
  sim::Interval width_ns{};                   ///< of the window; Student t over the copies
  /// That a disturbance at a uniformly drawn moment of a copy meets the window. As the moments are
  /// evenly spaced and not drawn one by one, the interval is rather too wide.
  Proportion probability;
};

/// Simulates (steps + 1) * replications times. The copy of a replication is the one under way when
/// the disturbance would have struck as the scenario says, or the next. Throws ScenarioErrors when
/// the scenario has no disturbance that can be moved, or no copy after it.
TimedSearchResult timed_search(const TimedSearchRequest& request);

}  // namespace models
