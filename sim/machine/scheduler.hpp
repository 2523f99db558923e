// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sim/engine/engine.hpp"
#include "sim/machine/costs.hpp"
#include "sim/machine/thread.hpp"
#include "sim/machine/topology.hpp"
#include "sim/observe/cpu_accounting.hpp"
#include "sim/observe/histogram.hpp"

namespace sim {

class Timeline;

/// How long the threads of a role waited for a core, each time they became runnable.
struct RunQueueStats {
  std::uint64_t dispatches = 0;
  std::uint64_t waited = 0;  ///< dispatches that had to wait at all
  Histogram wait;            ///< ps, over all dispatches
  void reset() { *this = RunQueueStats{}; }
};

/// What the scheduler tells the timeline, when somebody records one.
class SchedulerObserver {
 public:
  virtual ~SchedulerObserver() = default;
  virtual void thread_started(const Thread& thread, Picoseconds at) = 0;
  virtual void thread_stopped(const Thread& thread, Picoseconds at) = 0;
  /// What the thread did, or what was taken away from it: interrupts, ticks and IPIs.
  virtual void worked(const Thread& thread, Work work, Picoseconds from, Picoseconds to) = 0;
  virtual void queue_length(int core, std::size_t length, Picoseconds at) = 0;
};

/// Cores and run queues: one queue a core in order of priority, preemption, round robin among
/// equals, idle cores that take work from busy ones, interrupts that steal time. All decisions are
/// plain functions executed at the present date by whoever causes them; they never park.
class Scheduler {
 public:
  struct Options {
    MachineCosts costs;
    Topology topology;
    bool core_per_thread = false;  ///< every thread gets a core of its own
    /// FreeBSD's option PREEMPTION (without FULL_PREEMPTION): an interrupt thread takes the core
    /// from a thread that runs in the kernel. Everybody else, and without the option interrupt
    /// threads too, gets it in user mode: at once, or when the running thread gets there (by an
    /// AST).
    bool preemption = true;
  };

  Scheduler(Engine& engine, CpuAccounting& accounting, Options options);

  const Topology& topology() const { return options_.topology; }
  const MachineCosts& costs() const { return options_.costs; }
  int cores() const { return static_cast<int>(cores_.size()); }

  /// Registers a thread: it becomes runnable at the present date.
  void start(Thread& thread);
  /// The executing thread ends.
  void finish(Thread& thread);

  // --- by the executing thread ------------------------------------------------------------------
  /// Returns when `thread` really occupies its core (it may have been preempted by its own deed).
  void settle(Thread& thread) {
    if (!occupies(thread)) await_core(thread);
    engine_.cancel_wake(*thread.task);
  }
  /// Does all pending work of `thread`; returns at the date when it is done.
  void work_off(Thread& thread) {
    settle(thread);
    if (!thread.pending.empty()) work_off_pending(thread);
  }
  /// The thread does its pending work and goes back to user mode: it gives way to whom it held up.
  void return_to_user(Thread& thread);
  /// Gives up the core until somebody makes the thread ready.
  void block(Thread& thread, ThreadState state);
  /// Burns the core until somebody pokes the thread or the scheduler ran it anew.
  void spin(Thread& thread);

  /// The core whose thread executes this very call; -1 when a device does.
  int executing_core() const;

  // --- by anybody -------------------------------------------------------------------------------
  /// `waker_core`: the core that executes the wakeup, and pays for the IPI to another one; -1 for a
  /// device, which interrupts the thread's own core.
  void make_ready(Thread& thread, int waker_core);
  /// Whether it does the application's own work at the present date. Interrupt and kernel threads
  /// never do.
  bool in_user_mode(const Thread& thread) const;
  /// What a thread that wakes from a sleep on a channel gets, until it returns to user mode.
  void raise_to_kernel_priority(Thread& thread);
  /// A spinning thread looks again at what it spins on.
  void poke(Thread& thread);
  /// Changes the priority that counts, wherever the thread is.
  void set_priority(Thread& thread, int priority);
  /// From here on the work of `thread` takes `factor` (>= 1) times as long.
  void set_slowdown(Thread& thread, double factor);
  void enter_critical(Thread& thread) { ++thread.critical; }
  void exit_critical(Thread& thread);
  /// Takes `duration_ps` away from whatever runs on that core, then calls `done` (at the end of
  /// it).
  void interrupt(int core_index, Picoseconds duration_ps, std::function<void()> done);

