// SPDX-License-Identifier: BSD-2-Clause
//
// What the strategies cover, on programs small enough to count by hand.
#include <set>
#include <string>

#include "sim/explore/replay.hpp"
#include "sim/explore/search.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/explored.hpp"
#include "tests/support/here.hpp"
#include "tests/support/small_program.hpp"

namespace {

using sim::KernelOps;
using sim::SearchResult;
using test::kinds;
using test::search_with;
using test::SmallProgram;

/// `threads` threads of `steps` independent looks each.
void add_steps(SmallProgram& program, int threads, int steps) {
  for (int t = 0; t < threads; ++t) {
    program.thread([&program, steps](KernelOps& k) {
      for (int i = 0; i < steps; ++i) program.read(k, 0);
    });
  }
}

/// Two locks taken in both orders: deadlocks when both threads hold one, and else one of them shows
/// that the order is reversed.
void add_deadlock(SmallProgram& program) {
  for (const std::size_t first : {0U, 1U}) {
    program.thread([&program, first](KernelOps& k) {
      k.lock(program.mutex(first), test::kHere);
      k.lock(program.mutex(1 - first), test::kHere);
      k.unlock(program.mutex(1 - first));
      k.unlock(program.mutex(first));
    });
  }
}

}  // namespace

TEST_CASE("strategies have names, and only these", "[explore]") {
  for (const char* text :
       {"exhaustive", "all", "preemptions:0", "delays:3", "pct:1", "pct:12", "random", "urw"}) {
    const auto strategy = sim::parse_strategy(text);
    REQUIRE(strategy.has_value());
    CHECK(to_string(*strategy) == text);
  }
  for (const char* text : {"", "dfs", "preemptions", "preemptions:", "preemptions:-1", "pct:0",
                           "pct:x", "pct:3x", "random:1", "exhaustive:", "delays:99999999999"}) {
    CHECK_FALSE(sim::parse_strategy(text).has_value());
  }
}

TEST_CASE("schedules are written in one line and read back", "[explore]") {
  const sim::Schedule schedule = {{0, 0}, {0, 0}, {1, 0}, {0, 1}, {0, 0}, {2, 0}};
  CHECK(to_string(schedule) == "a2ba!ac");
  CHECK(sim::parse_schedule("a2ba!ac") == schedule);
  CHECK(sim::context_switches(schedule) == 3);
  for (const char* text :
       {"A", "a0", "a-1", "aa!!", "z3", "a99999999999999999999", "a100001", " a", "3"}) {
    CHECK_FALSE(sim::parse_schedule(text).has_value());
  }
  CHECK(sim::parse_schedule("")->empty());
}

TEST_CASE("without reduction every schedule is executed once", "[explore]") {
  SmallProgram program(0, 1);
  add_steps(program, 2, 3);
  const SearchResult all = search_with(program, "all");
  CHECK(all.interleavings == 20);  // C(6, 3)
  CHECK(all.complete);
  CHECK(all.exhaustive);
  CHECK(search_with(program, "exhaustive").interleavings == 1);
}

TEST_CASE("preemption bounds count as published", "[explore]") {
  SmallProgram program(0, 1);
  add_steps(program, 2, 3);
  // Two threads of three steps: one switch at an end is free. With one preemption, the second
  // thread comes in after 1 or 2 steps of the first, and runs to its end before it is left.
  CHECK(search_with(program, "preemptions:0").interleavings == 2);
  CHECK(search_with(program, "preemptions:1").interleavings == 6);
  CHECK(search_with(program, "preemptions:9").interleavings == 20);
  CHECK_FALSE(search_with(program, "preemptions:9").exhaustive);
}

TEST_CASE("delay bounds count as published", "[explore]") {
  SmallProgram program(0, 1);
  add_steps(program, 2, 3);
  // One deterministic schedule; a delay at any of the first three steps, after which the second
  // thread runs to its end.
  CHECK(search_with(program, "delays:0").interleavings == 1);
  CHECK(search_with(program, "delays:1").interleavings == 4);
  CHECK(search_with(program, "delays:99").interleavings == 20);
}

