// SPDX-License-Identifier: BSD-2-Clause
//
// Where the time of the cores goes: what threads do, and what interrupts, clock ticks and IPIs take
// away from them.
#include <algorithm>
#include <utility>

#include "sim/base/assert.hpp"
#include "sim/machine/scheduler.hpp"

namespace sim {

void Scheduler::charge(int core, Work work, Picoseconds from_ps, Picoseconds to_ps) {
  if (to_ps > from_ps) accounting_.charge(core, work, from_ps, to_ps);
}

void Scheduler::occupy(Core& core, Work work, Picoseconds from_ps, Picoseconds to_ps) {
  if (to_ps > from_ps) {
    std::erase_if(core.ahead, [now = engine_.now()](const Ahead& one) { return one.to_ps <= now; });
    core.ahead.push_back({work, from_ps, to_ps});
    charge(core.index, work, from_ps, to_ps);
  }
  core.free_at_ps = std::max(core.free_at_ps, to_ps);
}

void Scheduler::account(Thread& thread, Picoseconds upto_ps) {
  if (upto_ps <= thread.run_from_ps) return;
  Picoseconds from = thread.run_from_ps;
  const auto bill = [&](Work work, Picoseconds piece) {
    charge(thread.core, work, from, from + piece);
    if (observer_) observer_->worked(thread, work, from, from + piece);
    from += piece;
  };
  if (thread.spinning) {
    bill(Work::spin, upto_ps - from);
  } else {
    thread.pending.consume(upto_ps - from, bill);
  }
  SIM_ASSERT(from == upto_ps, "thread " + thread.name + " occupied a core without any work");
  thread.run_from_ps = upto_ps;
}

Picoseconds Scheduler::due_ps(const Thread& thread) const {
  const Picoseconds from = std::max(engine_.now(), thread.run_from_ps);
  return from + (thread.working_off ? thread.pending.total_ps() : 0);
}

void Scheduler::close_accounts() {
  const Picoseconds now = engine_.now();
  for (Core& core : cores_) {
    for (const Ahead& one : core.ahead) {
      accounting_.refund(core.index, one.work, std::max(one.from_ps, now), one.to_ps);
    }
    if (core.running == nullptr) {
      charge(core.index, Work::idle, core.idle_from_ps, now);
    } else {
      account(*core.running, now);
    }
  }
}

// --- what is taken away
// -----------------------------------------------------------------------------------

/// `core` makes another one look at its queue. That takes its time, until the date returned.
Picoseconds Scheduler::send_ipi(int core) {
  const Picoseconds cost = options_.costs.ipi_ps;
  return cost == 0 ? engine_.now()
                   : take_time(cores_[static_cast<std::size_t>(core)], Work::wakeup, cost);
}

void Scheduler::tick() {
  for (const Core& core : cores_) {
    if (core.running != nullptr) interrupt(core.index, options_.costs.sched_tick_ps, [] {});
  }
}

/// Takes the next `duration_ps` away from whoever has the core; returns when they are over.
Picoseconds Scheduler::take_time(Core& core, Work work, Picoseconds duration_ps) {
  const Picoseconds now = engine_.now();
  const Picoseconds start = std::max(now, core.free_at_ps);
  const Picoseconds end = start + duration_ps;
  if (Thread* thread = core.running; thread != nullptr && duration_ps > 0) {
    account(*thread, now);
    const bool waits = engine_.wake_pending(*thread->task);
    thread->run_from_ps = std::max(thread->run_from_ps, start) + duration_ps;
    if (waits) engine_.wake_at(*thread->task, due_ps(*thread));
    if (observer_) observer_->worked(*thread, work, start, end);
  } else if (thread == nullptr) {
    if (core.idle_from_ps < now) charge(core.index, Work::idle, core.idle_from_ps, now);
    core.idle_from_ps = end;
  }
  occupy(core, work, start, end);
  return end;
}

void Scheduler::interrupt(int core_index, Picoseconds duration_ps, std::function<void()> done) {
  Core& core = cores_[static_cast<std::size_t>(core_index)];
  if (core.running != nullptr && core.running->critical > 0) {
    core.deferred.push_back({duration_ps, std::move(done)});
    return;
  }
  const Picoseconds end = take_time(core, Work::interrupt, duration_ps);
  if (end == engine_.now()) {
    done();
  } else {
    engine_.at(end, std::move(done));
  }
}

}  // namespace sim