  /// The clock interrupt: takes its cost away from every busy core.
  void tick();

  /// Accounts for everything up to the present date; call when the run is over.
  void close_accounts();
  const RunQueueStats& run_queue_stats(std::uint32_t role) const { return stats_for(role); }
  void reset_statistics();
  void observe(SchedulerObserver* observer) { observer_ = observer; }
  /// Called for a thread that stops running (its lock's spinners must look again).
  void on_stopped(std::function<void(Thread&)> hook) { stopped_hook_ = std::move(hook); }

 private:
  struct Deferred {
    Picoseconds duration_ps;
    std::function<void()> done;
  };
  struct Ahead {
    Work work;
    Picoseconds from_ps;
    Picoseconds to_ps;
  };
  struct Core {
    int index = 0;
    Thread* running = nullptr;
    Thread* last = nullptr;
    std::vector<Thread*> queue;  ///< by priority, then in order of arrival
    Picoseconds free_at_ps = 0;  ///< a switch or an interrupt filter occupies it until then
    Picoseconds idle_from_ps = 0;
    std::uint64_t slice_timer = 0;
    Picoseconds slice_end_ps = 0;
    bool preempt_pending = false;
    bool slice_over = false;  ///< the running thread goes on to the end of its system call
    std::vector<Deferred> deferred;
    std::vector<Ahead> ahead;  ///< already charged, not yet passed
  };

  bool occupies(const Thread& thread) const {
    return thread.state == ThreadState::running && thread.run_from_ps <= engine_.now();
  }
  void await_core(Thread& thread);
  void work_off_pending(Thread& thread);
  Core& core_of(const Thread& thread) { return cores_[static_cast<std::size_t>(thread.core)]; }
  int choose_core(const Thread& thread) const;
  int idle_core_near(int core) const;
  bool preempts(const Thread& thread, const Thread& running) const;
  void reschedule(Core& core);
  void reschedule_at(Core& core, Picoseconds at_ps);
  bool give_way(Thread& thread);
  void enqueue(Core& core, Thread& thread, bool at_head);
  void dispatch(Core& core, Thread& thread, Picoseconds from_ps, Picoseconds idle_exit_ps);
  Picoseconds send_ipi(int core);
  Picoseconds take_time(Core& core, Work work, Picoseconds duration_ps);
  void take_off(Core& core);
  Thread& preempt(Core& core, bool to_head);
  void offer_to_idle_core(Thread& thread);
  void dispatch_next(Core& core);
  Thread* take_next(Core& core);
  void arm_slice(Core& core);
  void end_slice(Core& core);
  void account(Thread& thread, Picoseconds upto_ps);
  void charge(int core, Work work, Picoseconds from_ps, Picoseconds to_ps);
  void occupy(Core& core, Work work, Picoseconds from_ps, Picoseconds to_ps);
  RunQueueStats& stats_for(std::uint32_t role) const;
  void add_core(CorePlace place);
  void queue_changed(Core& core);
  Picoseconds slice_left_ps(const Core& core) const;
  Picoseconds due_ps(const Thread& thread) const;

  Engine& engine_;
  CpuAccounting& accounting_;
  Options options_;
  std::vector<Core> cores_;
  mutable std::vector<RunQueueStats> stats_;
  SchedulerObserver* observer_ = nullptr;
  std::function<void(Thread&)> stopped_hook_;
};

}  // namespace sim
