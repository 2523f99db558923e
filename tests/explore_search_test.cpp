// SPDX-License-Identifier: BSD-2-Clause
//
// The searches on small programs whose numbers of interleavings are known.
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "sim/explore/execution.hpp"
#include "sim/explore/reduced_search.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/here.hpp"
#include "tests/support/sleep_sets.hpp"
#include "tests/support/small_program.hpp"

namespace {

using sim::KernelOps;
using sim::ReducedSearch;
using test::SmallProgram;

struct Counts {
  std::uint64_t interleavings = 0;
  std::uint64_t redundant = 0;
  std::set<std::uint64_t> final_states;
  std::set<std::string> findings;
};

Counts search_reduced(SmallProgram& program) {
  const auto turns = sim::make_fiber_turns();
  sim::Execution execution(program, *turns);
  ReducedSearch search(execution, {});
  Counts counts;
  for (;;) {
    const ReducedSearch::Result result = search.advance();
    if (result == ReducedSearch::Result::exhausted) return counts;
    if (result == ReducedSearch::Result::redundant) {
      ++counts.redundant;
      continue;
    }
    execution.judge();
    ++counts.interleavings;
    counts.final_states.insert(execution.final_state());
    if (execution.finding()) counts.findings.insert(execution.finding()->kind);
  }
}

/// Every schedule, one by one.
Counts search_all(SmallProgram& program) {
  const auto turns = sim::make_fiber_turns();
  sim::Execution execution(program, *turns);
  Counts counts;
  std::vector<std::pair<sim::ThreadSet, sim::ScheduleStep>> path;  // what is still open at a node
  for (;;) {
    execution.begin();
    for (const auto& [open, step] : path) execution.step(step.thread, step.outcome);
    for (sim::ThreadSet enabled; (enabled = execution.enabled()) != 0;) {
      const auto thread = static_cast<std::uint8_t>(std::countr_zero(enabled));
      path.push_back({enabled & ~sim::bit_of(thread), {thread, 0}});
      execution.step(thread, 0);
    }
    execution.judge();
    ++counts.interleavings;
    counts.final_states.insert(execution.final_state());
    if (execution.finding()) counts.findings.insert(execution.finding()->kind);
    while (!path.empty() && path.back().first == 0) path.pop_back();
    if (path.empty()) return counts;
    auto& [open, step] = path.back();
    step.thread = static_cast<std::uint8_t>(std::countr_zero(open));
    open &= ~sim::bit_of(step.thread);
  }
}

std::uint64_t factorial(std::uint64_t n) { return n <= 1 ? 1 : n * factorial(n - 1); }

std::uint64_t binomial(std::uint64_t n, std::uint64_t k) {
  std::uint64_t value = 1;
  for (std::uint64_t i = 1; i <= k; ++i) value = value * (n - k + i) / i;
  return value;
}

}  // namespace

TEST_CASE("n threads with one critical section: n! interleavings", "[explore]") {
  for (std::size_t n = 1; n <= 6; ++n) {
    SmallProgram program(1, 1);
    for (std::size_t i = 0; i < n; ++i) {
      program.thread([&program](KernelOps& k) {
        k.lock(program.mutex(0), test::kHere);
        k.unlock(program.mutex(0));
      });
    }
    const Counts counts = search_reduced(program);
    CHECK(counts.interleavings == factorial(n));
    CHECK(counts.findings.empty());
  }
}

TEST_CASE("two threads with k critical sections each: C(2k, k) interleavings", "[explore]") {
  for (int sections = 1; sections <= 6; ++sections) {
    SmallProgram program(1, 1);
    for (int i = 0; i < 2; ++i) {
      program.thread([&program, sections](KernelOps& k) {
        for (int s = 0; s < sections; ++s) {
          k.lock(program.mutex(0), test::kHere);
          k.unlock(program.mutex(0));
        }
      });
    }
    CHECK(search_reduced(program).interleavings ==
          binomial(static_cast<std::uint64_t>(2 * sections), static_cast<std::uint64_t>(sections)));
  }
}

TEST_CASE("threads on different locks: one interleaving", "[explore]") {
  SmallProgram program(5, 0);
  for (std::size_t i = 0; i < 5; ++i) {
    program.thread([&program, i](KernelOps& k) {
      for (int s = 0; s < 3; ++s) {
        k.lock(program.mutex(i), test::kHere);
        k.unlock(program.mutex(i));
      }
    });
  }
  const Counts counts = search_reduced(program);
  CHECK(counts.interleavings == 1);
  CHECK(counts.redundant == 0);
}

TEST_CASE("what a step conflicts with may depend on the steps before it", "[explore]") {
  // T0 writes only if it is before T1. Of the orders of its write and T2's look, T1's writes and
  // T2's: what must not be missed is T1's first, T2's look, T0's write.
  SmallProgram program(1, 2);
  program.thread([&program](KernelOps& k) {
    k.lock(program.mutex(0), test::kHere);
    if (!program.flag()) {
      program.write_along(k, 0);
      k.unlock(program.mutex(0));
      k.lock(program.mutex(0), test::kHere);
    }
    program.read_along(k, 0);
    k.unlock(program.mutex(0));
  });
  program.thread([&program](KernelOps& k) {
    program.write(k, 1);
    k.lock(program.mutex(0), test::kHere);
    program.set_flag(true);
    k.unlock(program.mutex(0));
  });
  program.thread([&program](KernelOps& k) {
    program.read(k, 0);
    program.write(k, 1);
  });
  const Counts reduced = search_reduced(program);
  CHECK(reduced.final_states == search_all(program).final_states);
}

TEST_CASE("what a step comes after may be hidden by another's steps between", "[explore]") {
  // T2's look comes before T0's write, and T1's section, which writes too, before T0's or after it.
  SmallProgram program(2, 2);
  program.thread([&program](KernelOps& k) {
    program.read(k, 0);
    k.lock(program.mutex(0), test::kHere);
    program.write_along(k, 0);
    k.unlock(program.mutex(0));
  });
  program.thread([&program](KernelOps& k) {
    k.lock(program.mutex(1), test::kHere);
    program.write_along(k, 1);
    k.unlock(program.mutex(1));
    k.lock(program.mutex(0), test::kHere);
    program.write(k, 0);
    k.unlock(program.mutex(0));
  });
  program.thread([&program](KernelOps& k) { program.read(k, 0); });
  const Counts reduced = search_reduced(program);
  CHECK(reduced.final_states == search_all(program).final_states);
}

TEST_CASE("the reduction loses no final state of programs with signals", "[explore][slow]") {
  int differing = 0;
  for (std::uint64_t seed = 1; seed <= 800; ++seed) {
    SmallProgram program(1, 2);
    test::add_random_signals(program, seed);
    INFO("seed " << seed);
    const Counts reduced = search_reduced(program);
    const Counts all = search_all(program);
    CHECK(reduced.final_states == all.final_states);
    CHECK(reduced.findings == all.findings);
    CHECK(reduced.interleavings == test::SleepSetCount(program).classes());
    if (all.final_states.size() > 1) ++differing;
  }
  CHECK(differing > 100);
}

TEST_CASE("the reduction loses no final state of small random programs", "[explore][slow]") {
  for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
    SmallProgram program(2, 2);
    test::add_random_threads(program, seed);
    INFO("seed " << seed);
    const Counts reduced = search_reduced(program);
    const Counts all = search_all(program);
    CHECK(reduced.final_states == all.final_states);
    CHECK(reduced.findings == all.findings);
    CHECK(reduced.interleavings == test::SleepSetCount(program).classes());
    CHECK(reduced.final_states.size() <= reduced.interleavings);
  }
}
