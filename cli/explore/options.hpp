// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/explore/search.hpp"

namespace cli {

/// What `sockbufsim explore` was asked for.
struct ExploreOptions {
  std::vector<std::string> scenarios;  ///< one; with --matrix files and folders, or none
  std::vector<std::string> overrides;  ///< "nic.mtu=9000"
  std::string strategy = "exhaustive";
  std::optional<std::int64_t> bound;
  std::optional<std::int64_t> seed;
  std::optional<std::int64_t> max_schedules;
  std::optional<double> max_seconds;
  std::int64_t jobs = 1;
  std::string checkpoint;
  bool first = false;
  std::vector<std::string> outputs;  ///< "FORMAT:FILE"
  std::string schedule;              ///< a file, or empty
  std::string junit;                 ///< a file, or empty
  bool matrix = false;
  std::vector<std::string> algorithms;  ///< of the matrix; empty: all
  bool timed_search = false;
  std::optional<std::int64_t> steps;         ///< of the timed search
  std::optional<std::int64_t> replications;  ///< of the timed search
};

/// Throws UsageError for an unknown strategy, and for a bound that is missing, given twice, out of
/// place or out of range.
sim::Strategy strategy_of(const ExploreOptions& options);

/// Throws UsageError for limits out of range and options that contradict each other.
void check_options(const ExploreOptions& options);

/// The command line of this exploration, quoted for a shell.
std::string explore_command_line(const ExploreOptions& options);

/// Each does what was asked for and returns the exit code. Everything that can be wrong with
/// scenarios and outputs is found first, and nothing is written then. Throw UsageError and
/// models::ScenarioErrors.
int explore(const ExploreOptions& options);
int explore_matrix(const ExploreOptions& options);
int timed_search(const ExploreOptions& options);

}  // namespace cli
