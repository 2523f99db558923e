// SPDX-License-Identifier: BSD-2-Clause
//
// What an exploration costs: interleavings of the mail's race a second, in units of bare switches
// of Boost.Context's fibers, and what a second process gains.
#include <benchmark/benchmark.h>

#include <boost/context/fiber.hpp>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "bench/measured.hpp"
#include "models/explore/explored_scenario.hpp"
#include "models/scenario/load.hpp"
#include "sim/explore/execution.hpp"
#include "sim/explore/reduced_search.hpp"
#include "sim/explore/shared_search.hpp"
#include "sim/explore/turns.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using Nanoseconds = std::chrono::duration<double, std::nano>;

/// The mail's race with more reads and segments.
const std::vector<std::string> kLarge = {"explore.segments=4", "explore.reads=2"};

using boost::context::fiber;

/// A fiber that does nothing but give the turn back, until `end`.
fiber idle_fiber(const bool& end) {
  return fiber([&end](fiber&& from) {
    while (!end) from = std::move(from).resume();
    return std::move(from);
  });
}

/// Between two stacks, to and fro: the processor foresees every jump, or none, as the code lies.
void bare_fiber_switch(benchmark::State& state) {
  constexpr int kSwitches = 2'000'000;
  bool end = false;
  fiber other = idle_fiber(end);
  for (auto _ : state) {
    const auto start = Clock::now();
    for (int i = 0; i < kSwitches / 2; ++i) other = std::move(other).resume();
    bench::record(state, "bare fiber switch",
                  Nanoseconds(Clock::now() - start).count() / kSwitches);
  }
  end = true;
  other = std::move(other).resume();
}

/// Who takes a turn, in the order of the search: each thread is brought to its first step, and then
/// the steps.
std::vector<std::uint8_t> turns_of_the_search(sim::Program& program) {
  const std::unique_ptr<sim::Turns> turns = sim::make_fiber_turns();
  sim::Execution execution(program, *turns);
  sim::ReducedSearch search(execution, {});
  std::vector<std::uint8_t> order;
  using Result = sim::ReducedSearch::Result;
  for (Result result; (result = search.advance()) != Result::exhausted;) {
    if (result != Result::interleaving) continue;
    for (std::size_t i = 0; i < program.threads(); ++i) {
      order.push_back(static_cast<std::uint8_t>(i));
    }
    for (const sim::ScheduleStep& step : search.schedule()) order.push_back(step.thread);
  }
  return order;
}

double ns_since(Clock::time_point start) { return Nanoseconds(Clock::now() - start).count(); }

/// What the search costs, and as many switches as it counts, to the same threads in the same order,
/// with nothing else. A step is two switches, and so is bringing a thread to its first one. In turn
/// and in short slices, so that what else the machine does meets both.
void explore_race(benchmark::State& state) {
  const auto loaded = models::load_scenario(bench::scenario_file("close-during-copyout"));
  models::ExploredScenario program(loaded.scenario, loaded.path);
  const std::vector<std::uint8_t> order = turns_of_the_search(program);
  bool end = false;
  std::vector<fiber> threads;
  for (std::size_t i = 0; i < program.threads(); ++i) threads.push_back(idle_fiber(end));
  constexpr int kSlices = 30;
  constexpr int kSearches = 4;
  for (auto _ : state) {
    double searching_ns = 0;
    double switching_ns = 0;
    double interleavings = 0;
    double steps = 0;
    for (int slice = 0; slice < kSlices; ++slice) {
      auto start = Clock::now();
      for (int i = 0; i < kSearches; ++i) {
        const sim::SearchResult result = sim::search(program, {});
        interleavings += static_cast<double>(result.interleavings);
        steps += static_cast<double>(result.steps);
      }
      searching_ns += ns_since(start);
      start = Clock::now();
      for (int i = 0; i < kSearches; ++i) {
        for (const std::uint8_t thread : order) {
          threads[thread] = std::move(threads[thread]).resume();
        }
      }
      switching_ns += ns_since(start);
    }
    const double switches = 2.0 * (steps + interleavings * static_cast<double>(program.threads()));
    bench::record(state, "bare switch in that order", switching_ns / switches);
    bench::record(state, "explored switch", searching_ns / switches);
    bench::record(state, "interleaving", searching_ns / interleavings);
  }
  end = true;
  for (fiber& thread : threads) thread = std::move(thread).resume();
}

/// One job and two, one after the other.
void explore_with_jobs(benchmark::State& state) {
  const auto loaded = models::load_scenario(bench::scenario_file("close-during-copyout"), kLarge);
  models::ExploredScenario program(loaded.scenario, loaded.path);
  for (auto _ : state) {
    for (const int jobs : {1, 2}) {
      sim::SharedSearchOptions options;
      options.jobs = jobs;
      const auto start = Clock::now();
      const sim::SearchResult result = sim::search_shared(program, options);
      benchmark::DoNotOptimize(result.interleavings);
      bench::record(state, jobs == 1 ? "one job" : "two jobs", ns_since(start));
    }
  }
}

}  // namespace

BENCHMARK(bare_fiber_switch)->UseManualTime()->Iterations(5)->Unit(benchmark::kNanosecond);
BENCHMARK(explore_race)->UseManualTime()->Iterations(5)->Unit(benchmark::kNanosecond);
BENCHMARK(explore_with_jobs)->UseManualTime()->Iterations(5);

void bench::print_explore_ratios() {
  print_rate("interleavings of the mail's race explored a second", "interleaving", "100000");
  print_paired_ratio("their cost, in as many bare fiber switches", "explored switch",
                     "bare switch in that order", "4");
  print_ratio("the same in switches to and fro between two stacks", "explored switch",
              "bare fiber switch", nullptr);
  print_paired_ratio("an exploration with two jobs, in times of one", "two jobs", "one job",
                     "0.56");
}