TEST_CASE("drawn schedules find a deadlock of depth 2, and repeat with the seed", "[explore]") {
  SmallProgram program(2, 0);
  add_deadlock(program);
  for (const char* strategy : {"pct:2", "random", "urw"}) {
    INFO(strategy);
    const SearchResult first = search_with(program, strategy, 500);
    CHECK(kinds(first) == std::set<std::string>{"deadlock", "lock_order_reversal"});
    CHECK(first.interleavings == 500);
    CHECK_FALSE(first.complete);
    const SearchResult second = search_with(program, strategy, 500);
    CHECK(second.violations[0].schedule == first.violations[0].schedule);
    CHECK(second.violations[0].interleavings == first.violations[0].interleavings);
  }
}

TEST_CASE("urw draws all interleavings about equally often, random does not", "[explore]") {
  // One thread of one step against one of eight: the short one's place is uniform with urw; drawn
  // by coin flips it is early.
  SmallProgram program(0, 2);
  program.thread([&](KernelOps& k) { program.write(k, 0); });
  program.thread([&](KernelOps& k) {
    for (int i = 0; i < 8; ++i) program.read(k, 0);
  });
  CHECK(search_with(program, "all").final_states == 9);
  // The last place: 1/9 of the schedules, against 1/256.
  const auto last_place = [&](const char* strategy) {
    sim::SearchOptions options;
    options.strategy = sim::parse_strategy(strategy).value();
    options.max_schedules = 300;
    return sim::search(program, options).final_states;
  };
  CHECK(last_place("urw") == 9);
  CHECK(last_place("random") < 9);
}

TEST_CASE("a replay gives the steps in words, the violation and the racing pair", "[explore]") {
  SmallProgram program(2, 0);
  add_deadlock(program);
  const auto turns = sim::make_fiber_turns();
  const sim::Replayed replayed = sim::replay(program, *turns, sim::parse_schedule("ab").value());
  CHECK_FALSE(replayed.misfit.has_value());
  REQUIRE(replayed.finding.has_value());
  CHECK(replayed.finding->kind == "deadlock");
  REQUIRE(replayed.steps.size() == 2);
  CHECK(replayed.steps[0].operation == "lock L0 at test.cpp:1");
  CHECK(replayed.steps[1].operation == "lock L1 at test.cpp:1");

  const sim::Replayed reversal = sim::replay(program, *turns, sim::parse_schedule("a4b2").value());
  CHECK(reversal.finding.value().kind == "lock_order_reversal");
  CHECK(reversal.thread == "T1");
  CHECK(reversal.steps.back().racing);
  CHECK(reversal.steps.at(3).operation == "unlock L0");
  CHECK(reversal.steps.at(3).racing);
}

TEST_CASE("a schedule that does not fit says so", "[explore]") {
  SmallProgram program(1, 1);
  add_steps(program, 2, 1);
  const auto turns = sim::make_fiber_turns();
  const auto misfit = [&](const char* text) {
    return sim::replay(program, *turns, sim::parse_schedule(text).value()).misfit.value_or("");
  };
  CHECK(misfit("ab").empty());
  CHECK(misfit("aa") == "step 2: T0 has finished already");
  CHECK(misfit("c") == "step 1 is thread c's, and there are 2 threads");
  SmallProgram violating(1, 1);
  violating.thread([&violating](KernelOps& k) {
    violating.read(k, 0);
    k.violate("broken", "in the first step");
  });
  add_steps(violating, 1, 2);
  const auto beyond = [&](const char* text) {
    return sim::replay(violating, *turns, sim::parse_schedule(text).value()).misfit.value_or("");
  };
  CHECK(beyond("ba").empty());
  CHECK(beyond("bab") == "step 3 follows step 2, which met the violation broken");
  CHECK(beyond("a9") == "step 2 follows step 1, which met the violation broken");
  CHECK(misfit("a!") == "step 1: nature has no choice in \"look at variable\" of T0");
}
