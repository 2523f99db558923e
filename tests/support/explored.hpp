// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "models/explore/explored_scenario.hpp"
#include "models/scenario/load.hpp"
#include "sim/explore/search.hpp"

namespace test {

/// Searches by a strategy as the command line names it, at most `max_schedules` of it.
inline sim::SearchResult search_with(sim::Program& program, const char* strategy,
                                     std::optional<std::uint64_t> max_schedules = {}) {
  sim::SearchOptions options;
  options.strategy = sim::parse_strategy(strategy).value();
  options.max_schedules = max_schedules;
  return sim::search(program, options);
}

inline sim::SearchResult explore(const models::LoadedScenario& loaded, const char* strategy,
                                 std::optional<std::uint64_t> max_schedules = {}) {
  models::ExploredScenario program(loaded.scenario, loaded.path);
  return search_with(program, strategy, max_schedules);
}

/// The kinds of violations that were met.
inline std::set<std::string> kinds(const sim::SearchResult& result) {
  std::set<std::string> kinds;
  for (const sim::FoundViolation& found : result.violations) kinds.insert(found.finding.kind);
  return kinds;
}

}  // namespace test
