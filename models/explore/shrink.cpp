// SPDX-License-Identifier: BSD-2-Clause
#include "models/explore/shrink.hpp"

#include <fmt/format.h>

#include <functional>
#include <utility>

#include "models/explore/explored_scenario.hpp"
#include "models/scenario/errors.hpp"

namespace models {
namespace {

/// A scenario with a little less in it, and what was left out.
struct Variant {
  Scenario scenario;
  std::string left_out;
};

void take_one(std::vector<Variant>& variants, const Scenario& scenario, int Explore::*field,
              int least, const char* what) {
  const int value = scenario.explore.*field;
  if (value <= least) return;
  Variant& variant =
      variants.emplace_back(Variant{scenario, fmt::format("1 of {} {}", value, what)});
  variant.scenario.explore.*field = value - 1;
}

/// Everything that is one step smaller, frames first, then mbufs, reads and threads.
std::vector<Variant> smaller(const Scenario& scenario) {
  std::vector<Variant> variants;
  take_one(variants, scenario, &Explore::segments, 0, "arriving segments");
  take_one(variants, scenario, &Explore::buffered_segments, 0, "buffered segments");
  if (scenario.nic.mbufs_per_frame > 1) {
    Variant& variant = variants.emplace_back(
        Variant{scenario, fmt::format("1 of {} mbufs a frame", scenario.nic.mbufs_per_frame)});
    --variant.scenario.nic.mbufs_per_frame;
  }
  take_one(variants, scenario, &Explore::reads, 1, "reads");
  for (std::size_t i = 0; i < scenario.disturb.size(); ++i) {
    if (scenario.disturb[i].action == DisturbKind::page_fault) continue;  // is not there anyhow
    const auto name = std::string(enum_name(scenario.disturb[i].action));
    Variant& variant = variants.emplace_back(Variant{scenario, "the disturbance " + name});
    variant.scenario.disturb.erase(variant.scenario.disturb.begin() +
                                   static_cast<std::ptrdiff_t>(i));
  }
  for (std::size_t s = 0; s < scenario.sockets.size(); ++s) {
    for (std::size_t r = 0; r < scenario.sockets[s].readers.size(); ++r) {
      const int count = scenario.sockets[s].readers[r].count;
      if (count <= 1) continue;
      Variant& variant =
          variants.emplace_back(Variant{scenario, fmt::format("1 of {} readers", count)});
      --variant.scenario.sockets[s].readers[r].count;
    }
  }
  return variants;
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
    const auto most = static_cast<int>(sim::context_switches(best.schedule));
    for (Variant& variant : smaller(best.scenario)) {
      try {
        ExploredScenario program(variant.scenario, path);
        auto schedule = sim::simplest_schedule(program, kind, most, options);
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
