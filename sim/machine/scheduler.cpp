// SPDX-License-Identifier: BSD-2-Clause
#include "sim/machine/scheduler.hpp"

#include <algorithm>
#include <utility>

#include "sim/base/assert.hpp"
#include "sim/machine/kernel_ops.hpp"

namespace sim {

Scheduler::Scheduler(Engine& engine, CpuAccounting& accounting, Options options)
    : engine_(engine), accounting_(accounting), options_(std::move(options)) {
  const Topology places = std::exchange(options_.topology, Topology{});
  for (int i = 0; i < places.size(); ++i) add_core(places.place(i));
}

void Scheduler::add_core(CorePlace place) {
  Core& core = cores_.emplace_back();
  core.index = options_.topology.add(place);
  core.idle_from_ps = engine_.now();
  accounting_.add_core(engine_.now());
}

// --- statistics
// -----------------------------------------------------------------------------------

RunQueueStats& Scheduler::stats_for(std::uint32_t role) const {
  if (role >= stats_.size()) stats_.resize(role + 1);
  return stats_[role];
}

void Scheduler::reset_statistics() {
  for (RunQueueStats& stats : stats_) stats.reset();
}

// --- placement
// ------------------------------------------------------------------------------------

bool Scheduler::preempts(const Thread& thread, const Thread& running) const {
  if (thread.priority >= running.priority) return false;
  return (options_.preemption && thread.priority < kPriorityKernelMin) || in_user_mode(running);
}

bool Scheduler::in_user_mode(const Thread& thread) const {
  const Picoseconds elapsed = thread.state == ThreadState::running
                                  ? std::max<Picoseconds>(0, engine_.now() - thread.run_from_ps)
                                  : 0;
  return thread.base_priority >= kPriorityUser && !thread.spinning && thread.held.empty() &&
         thread.pending.is_doing(Work::application, elapsed);
}

int Scheduler::idle_core_near(int core) const {
  int best = -1;
  for (const Core& other : cores_) {
    if (other.running != nullptr || !other.queue.empty()) continue;
    if (best < 0 ||
        options_.topology.distance(core, other.index) < options_.topology.distance(core, best)) {
      best = other.index;
    }
  }
  return best;
}

int Scheduler::choose_core(const Thread& thread) const {
  if (thread.pinned >= 0) return thread.pinned;
  const int idle = idle_core_near(thread.core);
  if (idle >= 0) return idle;
  const auto load = [&](const Core& core) {
    const bool urgent = preempts(thread, *core.running);
    return std::make_pair(!urgent, core.queue.size() + (core.index == thread.core ? 0u : 1u));
  };
  const auto best =
      std::min_element(cores_.begin(), cores_.end(),
                       [&](const Core& a, const Core& b) { return load(a) < load(b); });
  return best->index;
}

void Scheduler::queue_changed(Core& core) {
  if (core.queue.empty()) core.slice_over = false;
  if (observer_) observer_->queue_length(core.index, core.queue.size(), engine_.now());
}

void Scheduler::enqueue(Core& core, Thread& thread, bool at_head) {
  const auto later = [&](const Thread* other) {
    return at_head ? other->priority >= thread.priority : other->priority > thread.priority;
  };
  core.queue.insert(std::find_if(core.queue.begin(), core.queue.end(), later), &thread);
  thread.core = core.index;
  queue_changed(core);
}

// --- taking turns on a core
// -----------------------------------------------------------------------

void Scheduler::start(Thread& thread) {
  if (options_.core_per_thread) {
    add_core(CorePlace{0, cores()});
    thread.pinned = cores() - 1;
  }
  thread.core = thread.pinned >= 0 ? thread.pinned : 0;
  thread.state = ThreadState::idle;
  make_ready(thread, thread.core);
}

void Scheduler::finish(Thread& thread) {
  Core& core = core_of(thread);
  thread.state = ThreadState::done;
  take_off(core);
  dispatch_next(core);
}

void Scheduler::make_ready(Thread& thread, int waker_core) {
  if (thread.state == ThreadState::ready || thread.state == ThreadState::running) return;
  const Picoseconds now = engine_.now();
  thread.state = ThreadState::ready;
  thread.ready_since_ps = now;
  Core& core = cores_[static_cast<std::size_t>(choose_core(thread))];
  thread.core = core.index;
  const bool remote = waker_core >= 0 && waker_core != core.index;
  if (core.running == nullptr) {
    dispatch(core, thread, remote ? send_ipi(waker_core) : now, options_.costs.idle_exit_ps);
    return;
  }
  const bool urgent = preempts(thread, *core.running);
  enqueue(core, thread, false);
  if (urgent) reschedule_at(core, remote ? send_ipi(waker_core) : now);
  arm_slice(core);
}

/// `thread` gets an idle core that learns of it at `from_ps`.
void Scheduler::dispatch(Core& core, Thread& thread, Picoseconds from_ps,
                         Picoseconds idle_exit_ps) {
  const Picoseconds now = engine_.now();
  if (core.idle_from_ps < now) charge(core.index, Work::idle, core.idle_from_ps, now);
  occupy(core, Work::idle, std::max(now, core.free_at_ps), from_ps);
  const Picoseconds start = std::max(now, core.free_at_ps);
  const Picoseconds cost =
      idle_exit_ps + (core.last == &thread ? 0 : options_.costs.context_switch_ps);
  occupy(core, Work::switching, start, start + cost);
  core.running = core.last = &thread;
  thread.state = ThreadState::running;
  thread.core = core.index;
  thread.run_from_ps = core.free_at_ps;
  engine_.wake_at(*thread.task, due_ps(thread));
  if (thread.ready_since_ps >= 0) {
    RunQueueStats& stats = stats_for(thread.role);
    ++stats.dispatches;
    stats.waited += now > thread.ready_since_ps;
    stats.wait.add(now - thread.ready_since_ps);
    thread.ready_since_ps = -1;
  }
  if (observer_) observer_->thread_started(thread, thread.run_from_ps);
  arm_slice(core);
}

void Scheduler::take_off(Core& core) {
  Thread& thread = *core.running;
  core.running = nullptr;
  core.idle_from_ps = std::max(engine_.now(), core.free_at_ps);
  core.preempt_pending = core.slice_over = false;
  if (core.slice_timer != 0) engine_.cancel(std::exchange(core.slice_timer, 0));
  if (observer_) observer_->thread_stopped(thread, std::max(engine_.now(), thread.run_from_ps));
  if (stopped_hook_) stopped_hook_(thread);
}

Thread& Scheduler::preempt(Core& core, bool to_head) {
  Thread& thread = *core.running;
  account(thread, engine_.now());
  engine_.cancel_wake(*thread.task);
  thread.slice_left_ps = to_head ? slice_left_ps(core) : 0;
  thread.state = ThreadState::ready;
  take_off(core);
  enqueue(core, thread, to_head);
  return thread;
}

/// What is left of the slice of the thread that runs there; 0 when none has begun.
Picoseconds Scheduler::slice_left_ps(const Core& core) const {
  if (core.slice_over) return 1;
  return core.slice_timer == 0 ? 0 : std::max<Picoseconds>(1, core.slice_end_ps - engine_.now());
}

/// A thread that lost its core need not wait for it while another one is idle.
void Scheduler::offer_to_idle_core(Thread& thread) {
  if (thread.state != ThreadState::ready || thread.pinned >= 0) return;
  const int idle = idle_core_near(thread.core);
  if (idle < 0) return;
  Core& from = core_of(thread);
  from.queue.erase(std::find(from.queue.begin(), from.queue.end(), &thread));
  queue_changed(from);
  dispatch(cores_[static_cast<std::size_t>(idle)], thread, send_ipi(from.index),
           options_.costs.idle_exit_ps);
}

Thread* Scheduler::take_next(Core& core) {
  if (!core.queue.empty()) {
    Thread* next = core.queue.front();
    core.queue.erase(core.queue.begin());
    queue_changed(core);
    return next;
  }
  // Idle: take the most urgent thread that waits elsewhere and may move, longest queue first.
  Core* victim = nullptr;
  for (Core& other : cores_) {
    const bool movable = std::any_of(other.queue.begin(), other.queue.end(),
                                     [](const Thread* t) { return t->pinned < 0; });
    if (movable && (victim == nullptr || other.queue.size() > victim->queue.size()))
      victim = &other;
  }
  if (victim == nullptr) return nullptr;
  const auto at = std::find_if(victim->queue.begin(), victim->queue.end(),
                               [](const Thread* t) { return t->pinned < 0; });
  Thread* next = *at;
  victim->queue.erase(at);
  queue_changed(*victim);
  return next;
}

void Scheduler::dispatch_next(Core& core) {
  if (Thread* next = take_next(core)) dispatch(core, *next, engine_.now(), 0);
}

/// A slice begins when somebody waits who is not less urgent. One that a preemption cut short goes
/// on.
void Scheduler::arm_slice(Core& core) {
  if (options_.costs.time_slice_ps == 0 || core.slice_timer != 0) return;
  Thread& running = *core.running;
  const Picoseconds left = std::exchange(running.slice_left_ps, 0);
  if (core.queue.empty() || core.queue.front()->priority > running.priority) return;
  const int index = core.index;
  core.slice_end_ps = std::max(engine_.now(), running.run_from_ps) +
                      (left > 0 ? left : options_.costs.time_slice_ps);
  core.slice_timer = engine_.at(core.slice_end_ps, [this, index] {
    Core& expired = cores_[static_cast<std::size_t>(index)];
    expired.slice_timer = 0;
    end_slice(expired);
  });
}

void Scheduler::end_slice(Core& core) {
  if (core.running == nullptr || core.queue.empty()) return;
  if (core.queue.front()->priority > core.running->priority) return;
  const Thread& running = *core.running;
  const bool in_system_call = running.base_priority >= kPriorityUser && !in_user_mode(running);
  if (running.critical > 0 || in_system_call) {
    core.slice_over = true;
    return;
  }
  Thread& expired = preempt(core, false);
  dispatch_next(core);
  offer_to_idle_core(expired);
}

void Scheduler::exit_critical(Thread& thread) {
  if (--thread.critical > 0) return;
  Core& core = core_of(thread);
  std::vector<Deferred> deferred = std::exchange(core.deferred, {});
  for (Deferred& one : deferred) interrupt(core.index, one.duration_ps, std::move(one.done));
  if (std::exchange(core.preempt_pending, false)) reschedule(core);
  if (std::exchange(core.slice_over, false)) end_slice(core);
}

void Scheduler::reschedule_at(Core& core, Picoseconds at_ps) {
  if (at_ps <= engine_.now()) return reschedule(core);
  const auto index = static_cast<std::size_t>(core.index);
  engine_.at(at_ps, [this, index] { reschedule(cores_[index]); });
}

/// Whoever waits for the core gets it, if it is urgent enough.
void Scheduler::reschedule(Core& core) {
  if (core.running == nullptr || core.queue.empty()) return;
  if (!preempts(*core.queue.front(), *core.running)) return;
  if (core.running->critical > 0) {
    core.preempt_pending = true;
    return;
  }
  Thread& preempted = preempt(core, true);
  dispatch_next(core);
  offer_to_idle_core(preempted);
}

// --- by the executing thread
// ----------------------------------------------------------------------

void Scheduler::await_core(Thread& thread) {
  while (!occupies(thread)) {
    if (thread.state == ThreadState::running && !engine_.wake_pending(*thread.task)) {
      engine_.wake_at(*thread.task, thread.run_from_ps);
    }
    engine_.park();
    if (engine_.ending()) return;
  }
}

/// The AST on the way to user mode: leaves the core to a more urgent thread that waits for it, and
/// after its slice to an equal one. True if it did.
bool Scheduler::give_way(Thread& thread) {
  Core& core = core_of(thread);
  if (core.queue.empty()) return false;
  const int first = core.queue.front()->priority;
  if (first > thread.priority || (first == thread.priority && !core.slice_over)) return false;
  preempt(core, !core.slice_over);
  dispatch_next(core);
  offer_to_idle_core(thread);
  return true;
}

void Scheduler::return_to_user(Thread& thread) {
  work_off(thread);
  if (give_way(thread)) settle(thread);
}

void Scheduler::work_off_pending(Thread& thread) {
  if (engine_.ending()) return;
  SIM_ASSERT(thread.run_from_ps == engine_.now(), "time passed that nobody accounted for");
  thread.working_off = true;
  if (!in_user_mode(thread) || !give_way(thread)) {
    const Picoseconds end = engine_.now() + thread.pending.total_ps();
    if (engine_.try_advance(end)) {
      thread.working_off = false;
      account(thread, end);
      return;
    }
    engine_.wake_at(*thread.task, end);
  }
  while (!thread.pending.empty()) {
    engine_.park();
    if (engine_.ending()) return;
    if (thread.state == ThreadState::running) account(thread, engine_.now());
  }
  thread.working_off = false;
  settle(thread);
}

void Scheduler::block(Thread& thread, ThreadState state) {
  SIM_ASSERT(thread.pending.empty(), "a thread does its pending work before it gives up the core");
  Core& core = core_of(thread);
  SIM_ASSERT(core.running == &thread, "only the thread that has a core can give it up");
  thread.state = state;
  thread.slice_left_ps = 0;
  take_off(core);
  dispatch_next(core);
  settle(thread);
}

void Scheduler::spin(Thread& thread) {
  settle(thread);
  SIM_ASSERT(thread.run_from_ps == engine_.now(), "time passed that nobody accounted for");
  thread.spinning = true;
  engine_.park();
  if (engine_.ending()) return;
  if (thread.state == ThreadState::running) account(thread, engine_.now());
  thread.spinning = false;
  settle(thread);
}

int Scheduler::executing_core() const {
  const Engine::Task* const task = engine_.current();
  if (task == nullptr) return -1;
  const auto executes = [&](const Core& core) {
    return core.running != nullptr && core.running->task == task;
  };
  const auto core = std::find_if(cores_.begin(), cores_.end(), executes);
  return core == cores_.end() ? -1 : core->index;
}

// --- by anybody
// -----------------------------------------------------------------------------------

void Scheduler::poke(Thread& thread) {
  if (thread.state != ThreadState::running || !thread.spinning) return;
  engine_.wake_at(*thread.task, std::max(engine_.now(), thread.run_from_ps));
}

void Scheduler::set_priority(Thread& thread, int priority) {
  if (thread.priority == priority) return;
  thread.priority = priority;
  Core& core = core_of(thread);
  if (thread.state == ThreadState::ready) {
    core.queue.erase(std::find(core.queue.begin(), core.queue.end(), &thread));
    enqueue(core, thread, false);
  }
  if (core.running == nullptr) return;
  const bool first = !core.queue.empty() && core.queue.front() == &thread;
  if (first || core.running == &thread) reschedule(core);
  arm_slice(core);
}

void Scheduler::raise_to_kernel_priority(Thread& thread) {
  set_priority(thread, std::min(thread.kernel_priority, thread.priority));
}

void Scheduler::set_slowdown(Thread& thread, double factor) {
  if (factor == thread.slowdown) return;
  const bool working = thread.state == ThreadState::running && !thread.spinning &&
                       engine_.wake_pending(*thread.task);
  if (working) account(thread, engine_.now());
  thread.pending.scale(factor / thread.slowdown);
  thread.slowdown = factor;
  if (working) {
    engine_.wake_at(*thread.task, due_ps(thread));
  }
}

}  // namespace sim
