// SPDX-License-Identifier: BSD-2-Clause
//
// Teeth: faults put into the model on purpose, each of which exploring has to find.
#include "models/mutation.hpp"

#include <set>
#include <string>
#include <vector>

#include "models/explore/explored_scenario.hpp"
#include "models/scenario/load.hpp"
#include "sim/explore/search.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/explored.hpp"
#include "tests/support/mutated.hpp"

models::Mutation models::active_mutation = models::Mutation::none;

namespace {

using models::Mutation;

/// Within so many schedules pct:3 has to find every mutation.
constexpr std::uint64_t kPctSchedules = 3000;

struct Case {
  Mutation mutation;
  const char* algorithm;
  const char* scenario;
  std::vector<std::string> sets;
  std::set<std::string> kinds;  ///< what the exhaustive search meets
};

/// The kinds that a whole search by that strategy meets, or one of at most `most` schedules.
std::set<std::string> kinds_by(const char* strategy, const models::LoadedScenario& loaded,
                               std::optional<std::uint64_t> most = {}) {
  const sim::SearchResult result = test::explore(loaded, strategy, most);
  CHECK(result.complete == sim::parse_strategy(strategy)->finite());
  return test::kinds(result);
}

void check(const Case& c) {
  INFO(c.algorithm << " under " << c.scenario << ", mutation " << static_cast<int>(c.mutation));
  std::vector<std::string> sets = c.sets;
  sets.push_back(std::string("receive.algorithm=") + c.algorithm);
  const auto loaded = models::load_scenario(
      std::string(SOCKBUFSIM_SOURCE_DIR) + "/scenarios/races/" + c.scenario + ".json", sets);
  CHECK(kinds_by("exhaustive", loaded).empty());
  const test::Mutated mutated(c.mutation);
  CHECK(kinds_by("exhaustive", loaded) == c.kinds);
  CHECK_FALSE(kinds_by("pct:3", loaded, kPctSchedules).empty());
}

const std::vector<std::string> kEmptyBuffer = {"explore.buffered_segments=0"};
/// What is put back is read alone, so that the segment behind it stays.
const std::vector<std::string> kOneMoreSegment = {"explore.segments=1", "explore.reads=1",
                                                  "sockets.0.readers.0.read_bytes=1448"};
/// Segments that sbcompress would merge, and no fault.
const std::vector<std::string> kSmallSegments = {"traffic.payload_bytes=100", "disturb=[]"};
/// Two readers of one segment each.
const std::vector<std::string> kTwoReaders = {
    R"(sockets=[{"readers":[{"count":2,"read_bytes":1448}]}])", "disturb=[]"};

}  // namespace

TEST_CASE("mutations of locking are found", "[explore][teeth]") {
  check({Mutation::sblock_removed, "generic", "p1-shutdown-rd", {}, {"mbuf_use_after_free"}});
  check({Mutation::sblock_removed,
         "stream_inplace",
         "p1-shutdown-rd",
         {},
         {"mbuf_use_after_free", "sbdrop"}});
  check({Mutation::flush_without_sblock,
         "consume_on_fault",
         "p1-shutdown-rd",
         {},
         {"mbuf_use_after_free"}});
  check({Mutation::disconnect_without_sblock,
         "putback_sblock",
         "p2-lost-reference",
         {},
         {"destroyed_lock", "putback_destroyed", "putback_flushed"}});
  check({Mutation::early_sbunlock, "putback_sblock", "p1-shutdown-rd", {}, {"putback_flushed"}});
  check({Mutation::append_unlocked, "generic", "p4-rst", {}, {"lock_not_held"}});
  check({Mutation::drop_unlocked, "stream_inplace", "p4-rst", {}, {"lock_not_held"}});
  check({Mutation::drop_unlocked, "per_packet", "p4-rst", {}, {"lock_not_held"}});
}

TEST_CASE("mutations of wakeups are found", "[explore][teeth]") {
  check({Mutation::wakeup_forgotten_append, "generic", "p7-relink", kEmptyBuffer, {"lost_wakeup"}});
  check({Mutation::wakeup_forgotten_append,
         "mark_inplace",
         "p7-relink",
         kEmptyBuffer,
         {"lost_wakeup"}});
  check({Mutation::wakeup_forgotten_eof, "generic", "p4-rst", kEmptyBuffer, {"lost_wakeup"}});
  check({Mutation::wakeup_forgotten_sbunlock, "generic", "p4-rst", kTwoReaders, {"lost_wakeup"}});
}

TEST_CASE("mutations of lifetimes and of the chain are found", "[explore][teeth]") {
  check({Mutation::reference_dropped,
         "generic",
         "p2-with-reference",
         {},
         {"destroyed_lock", "mbuf_use_after_free"}});
  check({Mutation::reference_dropped,
         "stream_inplace",
         "p5-rst-after-close",
         {},
         {"destroyed_lock", "mbuf_use_after_free", "sbdrop"}});
  check({Mutation::free_before_copy, "stream_inplace", "p4-rst", {}, {"mbuf_use_after_free"}});
  check({Mutation::recheck_removed, "putback_recheck", "p1-shutdown-rd", {}, {"putback_flushed"}});
  check({Mutation::tail_not_relinked, "stream_putback", "p7-relink", {}, {"sockbuf_accounting"}});
  check({Mutation::tail_moved,
         "stream_putback",
         "p7-relink",
         kOneMoreSegment,
         {"sockbuf_accounting"}});
  check({Mutation::sbfree_forgotten, "generic", "p4-rst", {}, {"sockbuf_accounting"}});
  check({Mutation::sbfree_forgotten, "steal_discard", "p4-rst", {}, {"sockbuf_accounting"}});
  check({Mutation::backlog_dropped, "linux_backlog", "p4-rst", {}, {"mbuf_leaked"}});
  check({Mutation::ownership_ignored, "linux_backlog", "p4-rst", {}, {"lock_not_held"}});
  check({Mutation::list_leaked, "steal_discard", "p4-rst", {}, {"mbuf_leaked"}});
  check({Mutation::mark_ignored, "mark_inplace", "p7-relink", kSmallSegments, {"bytes_lost"}});
}
