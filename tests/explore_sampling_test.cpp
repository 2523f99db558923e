// SPDX-License-Identifier: BSD-2-Clause
//
// What drawn interleavings meet, the exhaustive search has met: in worlds where readers, closers
// and copy faults get in one another's way, which the shipped races do one at a time.
#include <string>
#include <vector>

#include "models/receive/receive.hpp"
#include "models/scenario/load.hpp"
#include "sim/explore/search.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/explored.hpp"

namespace {

using test::kinds;

constexpr std::uint64_t kMostToCompare = 20'000;  ///< a world that has more is not compared

struct MixedWorld {
  const char* what;
  std::vector<std::string> sets;
};

models::LoadedScenario load_mixed(const MixedWorld& world, std::string_view algorithm) {
  std::vector<std::string> sets = world.sets;
  sets.push_back("receive.algorithm=" + std::string(algorithm));
  return models::load_scenario_text(R"({
    "schema": "sockbufsim/scenario/1", "name": "world", "machine": {"profile": "woodcrest-2007"},
    "sockets": [{"receive_buffer_bytes": 65536, "readers": [{"read_bytes": 65536}]}],
    "explore": {"buffered_segments": 1, "segments": 0}})",
                                    "world.json", ".", sets);
}

/// Whether the world was small enough to be compared.
bool compare_drawn(const models::LoadedScenario& loaded) {
  const sim::SearchResult reduced = test::explore(loaded, "exhaustive", kMostToCompare);
  if (!reduced.exhaustive) return false;
  for (const char* strategy : {"random", "urw", "pct:3"}) {
    INFO(strategy);
    const sim::SearchResult drawn = test::explore(loaded, strategy, 1500);
    CHECK(drawn.final_states <= reduced.final_states);
    for (const std::string& kind : kinds(drawn)) CHECK(kinds(reduced).contains(kind));
  }
  return true;
}

const char* const kSecondReader =
    R"({"do": "second_reader", "read_bytes": 1000, "max_reads": 1, "at_us": 0})";

const std::vector<MixedWorld> kMixedWorlds = {
    {"an in-kernel close, and readers with a file reference",
     {std::string(R"(disturb=[{"do": "kernel_close", "at_us": 0}, )") + kSecondReader + "]",
      "receive.sblock=none"}},
    {"an in-kernel close while a reader waits for data",
     {R"(disturb=[{"do": "kernel_close", "at_us": 0}, {"do": "signal", "at_us": 0}])",
      "explore.buffered_segments=0"}},
    {"a copy fault that may strike either of two readers",
     {R"(disturb=[{"do": "copy_fault", "probability": 0.5}])", "sockets.0.readers.0.count=2",
      "sockets.0.readers.0.read_bytes=1000"}},
    {"a copy fault, two readers and no sblock",
     {R"(disturb=[{"do": "copy_fault", "probability": 0.5}])", "sockets.0.readers.0.count=2",
      "sockets.0.readers.0.read_bytes=1000", "receive.sblock=none"}},
    {"two that close",
     {R"(disturb=[{"do": "kernel_close", "at_us": 0}, {"do": "close", "at_us": 0}])"}},
    {"two readers that do not block",
     {"sockets.0.readers.0.count=2", "sockets.0.readers.0.blocking=false",
      "explore.buffered_segments=0", "explore.segments=1", "explore.retries=1"}},
};

}  // namespace

TEST_CASE("the exhaustive search has all that drawn interleavings meet", "[explore][slow]") {
  for (const MixedWorld& world : kMixedWorlds) {
    int compared = 0;
    for (const models::ReceiveAlgorithm& algorithm : models::algorithms()) {
      INFO(world.what << ", " << algorithm.name);
      compared += compare_drawn(load_mixed(world, algorithm.name)) ? 1 : 0;
    }
    INFO(world.what);
    CHECK(compared >= 4);
  }
}

TEST_CASE("a copy fault strikes once, whoever copies", "[explore]") {
  const MixedWorld world{"",
                         {R"(disturb=[{"do": "copy_fault", "probability": 0.5}])",
                          "sockets.0.readers.0.count=2", "sockets.0.readers.0.read_bytes=1000",
                          "explore.buffered_segments=2", "receive.sblock=flag"}};
  CHECK(compare_drawn(load_mixed(world, "stream_putback")));
}

TEST_CASE("two readers that do not block call again a few times", "[explore]") {
  const MixedWorld world{
      "",
      {"sockets.0.readers.0.count=2", "sockets.0.readers.0.blocking=false",
       "explore.buffered_segments=0", "explore.segments=1", "receive.sblock=sx"}};
  const sim::SearchResult result = test::explore(load_mixed(world, "generic"), "pct:3", 1000);
  CHECK(result.interleavings == 1000);
  CHECK(result.violations.empty());
}

TEST_CASE("a socket that is closed twice is a violation, not an error", "[explore]") {
  const MixedWorld world{
      "", {R"(disturb=[{"do": "kernel_close", "at_us": 0}, {"do": "kernel_close", "at_us": 0}])"}};
  const sim::SearchResult result = test::explore(load_mixed(world, "linux_backlog"), "exhaustive");
  CHECK(kinds(result).contains("socket_use_after_free"));
}
