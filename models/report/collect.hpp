// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "models/report/report.hpp"
#include "models/scenario/load.hpp"
#include "models/stack.hpp"
#include "models/synthetic.hpp"
#include "sim/machine/machine.hpp"

namespace models {

/// A run that has ended, and what ran.
struct FinishedRun {
  const LoadedScenario& loaded;
  const sim::Machine& machine;
  const sim::RunResult& result;
  const NetworkStack& stack;
  const SyntheticThreads& synthetic;
  std::uint32_t replication;
};

/// Fills the report with what the run's parts have measured: all but `simulator`, the series of the
/// warm-up check, and what only the whole set of replications knows.
void collect(Report& report, const FinishedRun& run);

}  // namespace models
