// SPDX-License-Identifier: BSD-2-Clause
//
// What the simulator costs, in one run and in units of bare SimGrid, of a bare event loop and of
// its other engine: absolute times on a shared machine mean little, ratios taken in one run do.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <string>

#include "bench/heap_baseline.hpp"
#include "bench/measured.hpp"
#include "bench/simgrid_baseline.hpp"
#include "models/simulation.hpp"

namespace {

using bench::record;
using bench::scenario_file;

/// The wall time of one run, divided by the number of things that `count` finds in its report.
double run_ns(const models::RunRequest& request,
              const std::function<double(const models::Report&)>& count) {
  const auto start = std::chrono::steady_clock::now();
  const models::RunOutput output = models::simulate(request);
  const std::chrono::duration<double, std::nano> wall = std::chrono::steady_clock::now() - start;
  return wall.count() / count(output.report);
}

models::RunRequest request_for(const models::LoadedScenario& loaded, sim::EngineKind engine) {
  models::RunRequest request;
  request.scenario = &loaded;
  request.engine = engine;
  return request;
}

double frames(const models::Report& report) { return report.throughput.frames_received; }
double rounds(const models::Report& report) { return report.threads.at(0).rounds; }

/// What the series of the scenario on that engine is called.
std::string series(const char* scenario, sim::EngineKind engine) {
  return engine == sim::EngineKind::fiber ? fmt::format("{} on fibers", scenario) : scenario;
}

void frame(benchmark::State& state, const char* scenario, sim::EngineKind engine) {
  const models::LoadedScenario loaded = models::load_scenario(
      scenario_file(scenario), {"duration_ms=100", "warmup_ms=0", "expect=[]"});
  for (auto _ : state) {
    record(state, series(scenario, engine), run_ns(request_for(loaded, engine), frames));
  }
}

void lock_loop(benchmark::State& state, sim::EngineKind engine) {
  const models::LoadedScenario loaded = models::load_scenario(
      scenario_file("lock-loop"), {"duration_ms=100", "warmup_ms=0", "expect=[]"});
  for (auto _ : state) {
    record(state, series("lock-loop", engine), run_ns(request_for(loaded, engine), rounds));
  }
}

/// Without the shortcuts that save most switches: what the engines themselves cost.
void frame_switching_always(benchmark::State& state, sim::EngineKind engine) {
  const models::LoadedScenario loaded = models::load_scenario(
      scenario_file("10g-generic"), {"duration_ms=30", "warmup_ms=0", "expect=[]"});
  models::RunRequest request = request_for(loaded, engine);
  request.switch_at_every_step = true;
  for (auto _ : state) {
    record(state, series("switching always", engine), run_ns(request, frames));
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

void heap_lock_loop(benchmark::State& state) {
  constexpr std::int64_t kRounds = 200'000;
  for (auto _ : state) {
    record(state, "heap lock-loop", bench::heap_lock_loop_ns(kRounds) / kRounds);
  }
}

}  // namespace

// Interleaved by repetitions, so that all meet the same noise.
BENCHMARK(bare_sleep_for)->UseManualTime()->Iterations(5)->Unit(benchmark::kNanosecond);
BENCHMARK_CAPTURE(frame, 10g_generic, "10g-generic", sim::EngineKind::simgrid)
    ->UseManualTime()
    ->Iterations(5);
BENCHMARK_CAPTURE(frame, 10g_generic_on_fibers, "10g-generic", sim::EngineKind::fiber)
    ->UseManualTime()
    ->Iterations(5);
BENCHMARK_CAPTURE(frame, 10g_stream, "10g-stream", sim::EngineKind::simgrid)
    ->UseManualTime()
    ->Iterations(5);
BENCHMARK_CAPTURE(frame_switching_always, simgrid, sim::EngineKind::simgrid)
    ->UseManualTime()
    ->Iterations(5);
BENCHMARK_CAPTURE(frame_switching_always, on_fibers, sim::EngineKind::fiber)
    ->UseManualTime()
    ->Iterations(5);
BENCHMARK(bare_lock_loop)->UseManualTime()->Iterations(5);
BENCHMARK_CAPTURE(lock_loop, simgrid, sim::EngineKind::simgrid)->UseManualTime()->Iterations(5);
BENCHMARK_CAPTURE(lock_loop, on_fibers, sim::EngineKind::fiber)->UseManualTime()->Iterations(5);
BENCHMARK(heap_lock_loop)->UseManualTime()->Iterations(5);

void bench::print_simulate_ratios() {
  print_ratio("a frame of 10g-generic, in bare SimGrid sleep_for", "10g-generic", "sleep_for", "6");
  print_ratio("a frame of 10g-stream, in bare SimGrid sleep_for", "10g-stream", "sleep_for", "4");
  print_ratio("a round of lock-loop, in rounds written straight on SimGrid", "lock-loop",
              "bare lock-loop", "1");
  print_ratio("a frame of 10g-generic on fibers, in frames on SimGrid", "10g-generic on fibers",
              "10g-generic", "0.2");
  print_ratio("the same when every step switches: the engines alone", "switching always on fibers",
              "switching always", nullptr);
  print_ratio("a frame on fibers, in frames on SimGrid where every step switches",
              "10g-generic on fibers", "switching always", nullptr);
  print_ratio("a round of lock-loop on fibers, in rounds on SimGrid", "lock-loop on fibers",
              "lock-loop", "0.2");
  print_ratio("a round of lock-loop on fibers, in callbacks on a bare heap", "lock-loop on fibers",
              "heap lock-loop", "3");
}
