// SPDX-License-Identifier: BSD-2-Clause
#include "models/synthetic.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "sim/base/assert.hpp"
#include "sim/machine/kernel_ops.hpp"

namespace models {
namespace {

using sim::Picoseconds;

Picoseconds draw_ns(const sim::Distribution& distribution, sim::Stream& stream) {
  return sim::from_ns(distribution.sample(stream));
}

int priority_of(ThreadPriority priority) {
  switch (priority) {
    case ThreadPriority::interrupt:
      return sim::kPriorityNet;
    case ThreadPriority::kernel:
      return sim::kPrioritySocket;
    case ThreadPriority::user:
      return sim::kPriorityUser;
  }
  return sim::kPriorityUser;
}

}  // namespace

/// A thread that serves one request after the other.
struct SyntheticThreads::Worker {
  sim::ThreadId thread = 0;
  Picoseconds arrived_ps = 0;
  sim::Stream stream;
};

struct SyntheticThreads::Group {
  ThreadGroup spec;
  std::string name;
  sim::LockPoint point;
  sim::Mutex* mutex = nullptr;
  sim::Distribution think;
  sim::Distribution work;
  sim::Distribution hold;
  sim::Distribution batch;
  sim::Stream arrivals;
  double left_of_gaps_ns = 0.0;  ///< what rounding to whole ps has kept back of the gaps so far
  std::deque<Worker> workers;
  std::vector<Worker*> idle;
  std::int64_t in_system = 0;
  std::int64_t offered = 0;
  SyntheticStats stats;

