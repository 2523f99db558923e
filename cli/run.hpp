// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/simulation.hpp"

namespace cli {

/// What `sockbufsim run` was asked for.
struct RunOptions {
  std::string scenario;  ///< or a study, with `point`
  std::string point;     ///< hash of a point of the study; empty: `scenario` is a scenario
  std::vector<std::string> overrides;  ///< "nic.mtu=9000"
  std::optional<std::int64_t> seed;
  std::optional<std::int64_t> replications;
  std::optional<std::int64_t> replication;  ///< this one alone, counted from 0
  std::optional<std::string> tie_break;
  std::string engine = "simgrid";    ///< or "fiber"
  std::vector<std::string> outputs;  ///< "FORMAT:FILE"
  std::string junit;                 ///< a file, or empty
};

using Simulate = std::function<models::RunOutput(const models::RunRequest&)>;

/// Loads, simulates, judges and writes. Everything that can be wrong with scenario and outputs is
/// found before the first simulation, and nothing is written then. Returns the exit code; throws
/// UsageError, models::ScenarioErrors and whatever `simulate` throws.
int run(const RunOptions& options, const Simulate& simulate = models::simulate);

/// One replication, with what it cost the simulator in `report.simulator`.
models::RunOutput simulate_timed(const models::RunRequest& request, const Simulate& simulate);

/// The command line that makes this run again, quoted for a shell.
std::string rerun_command(const RunOptions& options, std::int64_t seed);

}  // namespace cli
