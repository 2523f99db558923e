// SPDX-License-Identifier: BSD-2-Clause
//
// What an exploration costs: interleavings of the mail's race a second, in units of bare switches
// of Boost.Context's fibers, and what a second process gains.
#include <benchmark/benchmark.h>

#include <boost/context/fiber.hpp>
#include <chrono>
#include <utility>

#include "bench/measured.hpp"
#include "models/explore/explored_scenario.hpp"
#include "models/scenario/load.hpp"
#include "sim/explore/shared_search.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using Nanoseconds = std::chrono::duration<double, std::nano>;

/// The mail's race with more reads and segments.
const std::vector<std::string> kLarge = {"explore.segments=4", "explore.reads=2"};

/// One search: its time a fiber switch and an interleaving. A step is two switches, and so is
/// bringing a thread to its first one.
void explore_race(benchmark::State& state) {
  const auto loaded = models::load_scenario(bench::scenario_file("close-during-copyout"));
  models::ExploredScenario program(loaded.scenario, loaded.path);
  constexpr int kSearches = 60;
  for (auto _ : state) {
    double interleavings = 0;
    double switches = 0;
    const auto start = Clock::now();
    for (int i = 0; i < kSearches; ++i) {
      const sim::SearchResult result = sim::search(program, {});
      const auto executed = static_cast<double>(result.interleavings);
      interleavings += executed;
      switches += 2.0 * (static_cast<double>(result.steps) +
                         executed * static_cast<double>(program.threads()));
    }
    const double ns = Nanoseconds(Clock::now() - start).count();
    bench::record(state, "explored switch", ns / switches);
    bench::record(state, "interleaving", ns / interleavings);
  }
}

void bare_fiber_switch(benchmark::State& state) {
  constexpr int kSwitches = 2'000'000;
  bool end = false;
  boost::context::fiber other([&end](boost::context::fiber&& from) {
    while (!end) from = std::move(from).resume();
    return std::move(from);
  });
  for (auto _ : state) {
    const auto start = Clock::now();
    for (int i = 0; i < kSwitches / 2; ++i) other = std::move(other).resume();
    bench::record(state, "bare fiber switch",
                  Nanoseconds(Clock::now() - start).count() / kSwitches);
  }
  end = true;
  other = std::move(other).resume();
}

void explore_with_jobs(benchmark::State& state, int jobs) {
  const auto loaded = models::load_scenario(bench::scenario_file("close-during-copyout"), kLarge);
  models::ExploredScenario program(loaded.scenario, loaded.path);
  sim::SharedSearchOptions options;
  options.jobs = jobs;
  for (auto _ : state) {
    const auto start = Clock::now();
    const sim::SearchResult result = sim::search_shared(program, options);
    benchmark::DoNotOptimize(result.interleavings);
    bench::record(state, jobs == 1 ? "one job" : "two jobs",
                  Nanoseconds(Clock::now() - start).count());
  }
}

}  // namespace

BENCHMARK(bare_fiber_switch)->UseManualTime()->Iterations(5)->Unit(benchmark::kNanosecond);
BENCHMARK(explore_race)->UseManualTime()->Iterations(5)->Unit(benchmark::kNanosecond);
BENCHMARK_CAPTURE(explore_with_jobs, one, 1)->UseManualTime()->Iterations(3);
BENCHMARK_CAPTURE(explore_with_jobs, two, 2)->UseManualTime()->Iterations(3);

void bench::print_explore_ratios() {
  print_rate("interleavings of the mail's race explored a second", "interleaving", "100000");
  print_ratio("their cost, in as many bare fiber switches", "explored switch", "bare fiber switch",
              "4");
  print_ratio("an exploration with two jobs, in times of one", "two jobs", "one job", "0.56");
}