  Group(const ThreadGroup& group, std::uint64_t seed, std::uint32_t replication)
      : spec(group),
        name(group.name),
        point{name.c_str()},
        think(group.think_ns.value_or(DistributionSpec{0.0}).compile()),
        work(group.work_ns.compile()),
        hold(group.hold_ns.compile()),
        batch(group.batch.compile()),
        arrivals(seed, replication, "arrivals:" + name) {}
};

SyntheticThreads::SyntheticThreads(sim::Machine& machine, const Scenario& scenario,
                                   std::uint32_t replication)
    : machine_(machine),
      seed_(static_cast<std::uint64_t>(scenario.seed)),
      replication_(replication) {
  for (const LockSpec& spec : scenario.locks) {
    sim::LockClass& cls = machine.lock_profile().add_class(
        spec.name, spec.kind.value_or(scenario.machine.lock_discipline));
    cls.holder_slowdown_per_waiter = spec.holder_slowdown_per_waiter;
    cls.handoff_per_waiter_ps = sim::from_ns(spec.handoff_ns_per_waiter);
    mutexes_.push_back(std::make_unique<sim::Mutex>(cls));
  }
  for (const ThreadGroup& spec : scenario.threads) {
    Group& group = *groups_.emplace_back(std::make_unique<Group>(spec, seed_, replication_));
    if (spec.lock) {
      const auto named = [&](const auto& mutex) { return mutex->cls->name == *spec.lock; };
      const auto mutex = std::find_if(mutexes_.begin(), mutexes_.end(), named);
      SIM_ASSERT(mutex != mutexes_.end(), "a checked scenario names only locks that it declares");
      group.mutex = mutex->get();
    }
    if (spec.arrivals_per_s) {
      start_open(group);
    } else {
      start_closed(group);
    }
  }
  machine.on_warmup_end([this] {
    for (auto& group : groups_) group->stats = SyntheticStats{};
  });
}

SyntheticThreads::~SyntheticThreads() = default;

const std::string& SyntheticThreads::name(std::size_t group) const { return groups_[group]->name; }
const SyntheticStats& SyntheticThreads::stats(std::size_t group) const {
  return groups_[group]->stats;
}

/// One pass through work and critical section.
void SyntheticThreads::round(Group& group, sim::Stream& stream, sim::KernelOps& k) const {
  k.spend_exactly(sim::Work::application, draw_ns(group.work, stream));
  const Picoseconds hold_ps = draw_ns(group.hold, stream);
  if (group.mutex == nullptr) {
    k.spend_exactly(sim::Work::application, hold_ps);
    return;
  }
  k.lock(*group.mutex, group.point);
  k.spend_exactly(sim::Work::application, hold_ps);
  k.unlock(*group.mutex);
}

void SyntheticThreads::start_closed(Group& group) {
  for (int i = 0; i < group.spec.count; ++i) {
    const std::string thread_name =
        group.spec.count == 1 ? group.name : fmt::format("{}-{}", group.name, i);
    const sim::ThreadSpec spec{thread_name, priority_of(group.spec.priority),
                               group.spec.core.value_or(-1), !group.spec.loops.has_value()};
    machine_.spawn_with_role(
        spec, group.name,
        [this, &group, stream = sim::Stream(seed_, replication_, "synthetic:" + thread_name)](
            sim::KernelOps& k) mutable {
          Picoseconds think_ps = draw_ns(group.think, stream);
          if (group.spec.start_phase == StartPhase::random) {
            think_ps = static_cast<Picoseconds>(static_cast<double>(think_ps) * stream.uniform01());
          }
          for (std::int64_t n = 0; !group.spec.loops || n < *group.spec.loops; ++n) {
            if (think_ps > 0) k.pause(think_ps);
            const Picoseconds from = k.now();
            round(group, stream, k);
            const Picoseconds end = k.now();  // work that is still pending comes first
            ++group.stats.rounds;
            ++rounds_ever_;
            group.stats.response.add(end - from);
            k.user_return();
            think_ps = draw_ns(group.think, stream);
          }
        });
  }
}

// --- open groups
// ----------------------------------------------------------------------------------

void SyntheticThreads::start_open(Group& group) { arrive(group); }

/// Draws the next arrival; its callback draws the one after it.
void SyntheticThreads::arrive(Group& group) {
  const double rate_per_s = *group.spec.arrivals_per_s * group.spec.count;
  const double gap_ns = group.arrivals.exponential(1e9 / rate_per_s) + group.left_of_gaps_ns;
  const Picoseconds gap_ps = std::max<Picoseconds>(0, sim::from_ns(gap_ns));
  group.left_of_gaps_ns = gap_ns - sim::to_ns(gap_ps);
  machine_.at(machine_.now() + gap_ps, [this, &group] {
    const std::int64_t size = std::llround(group.batch.sample(group.arrivals));
    for (std::int64_t i = 0; i < size; ++i) admit(group);
    if (!group.spec.loops || group.offered < *group.spec.loops) arrive(group);
  });
}

void SyntheticThreads::admit(Group& group) {
  if (group.spec.loops && group.offered >= *group.spec.loops) return;
  ++group.offered;
  ++group.stats.arrivals;
  // One is served, `queue_limit` wait.
  if (group.spec.queue_limit && group.in_system > *group.spec.queue_limit) {
    ++group.stats.rejected;
    return;
  }
  ++group.in_system;
  if (group.idle.empty()) add_worker(group);
  Worker& worker = *group.idle.back();
  group.idle.pop_back();
  worker.arrived_ps = machine_.now();
  machine_.schedule(worker.thread);
}

void SyntheticThreads::add_worker(Group& group) {
  const std::string thread_name = fmt::format("{}-{}", group.name, group.workers.size());
  Worker& worker = group.workers.emplace_back(
      Worker{0, 0, sim::Stream(seed_, replication_, "synthetic:" + thread_name)});
  group.idle.push_back(&worker);
  const sim::ThreadSpec spec{thread_name, priority_of(group.spec.priority),
                             group.spec.core.value_or(-1), true};
  worker.thread = machine_.spawn_with_role(
      spec, group.name,
      [this, &group, &worker](sim::KernelOps& k) { serve_forever(group, worker, k); });
}

void SyntheticThreads::serve_forever(Group& group, Worker& worker, sim::KernelOps& k) {
  for (;;) {
    k.await_interrupt();
    round(group, worker.stream, k);
    const Picoseconds end = k.now();  // work that is still pending comes first
    --group.in_system;
    ++group.stats.rounds;
    ++rounds_ever_;
    group.stats.response.add(end - worker.arrived_ps);
    group.idle.push_back(&worker);
  }
}

}  // namespace models
