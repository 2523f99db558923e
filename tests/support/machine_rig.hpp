// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/engine/simgrid_engine.hpp"
#include "sim/machine/machine.hpp"

namespace test {

using Log = std::vector<std::string>;

/// A machine of `cores` cores of one package, each with a cache of its own, where everything is
/// free unless `costs` says otherwise. Threads are scripts that log what they do, as `what@us`.
struct MachineRig {
  explicit MachineRig(int cores, sim::MachineCosts costs = {}, bool preemption = true)
      : MachineRig(apart(cores), costs, preemption) {}
  MachineRig(const std::vector<sim::CorePlace>& places, sim::MachineCosts costs,
             bool preemption = true) {
    sim::Machine::Options options;
    for (const sim::CorePlace& place : places) options.scheduler.topology.add(place);
    options.scheduler.costs = costs;
    options.scheduler.preemption = preemption;
    options.horizon_ps = kHorizon;
    options.timeline = &timeline;
    engine = sim::make_simgrid_engine({});
    machine = std::make_unique<sim::Machine>(*engine, options);
  }

  sim::LockClass& lock_class(const std::string& name, sim::LockKind kind) {
    return machine->lock_profile().add_class(name, kind);
  }
  /// The figures of the class that was registered first.
  const sim::LockFigures& figures() const { return machine->lock_profile().profile(0).figures; }

  sim::ThreadId spawn(const std::string& name, int priority, int core,
                      std::function<void(sim::KernelOps&)> body) {
    return machine->spawn({name, priority, core, false}, std::move(body));
  }
  /// A thread that sleeps until `us`, then does `body`.
  void spawn_at(int us, const std::string& name, int priority, int core,
                std::function<void(sim::KernelOps&)> body) {
    const sim::ThreadId id = spawn(name, priority, core, [work = std::move(body)](auto& k) {
      k.await_interrupt();
      work(k);
    });
    machine->at(us * sim::kMicrosecond, [this, id] { machine->schedule(id); });
  }

  /// Works for so many microseconds.
  static void work(sim::KernelOps& k, int us) {
    k.spend(sim::Work::application, us * sim::kMicrosecond);
  }
  void say(sim::KernelOps& k, const std::string& what) {
    log.push_back(what + "@" + std::to_string(k.now() / sim::kMicrosecond));
  }
  /// What `core` did of `work`, in us.
  double us_of(int core, sim::Work work) const {
    return sim::to_us(machine->cpu_accounting().total_ps(core, work));
  }

  static std::vector<sim::CorePlace> apart(int cores) {
    std::vector<sim::CorePlace> places;
    for (int core = 0; core < cores; ++core) places.push_back({0, core});
    return places;
  }

  /// What the timeline shows of a thread's work, as `what@from-to` in us.
  Log work_of(const std::string& thread) const {
    Log pieces;
    timeline.visit(
        [&](const sim::Timeline::Slice& slice) {
          if (slice.category != "work" || slice.track != thread) return;
          pieces.push_back(std::string(slice.name) + "@" +
                           std::to_string(slice.start / sim::kMicrosecond) + "-" +
                           std::to_string(slice.end / sim::kMicrosecond));
        },
        [](const sim::Timeline::Arrow&) {});
    return pieces;
  }

  static constexpr sim::Picoseconds kHorizon = 1'000 * sim::kMicrosecond;
  sim::Timeline timeline;
  std::unique_ptr<sim::Engine> engine;
  std::unique_ptr<sim::Machine> machine;
  Log log;
};

}  // namespace test
