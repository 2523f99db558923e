// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "sim/explore/execution.hpp"
#include "sim/machine/kernel_ops.hpp"

namespace sim {

/// The kernel operations of one thread in an explored execution: no time passes, each [point] is a
/// step of its own, locks are taken when they are free and not waited for in any other way.
class ExploredKernel final : public KernelOps {
 public:
  ExploredKernel(Execution& execution, std::size_t thread)
      : execution_(execution), index_(thread), slot_(execution.threads_[thread]) {}

  std::uint32_t thread_id() const override { return static_cast<std::uint32_t>(index_); }
  std::string_view thread_name() const override { return execution_.program_.thread_name(index_); }
  int core() const override { return static_cast<int>(index_); }
  Picoseconds now() override { return 0; }
  void spend(Work, Picoseconds) override {}
  void spend_exactly(Work, Picoseconds) override {}
  void touch(CacheLine&, Work) override {}

  void lock(Mutex& mutex, const LockPoint& at) override;
  bool try_lock(Mutex& mutex, const LockPoint& at) override;
  void unlock(Mutex& mutex) override;
  void destroy(Mutex& mutex) override;
  bool owns(const Mutex& mutex) const override { return mutex.owner == &slot_.identity; }

  WakeReason sx_xlock(Sx& sx, const LockPoint& at, Interruptible interruptible) override;
  bool sx_try_xlock(Sx& sx, const LockPoint& at) override;
  void sx_xunlock(Sx& sx) override;
  void sx_destroy(Sx& sx) override;

  void access(const SharedMemory& memory, Access how) override {
    execution_.effect_->footprint.add(memory, how);
  }
  void unlocked_access(const SharedMemory& memory, Access how) override;

  WakeReason sleep(WaitChannel& channel, Mutex& interlock, const LockPoint& relock, int priority,
                   Interruptible interruptible) override;
  void wakeup(WaitChannel& channel) override { wake(channel, channel.sleepers.size()); }
  void wakeup_one(WaitChannel& channel) override { wake(channel, 1); }
  void pause(Picoseconds duration_ps) override;
  void signal(std::uint32_t thread) override;
  void poll_again(Picoseconds interval_ps) override;
  void await_interrupt() override;
  void copy_out(std::int64_t bytes, Picoseconds cost_ps) override;

  bool chance(std::string_view what, double p) override;
  void note(const char* what, const char* object, std::int64_t amount) override;
  [[noreturn]] void violate(std::string_view kind, std::string message) override;
  void user_return() override;

 private:
  friend class Execution;

  /// Gives the turn back; returns when this operation is the next step.
  void point(Op op);
  void point(Op op, const char* object, std::uint32_t number = 0);
  void point(Op op, const LockState& lock);
  void acquire(LockState& lock, const char* where, const char* call);
  bool try_acquire(LockState& lock, const char* where, const char* call);
  [[noreturn, gnu::cold]] void cannot_acquire(const LockState& lock, const char* where,
                                              const char* call);
  /// Nobody has said yet which of them comes first.
  [[gnu::cold]] void learn_order(const LockState& held, const LockState& wanted);
  void release(LockState& lock);
  [[noreturn, gnu::cold]] void cannot_release(const LockState& lock);
  void destroy_lock(LockState& lock);
  void check_destroyed(const LockState& lock, const char* where, const char* call);
  void check_no_mutex(const Mutex* except, const char* kind, const char* what);
  void wake(WaitChannel& channel, std::size_t at_most);
  bool take_signal();

  Execution& execution_;
  std::size_t index_;
  Execution::Slot& slot_;
};

}  // namespace sim
