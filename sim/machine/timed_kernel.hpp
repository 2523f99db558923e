// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include "sim/base/random.hpp"
#include "sim/machine/hardware.hpp"
#include "sim/machine/kernel_ops.hpp"
#include "sim/machine/scheduler.hpp"
#include "sim/machine/thread.hpp"
#include "sim/machine/violation.hpp"
#include "sim/observe/lock_profile.hpp"
#include "sim/observe/trail.hpp"

namespace sim {

/// Threads wait for each other in a circle. Ends the run with verdict `deadlock`.
class Deadlock : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What the timeline wants to know about locks.
class LockObserver {
 public:
  virtual ~LockObserver() = default;
  /// `waiter` got `lock` after waiting since `from`; `holder` had it when the wait began.
  virtual void waited(const Thread& waiter, const Thread& holder, const LockState& lock,
                      Picoseconds from, Picoseconds to) = 0;
};

/// What all threads of a timed run share.
struct TimedContext {
  Engine& engine;
  Scheduler& scheduler;
  LockProfile& profile;
  Trail& trail;
  Hardware& hardware;
  LockObserver* observer = nullptr;
  double cost_cv = 0.0;  ///< relative standard deviation of every cost, 0..0.5
};

/// The kernel operations of one thread in a timed run: each costs time on the core that it
/// occupies.
class TimedKernel final : public KernelOps {
 public:
  TimedKernel(TimedContext& context, Thread& thread, Stream stream)
      : context_(context), thread_(thread), stream_(stream) {}

  std::uint32_t thread_id() const override { return thread_.id; }
  std::string_view thread_name() const override { return thread_.name; }
  int core() const override { return thread_.core; }
  Picoseconds now() override;
  void spend(Work work, Picoseconds cost_ps) override;
  void spend_exactly(Work work, Picoseconds duration_ps) override;
  void touch(CacheLine& line, Work work) override;

  void lock(Mutex& mutex, const LockPoint& at) override;
  bool try_lock(Mutex& mutex, const LockPoint& at) override;
  void unlock(Mutex& mutex) override;
  void destroy(Mutex& mutex) override { destroy_lock(mutex); }
  bool owns(const Mutex& mutex) const override { return mutex.owner == &thread_; }

  WakeReason sx_xlock(Sx& sx, const LockPoint& at, Interruptible interruptible) override;
  bool sx_try_xlock(Sx& sx, const LockPoint& at) override;
  void sx_xunlock(Sx& sx) override;
  void sx_destroy(Sx& sx) override { destroy_lock(sx); }

  void access(const SharedMemory&, Access) override {}
  void unlocked_access(const SharedMemory&, Access) override { flush(); }

  WakeReason sleep(WaitChannel& channel, Mutex& interlock, const LockPoint& relock, int priority,
                   Interruptible interruptible) override;
  void wakeup(WaitChannel& channel) override { wake(channel, kAll); }
  void wakeup_one(WaitChannel& channel) override { wake(channel, 1); }
  void pause(Picoseconds duration_ps) override;
  void signal(std::uint32_t thread) override;
  void poll_again(Picoseconds interval_ps) override { pause(interval_ps); }
  void await_interrupt() override;
  void copy_out(std::int64_t bytes, Picoseconds cost_ps) override;

  bool chance(std::string_view what, double p) override;
  void note(const char* what, const char* object, std::int64_t amount) override;
  [[noreturn]] void violate(std::string_view kind, std::string message) override;
  void user_return() override;

 private:
  /// A wait for a lock in progress.
  struct Wait {
    Picoseconds since = 0;
    Picoseconds spin_ps = 0;
    bool begun = false;
    Thread* holder = nullptr;
    const LockPoint* holder_point = nullptr;  ///< where the holder had got it
  };

  const MachineCosts& costs() const { return context_.scheduler.costs(); }
  Picoseconds vary(Picoseconds cost_ps);
  void bill(Work work, Picoseconds cost_ps);
  void flush() { context_.scheduler.work_off(thread_); }
  void trace(const char* what, const char* object, std::int64_t amount = TrailEntry::kNoAmount);
  Picoseconds fetch(CacheLine& line);

  void check_destroyed(LockState& lock, const LockPoint& at, const char* call);
  void check_usable(LockState& lock, const LockPoint& at, const char* call);
  void work_on_word(LockState& lock, Work work, Picoseconds cost_ps);
  void attempt(LockState& lock, Picoseconds cost_ps);
  void take(LockState& lock, const LockPoint& at, const Wait& wait);
  void begin_wait(LockState& lock, Wait& wait);
  void check_deadlock(const LockState& lock) const;
  void spin_on(LockState& lock, Wait& wait);
  void stop_spinning(LockState& lock);
  void block_on(LockState& lock, ThreadState state);
  void pay_release(LockState& lock, Picoseconds release_ps, Picoseconds wake_ps);
  void release(LockState& lock);
  void destroy_lock(LockState& lock);

  void wait_adaptive(Mutex& mutex, Wait& wait);
  void wait_spin(Mutex& mutex, Wait& wait);
  void wait_ticket(Mutex& mutex, Wait& wait);
  void wait_sleep(Mutex& mutex, Wait& wait);
  void wait_fifo(Mutex& mutex, Wait& wait);
  void hand_over_ticket(Mutex& mutex);
  void hand_over_fifo(Mutex& mutex);
  void wake_turnstile(LockState& lock);
  void slow_holder(const Mutex& mutex);
  void lend_priority(LockState& lock);
  void restore_priority();

  static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
  void wake(WaitChannel& channel, std::size_t at_most);

  TimedContext& context_;
  Thread& thread_;
  Stream stream_;
};

}  // namespace sim
