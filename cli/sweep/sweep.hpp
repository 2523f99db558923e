// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/run.hpp"
#include "cli/study/study.hpp"
#include "cli/sweep/plan.hpp"

namespace cli {

/// How a study is swept.
struct SweepOptions {
  std::string store;
  std::vector<std::string> overrides;  ///< what the study was loaded with, for rerun commands
  int jobs = 1;                        ///< worker processes, >= 1
  Plan::Options plan;
  double timeout_s = 0.0;        ///< of one run; 0: none
  std::int64_t memory_mib = 0;   ///< address space of a worker; 0: no limit
  std::string engine = "fiber";  ///< or simgrid: same results, slower
};

/// What a sweep leaves behind, counted over the points of its shard.
struct SweepSummary {
  std::size_t made = 0;   ///< runs
  std::size_t there = 0;  ///< runs that the store had already
  /// Point (index in Study::points), replication: runs that failed, by this sweep or an earlier
  /// one.
  std::vector<RunTask> failed;
  std::vector<RunTask> incidents;    ///< violations and deadlocks that the scenario does not expect
  std::vector<Imprecise> imprecise;  ///< points that are not as precise as the study wants
  int stopped_by = 0;                ///< the signal that stopped it, or 0
};

/// Makes the runs of the study that the store lacks, in worker processes; this process alone writes
/// to the store. What has been told as done is in the store; a sweep that was killed goes on where
/// it was. Throws UsageError for the store's failures.
SweepSummary sweep(const Study& study, const SweepOptions& options, const Wanted& wanted,
                   const Simulate& simulate = models::simulate);

/// `threads=4: locks.L.wait_ns.mean is known to 7.3 %, not 5 %, by 100 runs, the most allowed`.
std::string imprecise_text(const Study& study, const Imprecise& item);

/// How much of the study the store has and lacks, in a line. Reads the store if there is one.
std::string missing_text(const Study& study, const SweepOptions& options, const Wanted& wanted);

}  // namespace cli
