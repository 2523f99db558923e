// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sim/base/time.hpp"

namespace sim {

class KernelOps;

/// Names a pending callback, so that it can be cancelled. 0 is never a valid one.
using TimerId = std::uint64_t;

/// Names a thread to the hardware that schedules it; dense, in order of creation.
using ThreadId = std::uint32_t;

/// How a thread is created.
struct ThreadSpec {
  std::string name;
  int priority = 160;  ///< see kernel_ops.hpp; lower runs first
  int core = -1;       ///< pinned to this core; -1: the scheduler places it
  bool daemon =
      false;  ///< a run may end, and no deadlock is seen, while only daemons are left waiting
};

/// What devices (the NIC, the far sender, disturbances at a date) may do. Their callbacks run at a
/// date, take no simulated time, and must not block.
class Hardware {
 public:
  Hardware() = default;
  Hardware(const Hardware&) = delete;
  Hardware& operator=(const Hardware&) = delete;
  virtual ~Hardware() = default;

  virtual Picoseconds now() const = 0;
  /// Runs `callback` at `date_ps` (>= now). Callbacks of one date run in the order of the calls,
  /// unless ties are shuffled.
  virtual TimerId at(Picoseconds date_ps, std::function<void()> callback) = 0;
  /// Does nothing if it has run already.
  virtual void cancel(TimerId timer) = 0;

  /// A thread that starts at the present date and runs `body`.
  virtual ThreadId spawn(ThreadSpec spec, std::function<void(KernelOps&)> body) = 0;

  /// A hard interrupt on `core`: its filter steals `filter_ps` from whatever runs there, then
  /// `ithread`, which sleeps in KernelOps::await_interrupt, becomes runnable (and preempts by
  /// priority).
  virtual void interrupt(int core, Picoseconds filter_ps, ThreadId ithread) = 0;

  /// Schedules a thread that sleeps in KernelOps::await_interrupt, without a hard interrupt
  /// (swi_sched).
  virtual void schedule(ThreadId thread) = 0;

  /// A signal for `thread`, caught by a handler. The interruptible sleep that it is in ends
  /// (WakeReason::interrupted); inside the kernel, its next one returns at once, until it returns
  /// to user mode. In user mode nothing happens.
  virtual void interrupt_sleep(ThreadId thread) = 0;

  /// Records a counter for the timeline (`sb_cc`, ring fill). `name` must outlive the run.
  virtual void counter(const char* name, std::int64_t value) = 0;
  /// True when somebody records a timeline: lets callers skip work that serves only counters.
  virtual bool records_timeline() const = 0;

  /// As KernelOps::violate, for what a device finds.
  [[noreturn]] virtual void violate(std::string kind, std::string message) = 0;
};

}  // namespace sim
