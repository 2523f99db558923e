// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>

#include "models/report/report.hpp"
#include "models/scenario/load.hpp"
#include "models/sockbuf.hpp"
#include "sim/engine/engines.hpp"
#include "sim/observe/timeline.hpp"

namespace models {

/// One run to make.
struct RunRequest {
  const LoadedScenario* scenario = nullptr;  ///< never null; outlives the call
  std::uint32_t replication = 0;             ///< counted from 0; keys the random streams
  bool record_timeline = false;              ///< within scenario->scenario.observe.timeline
  /// For showing that the engine's shortcuts change nothing: slow, same report.
  bool switch_at_every_step = false;
  /// Hears what happens to all socket buffers; not together with a timeline. May be null.
  SockbufObserver* listener = nullptr;
  sim::EngineKind engine = sim::EngineKind::simgrid;  ///< the report differs in its name alone
};

struct RunOutput {
  /// All that one run knows: everything but expectations, summary, fingerprint and command, and of
  /// `simulator` the number of events alone.
  Report report;
  std::unique_ptr<sim::Timeline> timeline;  ///< null unless asked for
};

/// Runs the scenario once. A violation or a deadlock is a verdict of the
/// report. Throws ScenarioErrors when a file that the scenario names (a capture) cannot be used,
/// and sim::InternalError when an always-true identity does not hold.
RunOutput simulate(const RunRequest& request);

}  // namespace models
