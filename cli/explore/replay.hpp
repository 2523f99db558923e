// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "models/explore/schedule_file.hpp"
#include "sim/engine/engines.hpp"
#include "sim/explore/replay.hpp"

namespace cli {

/// What `sockbufsim replay` was asked for.
struct ReplayOptions {
  std::string file;
  std::string engine = "simgrid";
  std::vector<std::string> outputs;  ///< "FORMAT:FILE"
};

/// A schedule executed once more.
struct ReplayResult {
  models::ScheduleFile file;
  sim::Replayed replayed;
  std::string engine;
  bool reproduced = false;  ///< the kind of violation that the file expects
};

/// Executes the schedule on tasks of an engine. Throws models::ScenarioErrors (with `path`) when
/// the program has other threads than the file says, or the schedule does not fit it.
ReplayResult replay_file(const models::ScheduleFile& file, const std::string& path,
                         sim::EngineKind engine);

/// Reads, executes, writes. Exit code: 0 the recorded violation occurs again, 1 it does not. Throws
/// UsageError and models::ScenarioErrors.
int replay(const ReplayOptions& options);

}  // namespace cli
