// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cli/run.hpp"
#include "cli/store/store.hpp"
#include "cli/study/study.hpp"
#include "cli/sweep/wire.hpp"

namespace cli {

/// The command line that makes a run of the point again when " --replication N" follows it.
/// `overrides`: what the study was loaded with.
std::string point_command(const Study& study, const Point& point, const std::string& engine,
                          const std::vector<std::string>& overrides);

/// Makes the runs of a study, one after the other, in a worker process.
class RunMaker {
 public:
  /// All three outlive the object. `commands`: one a point, for the reports.
  RunMaker(const Study& study, const std::vector<std::string>& commands, sim::EngineKind engine,
           const Simulate& simulate);
  ~RunMaker();
  RunMaker(const RunMaker&) = delete;
  RunMaker& operator=(const RunMaker&) = delete;

  /// Throws what loading and simulating throw.
  StoredRun make(const RunTask& task);

 private:
  const Study& study_;
  const std::vector<std::string>& commands_;
  sim::EngineKind engine_;
  const Simulate& simulate_;
  std::size_t point_;  ///< whose scenario is loaded
  std::unique_ptr<models::LoadedScenario> loaded_;
};

/// The point's scenario as its runs see it. Throws models::ScenarioErrors.
models::LoadedScenario load_point(const Study& study, const Point& point, std::int64_t seed,
                                  std::vector<std::string> overrides = {});

}  // namespace cli
