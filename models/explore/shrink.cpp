// SPDX-License-Identifier: BSD-2-Clause
#include "models/explore/shrink.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "models/explore/explored_scenario.hpp"
#include "models/explore/smaller.hpp"
#include "models/scenario/errors.hpp"
#include "sim/explore/replay.hpp"

namespace models {
namespace {

/// The same schedule in a scenario that lacks threads which take no step in it: as long as a search
/// through all schedules may be, what does nothing is left out.
std::optional<sim::Schedule> same_schedule(const ExploredScenario& larger,
                                           const SmallerScenario& variant,
                                           ExploredScenario& program, const std::string& kind,
                                           const sim::Schedule& schedule) {
  std::array<std::optional<std::uint8_t>, sim::kMaxExploredThreads> renumbered;
  std::uint8_t next = 0;
  for (std::size_t thread = 0; thread < larger.threads(); ++thread) {
    if (!variant.lacks(larger.origin(thread))) renumbered.at(thread) = next++;
  }
  sim::Schedule same = schedule;
  for (sim::ScheduleStep& step : same) {
    const auto thread = renumbered.at(step.thread);
    if (!thread) return std::nullopt;
    step.thread = *thread;
  }
  const auto turns = sim::make_fiber_turns();
  const sim::Replayed replayed = sim::replay(program, *turns, same);
  if (replayed.misfit || !replayed.finding || replayed.finding->kind != kind) return std::nullopt;
  same.resize(replayed.steps.size());
  return same;
}

}  // namespace

Counterexample shrink(const Scenario& scenario, const std::string& path, const std::string& kind,
                      const sim::Schedule& found, const sim::ShrinkOptions& options) {
  Counterexample best{scenario, {}, {}};
  {
    ExploredScenario program(scenario, path);
    best.schedule = sim::shrink(program, kind, found, options);
  }
  for (bool better = true; better;) {
    better = false;
    const ExploredScenario larger(best.scenario, path);
    const auto most = static_cast<int>(sim::context_switches(best.schedule));
    for (SmallerScenario& variant : smaller(best.scenario)) {
      try {
        ExploredScenario program(variant.scenario, path);
        auto schedule = sim::simplest_schedule(program, kind, most, options);
        if (!schedule) schedule = same_schedule(larger, variant, program, kind, best.schedule);
        if (!schedule) continue;
        best.scenario = std::move(variant.scenario);
        best.schedule = std::move(*schedule);
        best.left_out.push_back(std::move(variant.left_out));
        better = true;
        break;
      } catch (const ScenarioErrors&) {
        continue;  // nothing is left to explore
      }
    }
  }
  return best;
}

}  // namespace models
