// SPDX-License-Identifier: BSD-2-Clause
//
// Scenarios explored: what is found, how many interleavings there are, and how small the
// counterexamples get.
#include <filesystem>
#include <set>
#include <string>

#include "models/explore/explored_scenario.hpp"
#include "models/explore/shrink.hpp"
#include "models/scenario/load.hpp"
#include "sim/explore/replay.hpp"
#include "sim/explore/search.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/explored.hpp"
#include "tests/support/sleep_sets.hpp"

using test::explore;
using test::kinds;

namespace {

models::LoadedScenario load(const std::string& name, const std::vector<std::string>& sets = {}) {
  return models::load_scenario(std::string(SOCKBUFSIM_SOURCE_DIR) + "/scenarios/" + name + ".json",
                               sets);
}

}  // namespace

TEST_CASE("the race of the mail is found, and the whole of it is explored", "[explore][race]") {
  const auto loaded = load("close-during-copyout");
  const sim::SearchResult result = explore(loaded, "exhaustive");
  CHECK(result.exhaustive);
  CHECK(result.interleavings == 116);
  CHECK(result.final_states == 9);
  CHECK(kinds(result) == std::set<std::string>{"destroyed_lock", "putback_flushed"});
}

TEST_CASE("sleep sets alone count as many interleavings of every shipped race", "[explore][race]") {
  int compared = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(SOCKBUFSIM_SOURCE_DIR "/scenarios/races")) {
    for (const std::string& algorithm : models::algorithm_names()) {
      const auto loaded =
          load("races/" + entry.path().stem().string(), {"receive.algorithm=" + algorithm});
      const sim::SearchResult reduced = explore(loaded, "exhaustive");
      if (reduced.interleavings > 1000) continue;  // in vain, the others make three times as many
      INFO(entry.path().stem().string() << ", " << algorithm);
      models::ExploredScenario program(loaded.scenario, loaded.path);
      CHECK(reduced.interleavings == test::SleepSetCount(program).classes());
      ++compared;
    }
  }
  CHECK(compared > 90);
}

TEST_CASE("the reduction loses nothing of the race of the mail", "[explore][race]") {
  // The smallest world that has the race.
  const auto loaded = load("close-during-copyout", {"explore.segments=0", "nic.mbufs_per_frame=2"});
  const sim::SearchResult reduced = explore(loaded, "exhaustive");
  const sim::SearchResult all = explore(loaded, "all");
  CHECK(all.exhaustive);
  CHECK(all.interleavings > 50 * reduced.interleavings);
  CHECK(reduced.final_states == all.final_states);
  CHECK(kinds(reduced) == kinds(all));
}

TEST_CASE("a counterexample shrinks to what it needs, and is replayed", "[explore][race]") {
  const auto loaded = load("close-during-copyout");
  const sim::SearchResult result = explore(loaded, "exhaustive");
  REQUIRE(result.violations.size() == 2);
  for (const sim::FoundViolation& found : result.violations) {
    INFO(found.finding.kind);
    const models::Counterexample small =
        models::shrink(loaded.scenario, loaded.path, found.finding.kind, found.schedule);
    CHECK(sim::context_switches(small.schedule) <= 3);
    CHECK(small.schedule.size() <= found.schedule.size());
    models::ExploredScenario program(small.scenario, loaded.path);
    const auto turns = sim::make_fiber_turns();
    const sim::Replayed replayed = sim::replay(program, *turns, small.schedule);
    CHECK_FALSE(replayed.misfit.has_value());
    REQUIRE(replayed.finding.has_value());
    CHECK(replayed.finding->kind == found.finding.kind);
    CHECK(replayed.steps.back().racing);
  }
}

TEST_CASE("a reader that polls is explored to the end", "[explore]") {
  // It goes on only after something that it looked at has changed: an empty poll is no step that
  // could be repeated for ever.
  const auto interleavings = [](int segments) {
    const auto loaded = load("races/p7-relink", {"disturb=[]", "sockets.0.readers.0.blocking=false",
                                                 "explore.buffered_segments=0", "explore.reads=2",
                                                 "explore.segments=" + std::to_string(segments)});
    const sim::SearchResult result = explore(loaded, "exhaustive");
    CHECK(result.exhaustive);
    CHECK(result.violations.empty());
    return result.interleavings;
  };
  CHECK(interleavings(1) == 2);
  CHECK(interleavings(2) == 11);
  CHECK(interleavings(3) == 60);
}

TEST_CASE("a reader that blocks may have to poll", "[explore]") {
  // per_packet ends with EWOULDBLOCK when it finds its buffer flushed, and nobody else polls here.
  const auto loaded = load("races/p2-lost-reference",
                           {"receive.algorithm=\"per_packet\"", "explore.at_any_moment=true"});
  CHECK(explore(loaded, "exhaustive").exhaustive);
}

TEST_CASE("closed synthetic threads are explored, too", "[explore]") {
  const auto loaded = models::load_scenario_text(
      R"({"schema": "sockbufsim/scenario/1", "machine": {"profile": "ideal"},
          "locks": [{"name": "L"}],
          "threads": [{"count": 3, "lock": "L", "think_ns": 10, "hold_ns": 5, "loops": 2}]})",
      "text");
  const sim::SearchResult result = explore(loaded, "exhaustive");
  CHECK(result.interleavings == 90);  // 6! / (2! 2! 2!)
  CHECK(result.violations.empty());
}
