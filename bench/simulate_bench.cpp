// SPDX-License-Identifier: BSD-2-Clause
//
// What the simulator costs, in one run and in units of bare SimGrid: absolute times on a shared
// machine mean little, ratios taken in one run do.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "bench/simgrid_baseline.hpp"
#include "models/simulation.hpp"

namespace {

std::map<std::string, std::vector<double>> measured_ns;  // one value a repetition

std::string scenario_file(const char* name) {
  return fmt::format("{}/scenarios/{}.json", SOCKBUFSIM_SOURCE_DIR, name);
}

/// The wall time of one run, divided by the number of things that `count` finds in its report.
double run_ns(const models::LoadedScenario& loaded,
              const std::function<double(const models::Report&)>& count) {
  const auto start = std::chrono::steady_clock::now();
  const models::RunOutput output = models::simulate({&loaded});
  const std::chrono::duration<double, std::nano> wall = std::chrono::steady_clock::now() - start;
  return wall.count() / count(output.report);
}

void record(benchmark::State& state, const std::string& name, double ns) {
  state.SetIterationTime(ns * 1e-9);
  measured_ns[name].push_back(ns);
}

void frame(benchmark::State& state, const char* scenario) {
  const models::LoadedScenario loaded = models::load_scenario(
      scenario_file(scenario), {"duration_ms=100", "warmup_ms=0", "expect=[]"});
  for (auto _ : state) {
    record(state, scenario,
           run_ns(loaded, [](const models::Report& r) { return r.throughput.frames_received; }));
  }
}

void lock_loop(benchmark::State& state) {
  const models::LoadedScenario loaded = models::load_scenario(
      scenario_file("lock-loop"), {"duration_ms=100", "warmup_ms=0", "expect=[]"});
  for (auto _ : state) {
    record(state, "lock-loop",
           run_ns(loaded, [](const models::Report& r) { return r.threads.at(0).rounds; }));
  }
}

void bare_sleep_for(benchmark::State& state) {
  constexpr std::int64_t kCalls = 100'000;
  for (auto _ : state) {
    record(state, "sleep_for", bench::simgrid_sleep_for_ns(kCalls) / kCalls);
  }
}

void bare_lock_loop(benchmark::State& state) {
  constexpr std::int64_t kRounds = 50'000;
  for (auto _ : state) {
    record(state, "bare lock-loop", bench::simgrid_lock_loop_ns(kRounds) / kRounds);
  }
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void print_ratio(const char* what, const char* of, const char* to, const char* bound) {
  if (!measured_ns.contains(of) || !measured_ns.contains(to)) return;
  fmt::print("{:<58} {:6.2f}   (to be at most {})\n", what,
             median(measured_ns[of]) / median(measured_ns[to]), bound);
}

}  // namespace

// Interleaved by repetitions, so that all meet the same noise.
BENCHMARK(bare_sleep_for)->UseManualTime()->Iterations(5)->Unit(benchmark::kNanosecond);
BENCHMARK_CAPTURE(frame, 10g_generic, "10g-generic")->UseManualTime()->Iterations(5);
BENCHMARK_CAPTURE(frame, 10g_stream, "10g-stream")->UseManualTime()->Iterations(5);
BENCHMARK(bare_lock_loop)->UseManualTime()->Iterations(5);
BENCHMARK(lock_loop)->UseManualTime()->Iterations(5);

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  fmt::print("\nRatios of medians, in this run:\n");
  print_ratio("a frame of 10g-generic, in bare SimGrid sleep_for", "10g-generic", "sleep_for", "6");
  print_ratio("a frame of 10g-stream, in bare SimGrid sleep_for", "10g-stream", "sleep_for", "4");
  print_ratio("a round of lock-loop, in rounds written straight on SimGrid", "lock-loop",
              "bare lock-loop", "1");
  return 0;
}
