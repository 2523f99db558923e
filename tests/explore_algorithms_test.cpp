// SPDX-License-Identifier: BSD-2-Clause
//
// Every receive algorithm declares what it shares: the reduced search ends in as many states, and
// with the same violations, as the search of all interleavings.
#include <set>
#include <string>
#include <vector>

#include "models/explore/explored_scenario.hpp"
#include "models/receive/receive.hpp"
#include "models/scenario/load.hpp"
#include "sim/explore/search.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/explored.hpp"

namespace {

using test::kinds;

constexpr std::uint64_t kMost = 300000;

struct World {
  const char* what;
  const char* scenario;
  std::vector<std::string> sets;
};

/// Compares the two searches for every algorithm; returns how many could be compared in full.
int compare(const World& world) {
  int compared = 0;
  for (const models::ReceiveAlgorithm& algorithm : models::algorithms()) {
    INFO(algorithm.name << ", " << world.what);
    std::vector<std::string> sets = world.sets;
    sets.push_back("receive.algorithm=" + std::string(algorithm.name));
    const auto loaded = models::load_scenario(
        std::string(SOCKBUFSIM_SOURCE_DIR) + "/scenarios/races/" + world.scenario + ".json", sets);
    const sim::SearchResult reduced = test::explore(loaded, "exhaustive", kMost);
    const sim::SearchResult all = test::explore(loaded, "all", kMost);
    CHECK(reduced.exhaustive);
    CHECK(reduced.interleavings <= all.interleavings);
    if (all.exhaustive) {
      CHECK(reduced.final_states == all.final_states);
      CHECK(kinds(reduced) == kinds(all));
      ++compared;
    } else {  // a part of them all has nothing that the reduced search has not
      CHECK(all.final_states <= reduced.final_states);
      for (const std::string& kind : kinds(all)) CHECK(kinds(reduced).contains(kind));
    }
  }
  return compared;
}

}  // namespace

TEST_CASE("the reduction loses nothing of any receive algorithm", "[explore]") {
  CHECK(compare({"an append during the read",
                 "p7-relink",
                 {"disturb=[]", "explore.buffered_segments=1", "explore.segments=1",
                  "explore.reads=1"}}) == 12);
  CHECK(compare({"a shutdown during the read",
                 "p1-shutdown-rd",
                 {"explore.buffered_segments=1", "explore.segments=0", "explore.reads=1"}}) == 12);
}

TEST_CASE("the reduction loses nothing of any receive algorithm in larger worlds",
          "[explore][slow]") {
  CHECK(compare({"two appends during two reads",
                 "p7-relink",
                 {"disturb=[]", "explore.buffered_segments=1", "explore.segments=2",
                  "explore.reads=2"}}) > 0);
  compare({"an append and a RST during two reads",
           "p4-rst",
           {"explore.buffered_segments=1", "explore.segments=1", "explore.reads=2"}});
}
