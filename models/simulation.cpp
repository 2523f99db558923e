// SPDX-License-Identifier: BSD-2-Clause
#include "models/simulation.hpp"

#include <algorithm>
#include <utility>

#include "models/report/collect.hpp"
#include "models/scenario/errors.hpp"
#include "models/stack.hpp"
#include "models/synthetic.hpp"
#include "models/traffic/traffic.hpp"
#include "sim/machine/machine.hpp"
#include "sim/machine/violation.hpp"

namespace models {
namespace {

/// Values of the series from which the end of the warm-up is judged.
constexpr std::int64_t kSeriesLength = 400;

sim::Engine::Options engine_options(const RunRequest& request) {
  const Scenario& scenario = request.scenario->scenario;
  sim::Engine::Options options;
  options.tie_break =
      scenario.tie_break == TieBreak::shuffle ? sim::TieBreak::shuffle : sim::TieBreak::fifo;
  options.seed = static_cast<std::uint64_t>(scenario.seed) + request.replication;
  options.switch_at_every_step = request.switch_at_every_step;
  return options;
}

sim::Machine::Options machine_options(const RunRequest& request, sim::Timeline* timeline) {
  const Scenario& scenario = request.scenario->scenario;
  sim::Machine::Options options;
  options.scheduler.costs = request.scenario->costs.machine;
  for (const CorePlace& place : request.scenario->topology) {
    options.scheduler.topology.add({place.package, place.cache});
  }
  options.scheduler.core_per_thread = request.scenario->topology.empty();
  options.scheduler.preemption = scenario.machine.preemption;
  options.cost_cv = scenario.machine.cost_cv;
  options.seed = static_cast<std::uint64_t>(scenario.seed);
  options.replication = request.replication;
  options.profile.per_instance = scenario.observe.lock_instances;
  for (const double threshold_ns : scenario.observe.wait_over_ns) {
    options.profile.wait_thresholds_ps.push_back(sim::from_ns(threshold_ns));
  }
  for (const int number : scenario.observe.number_at_least) {
    options.profile.level_cap =
        std::max(options.profile.level_cap, static_cast<std::size_t>(number));
  }
  options.warmup_ps = sim::from_ms(scenario.warmup_ms);
  options.horizon_ps = sim::from_ms(scenario.duration_ms);
  options.timeline = timeline;
  return options;
}

std::unique_ptr<sim::Timeline> make_timeline(const RunRequest& request) {
  if (!request.record_timeline) return nullptr;
  const Timeline& wanted = request.scenario->scenario.observe.timeline;
  sim::Timeline::Options options;
  options.from = sim::from_us(wanted.from_us);
  if (wanted.to_us) options.to = sim::from_us(*wanted.to_us);
  options.max_events = static_cast<std::size_t>(wanted.max_events);
  auto timeline = std::make_unique<sim::Timeline>(options);
  timeline->set_metadata("scenario", request.scenario->scenario.name);
  timeline->set_metadata("seed", std::to_string(request.scenario->scenario.seed));
  return timeline;
}

/// Records how fast things go from the start of the run on: what the warm-up is judged by.
void record_series(sim::Machine& machine, const NetworkStack& stack,
                   const SyntheticThreads& synthetic, WarmupReport& warmup, sim::Picoseconds end) {
  const sim::Picoseconds interval = std::max<sim::Picoseconds>(1, end / kSeriesLength);
  const bool bytes = stack.present();
  warmup.series_name = bytes ? "goodput_gbps" : "rounds_per_s";
  warmup.interval_ms = sim::to_ms(interval);
  const double scale = (bytes ? 8e-9 : 1.0) / sim::to_s(interval);
  machine.every(
      interval, [&stack, &synthetic, &warmup, bytes, scale, before = std::int64_t{0}]() mutable {
        const std::int64_t now = bytes ? stack.delivered_bytes_ever() : synthetic.rounds_ever();
        warmup.series.push_back(static_cast<double>(now - before) * scale);
        before = now;
      });
}

/// What nobody noticed while it happened, as nobody came by.
void check_end(const sim::Machine& machine, NetworkStack& stack, sim::RunResult& result) {
  try {
    stack.check_conservation();
  } catch (const sim::Violation& violation) {
    result.verdict = sim::Verdict::violation;
    result.incidents.push_back(machine.incident(violation.kind(), violation.what()));
  }
}

}  // namespace

RunOutput simulate(const RunRequest& request) {
  const LoadedScenario& loaded = *request.scenario;
  RunOutput output;
  output.timeline = make_timeline(request);
  const auto engine = sim::make_engine(request.engine, engine_options(request));
  sim::Machine machine(*engine, machine_options(request, output.timeline.get()));
  SyntheticThreads synthetic(machine, loaded.scenario, request.replication);
  std::unique_ptr<NetworkStack> stack;
  try {
    stack = std::make_unique<NetworkStack>(machine, loaded, request.replication, request.listener);
  } catch (const TrafficError& error) {
    throw ScenarioErrors({{loaded.path, "/traffic/file", error.what(),
                           "a capture in pcap format with TCP segments that carry data", ""}});
  }
  Report& report = output.report;
  record_series(machine, *stack, synthetic, report.warmup,
                sim::from_ms(loaded.scenario.duration_ms));

  sim::RunResult result = machine.run();
  if (result.verdict == sim::Verdict::completed) check_end(machine, *stack, result);

  collect(report, {loaded, machine, result, *stack, synthetic, request.replication});
  report.provenance.engine = engine->name();
  report.simulator.events = static_cast<double>(engine->events());
  return output;
}

}  // namespace models
