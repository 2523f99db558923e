// SPDX-License-Identifier: BSD-2-Clause
//
// How small counterexamples get, what their threads are called, and what a hang says of itself.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "models/explore/end.hpp"
#include "models/explore/explored_scenario.hpp"
#include "models/explore/schedule_file.hpp"
#include "models/explore/shrink.hpp"
#include "models/explore/smaller.hpp"
#include "models/scenario/load.hpp"
#include "sim/explore/replay.hpp"
#include "sim/explore/search.hpp"
#include "sim/machine/thread.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/explored.hpp"

namespace {

using Names = std::vector<std::string>;

const std::string kClose = "p2-kernel-close";
const std::string kPutsBack = "receive.algorithm=stream_putback";

models::LoadedScenario race(const std::string& name, const std::vector<std::string>& sets) {
  return models::load_scenario(SOCKBUFSIM_SOURCE_DIR "/scenarios/races/" + name + ".json", sets);
}

Names thread_names_of(const models::Scenario& scenario) {
  const models::ExploredScenario program(scenario, "text");
  Names names;
  for (std::size_t i = 0; i < program.threads(); ++i) names.emplace_back(program.thread_name(i));
  return names;
}

/// The kernel's close pulled from under a reader's copy, as small as it gets. It is a scenario that
/// can be loaded again, and leads to what it led to.
models::Counterexample smallest_flush(const std::vector<std::string>& more,
                                      const sim::ShrinkOptions& options = {.max_executions = 5'000,
                                                                           .stop = {}}) {
  std::vector<std::string> sets = {kPutsBack, "explore.segments=0"};
  sets.insert(sets.end(), more.begin(), more.end());
  const auto loaded = race(kClose, sets);
  const sim::SearchResult result = test::explore(loaded, "preemptions:1", 20'000);
  const auto found =
      std::find_if(result.violations.begin(), result.violations.end(),
                   [](const auto& v) { return v.finding.kind == "putback_flushed"; });
  REQUIRE(found != result.violations.end());
  models::Counterexample small =
      models::shrink(loaded.scenario, loaded.path, "putback_flushed", found->schedule, options);
  models::ScheduleFile file;
  file.scenario = small.scenario;
  file.threads = thread_names_of(small.scenario);
  file.schedule = small.schedule;
  file.expected = {"putback_flushed", ""};
  const auto read = models::parse_schedule_file(models::dump_schedule_file(file), "x.json");
  models::ExploredScenario program(read.scenario, "x.json");
  const auto turns = sim::make_fiber_turns();
  const sim::Replayed replayed = sim::replay(program, *turns, read.schedule);
  CHECK_FALSE(replayed.misfit.has_value());
  REQUIRE(replayed.finding.has_value());
  CHECK(replayed.finding->kind == "putback_flushed");
  CHECK(sim::context_switches(small.schedule) == 2);
  return small;
}

bool lacks(const models::Counterexample& small, const std::string& what) {
  return std::find(small.left_out.begin(), small.left_out.end(), what) != small.left_out.end();
}

std::string deadlock_of(const std::vector<std::string>& sets) {
  std::vector<std::string> all = {"receive.algorithm=putback_ref", "explore.buffered_segments=0",
                                  "explore.segments=0"};
  all.insert(all.end(), sets.begin(), sets.end());
  for (const auto& found : test::explore(race("p1-shutdown-rd", all), "exhaustive").violations) {
    if (found.finding.kind == "deadlock") return found.finding.message;
  }
  return "";
}

}  // namespace

TEST_CASE("a reader that a counterexample does not need is left out", "[explore][shrink]") {
  const auto small = smallest_flush(
      {R"(sockets.0.readers=[{"name":"A","file_ref":false},{"name":"B","file_ref":false}])"});
  CHECK(thread_names_of(small.scenario) == Names{"B", "kernel_close"});
  CHECK(lacks(small, "the reader A"));
}

TEST_CASE("a socket that a counterexample does not need is left out", "[explore][shrink]") {
  const auto twice = smallest_flush({"sockets.0.count=2"});
  CHECK(thread_names_of(twice.scenario) == Names{"reader", "kernel_close"});
  CHECK(lacks(twice, "1 of 2 sockets"));
  // The disturbance is for the second one, which becomes the first.
  const auto other = smallest_flush(
      {R"(sockets=[{"readers":[{"name":"idle"}]},{"readers":[{"name":"R","file_ref":false}]}])",
       "disturb.1.socket=1"});
  CHECK(thread_names_of(other.scenario) == Names{"R", "kernel_close"});
  CHECK(other.scenario.disturb.back().socket == 0);
}

TEST_CASE("synthetic threads that a counterexample does not need are left out",
          "[explore][shrink]") {
  const auto small = smallest_flush(
      {R"(locks=[{"name":"L"}])",
       R"(threads=[{"name":"bg","count":2,"lock":"L","think_ns":10,"hold_ns":10}])"});
  CHECK(thread_names_of(small.scenario) == Names{"reader", "kernel_close"});
  CHECK(lacks(small, "the threads bg"));
}

TEST_CASE("threads without a step are left out, however little is searched", "[explore][shrink]") {
  const auto small = smallest_flush(
      {R"(threads=[{"name":"bg","count":2,"think_ns":10},{"name":"one","think_ns":10}])"});
  const auto loaded = race(
      kClose, {kPutsBack, "explore.segments=0",
               R"(threads=[{"name":"bg","count":2,"think_ns":10},{"name":"one","think_ns":10}])"});
  const auto unsearched =
      models::shrink(loaded.scenario, loaded.path, "putback_flushed",
                     sim::parse_schedule("a3b4a2").value(), {.max_executions = 0, .stop = {}});
  CHECK(thread_names_of(unsearched.scenario) == Names{"reader", "kernel_close"});
  CHECK(sim::to_string(unsearched.schedule) == "a3b4a2");
  CHECK(lacks(unsearched, "the thread one"));
  CHECK(lacks(small, "the thread one"));
}

TEST_CASE("what is one step smaller can be loaded, and signals find their readers",
          "[explore][shrink]") {
  const auto loaded = race(
      "p6-signal",
      {R"(sockets=[{"count":2,"readers":[{"name":"A"},{"name":"B","count":2}]},{"readers":[{}]}])",
       R"(disturb=[{"do":"signal","at_us":1,"reader":2},)"
       R"({"do":"second_reader","at_us":1,"socket":2},)"
       R"({"do":"second_reader","at_us":1,"socket":2},)"
       R"({"do":"signal","at_us":1,"socket":2,"reader":2},)"
       R"({"do":"page_fault","socket":1,"sleep_us":5,"probability":0.5}])"});
  std::vector<std::string> texts;
  std::vector<std::pair<int, int>> signals;  // to reader (of socket): the first and the last signal
  for (const models::SmallerScenario& variant : models::smaller(loaded.scenario)) {
    INFO(variant.left_out);
    texts.push_back(variant.left_out);
    CHECK_NOTHROW(models::load_scenario_text(models::dump_scenario(variant.scenario), "x.json"));
    std::vector<int> readers;
    for (const models::Disturb& d : variant.scenario.disturb) {
      if (d.action == models::DisturbKind::signal) readers.push_back(d.reader.value());
    }
    if (readers.size() == 2) signals.emplace_back(readers[0], readers[1]);
  }
  CHECK(texts == Names{"1 of 1 arriving segments", "1 of 2 buffered segments",
                       "the disturbance signal", "the disturbance second_reader",
                       "the disturbance signal", "1 of 3 sockets", "the reader A", "1 of 3 readers",
                       "1 of 1 readers"});
  using Pairs = std::vector<std::pair<int, int>>;
  CHECK(signals == Pairs{{2, 2}, {2, 2}, {2, 1}, {2, 2}, {1, 2}, {1, 2}, {2, 1}});
}

TEST_CASE("a reader keeps the name that it was given", "[explore]") {
  const auto names = [](const std::string& sockets) {
    return thread_names_of(race(kClose, {"sockets=" + sockets}).scenario);
  };
  CHECK(names(R"([{"readers":[{"name":"A"},{"name":"B"},{},{"name":"nic"}]}])") ==
        Names{"A", "B", "reader2", "nic", "nic2", "kernel_close"});
  CHECK(names(R"([{"readers":[{"name":"A"},{"name":"A"},{"count":2},{"name":"reader2"}]}])") ==
        Names{"A", "A2", "reader2", "reader3", "reader22", "nic", "kernel_close"});
  CHECK(names(R"([{"count":2,"readers":[{"name":"A"}]}])") ==
        Names{"A", "A2", "nic0", "nic1", "kernel_close"});
}

TEST_CASE("the low-water mark does not sink while a counterexample shrinks", "[explore][shrink]") {
  const auto loaded = race(kClose, {kPutsBack});
  REQUIRE(loaded.scenario.explore.buffered_segments == 2);
  CHECK(models::explored_low_water(loaded.scenario) == 2896);
  int fewer = 0;
  for (const models::SmallerScenario& variant : models::smaller(loaded.scenario)) {
    CHECK(models::explored_low_water(variant.scenario) == 2896);
    fewer += variant.scenario.explore.buffered_segments < 2 ? 1 : 0;
  }
  CHECK(fewer == 1);
}

TEST_CASE("a reader sleeps below the low-water mark that explore asks for", "[explore]") {
  const auto steps = [](std::vector<std::string> sets) {
    sets.insert(sets.end(), {kPutsBack, "disturb=[]", "explore.segments=0"});
    const auto loaded = race(kClose, sets);
    models::ExploredScenario program(loaded.scenario, loaded.path);
    const auto turns = sim::make_fiber_turns();
    return sim::replay(program, *turns, sim::parse_schedule("a4").value()).misfit.value_or("");
  };
  CHECK(steps({"explore.buffered_segments=1"}).empty());
  CHECK_THAT(steps({"explore.buffered_segments=1", "explore.low_water=2896"}),
             Catch::Matchers::ContainsSubstring("reader cannot go on, it waits to wake"));
  CHECK(steps({"explore.buffered_segments=2", "explore.low_water=65536"}) !=
        steps({"explore.buffered_segments=2"}));  // the socket's own mark, 32768
}

TEST_CASE("a hang tells who waits for whom", "[explore]") {
  CHECK(deadlock_of({"receive.sblock=sx"}) ==
        "shutdown_rd waits for so_rcv_sx (sblock), which reader holds, who sleeps in sbwait for "
        "data that does not come");
  CHECK(deadlock_of({"receive.sblock=flag", "receive.algorithm=stream_inplace"}) ==
        "shutdown_rd waits for sblock, which reader holds, who sleeps in sbwait for data that does "
        "not come");
}

TEST_CASE("a circle of threads is told once round, and a chain to its end", "[explore]") {
  using Where = sim::ThreadEnd::Where;
  sim::LockClass a_class;
  a_class.name = "A";
  sim::LockClass b_class;
  b_class.name = "B";
  sim::Mutex a(a_class);
  sim::Mutex b(b_class);
  std::vector<models::ExploredThread> threads(3);
  std::vector<sim::Thread> owners(3);
  for (std::uint32_t i = 0; i < 3; ++i) {
    threads[i].name = "T" + std::to_string(i);
    owners[i].id = i;
  }
  std::vector<sim::ThreadEnd> ends = {{Where::waits, &a, nullptr}, {Where::waits, &b, nullptr}, {}};
  const auto message = [&](std::size_t owner_of_a, std::size_t owner_of_b) {
    a.owner = &owners[owner_of_a];
    b.owner = &owners[owner_of_b];
    const auto finding = models::judge_end(ends, threads, {}, models::MbufPool());
    REQUIRE(finding.has_value());
    CHECK(finding->kind == "deadlock");
    return finding->message;
  };
  CHECK(message(1, 0) == "T0 waits for A, which T1 holds, who waits for B, which T0 holds");
  CHECK(message(1, 2) ==
        "T0 waits for A, which T1 holds, who waits for B, which T2 holds, who has ended");
  CHECK(message(2, 2) == "T0 waits for A, which T2 holds, who has ended");
}
