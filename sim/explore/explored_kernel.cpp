// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/explored_kernel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

#include "sim/base/assert.hpp"
#include "sim/engine/fiber.hpp"
#include "sim/machine/violation.hpp"

namespace sim {
namespace {

/// What signals change and what depends on them: bit 0 of memory, as programs number from 1. Nobody
/// changes it in a program without signals, where it costs no reduction.
const SharedMemory kSignals{"signals"};

bool is_sx(const LockState& lock) { return lock.cls->kind == LockKind::sx; }

}  // namespace

inline void ExploredKernel::point(Op op) {
  slot_.pending.op = op;
  execution_.await_turn(index_);
  slot_.wanted = nullptr;
}

inline void ExploredKernel::point(Op op, const char* object, std::uint32_t number) {
  slot_.pending.object = object;
  slot_.pending.number = number;
  point(op);
}

inline void ExploredKernel::point(Op op, const LockState& lock) {
  slot_.pending.lock = &lock;
  point(op);
}

void ExploredKernel::check_destroyed(const LockState& lock, const char* where, const char* call) {
  if (lock.destroyed) {
    violate("destroyed_lock",
            fmt::format("panic: {}() of destroyed mutex {} @ {}", call, lock.cls->name, where));
  }
}

inline void ExploredKernel::acquire(LockState& lock, const char* where, const char* call) {
  StepEffect& effect = *execution_.effect_;
  effect.acquired = static_cast<int>(Footprint::lock_bit(lock));
  effect.footprint.add_lock(lock);
  if (lock.owner != nullptr || lock.destroyed) [[unlikely]]
    cannot_acquire(lock, where, call);
  auto& held = slot_.identity.held;
  for (const LockState* other : held) {
    if (!execution_.ordered(*other, lock)) [[unlikely]]
      learn_order(*other, lock);
  }
  lock.owner = &slot_.identity;
  held.push_back(&lock);
}

void ExploredKernel::cannot_acquire(const LockState& lock, const char* where, const char* call) {
  if (lock.destroyed) execution_.effect_->acquired = -1;
  check_destroyed(lock, where, call);
  SIM_ASSERT(lock.owner == &slot_.identity, "a thread went on although its lock is held");
  violate("recursed_lock", fmt::format("panic: {}: recursed on non-recursive lock {} @ {}", call,
                                       lock.cls->name, where));
}

void ExploredKernel::learn_order(const LockState& held, const LockState& wanted) {
  if (execution_.ordered(wanted, held)) {
    violate("lock_order_reversal",
            fmt::format("lock order reversal: {0} is taken with {1} held, elsewhere {0} comes "
                        "before {1}",
                        wanted.cls->name, held.cls->name));
  }
  execution_.declare_order(held.cls->id, wanted.cls->id);
  execution_.order_learnt_ = true;
}

bool ExploredKernel::try_acquire(LockState& lock, const char* where, const char* call) {
  execution_.effect_->footprint.add_lock(lock);
  check_destroyed(lock, where, call);
  execution_.effect_->tried = true;
  if (lock.owner != nullptr) return false;
  execution_.effect_->acquired = static_cast<int>(Footprint::lock_bit(lock));
  lock.owner = &slot_.identity;
  slot_.identity.held.push_back(&lock);
  return true;
}

void ExploredKernel::cannot_release(const LockState& lock) {
  violate("not_owner",
          fmt::format("panic: lock {} not owned by {}", lock.cls->name, thread_name()));
}

inline void ExploredKernel::release(LockState& lock) {
  execution_.effect_->footprint.add_lock(lock);
  if (lock.owner != &slot_.identity) [[unlikely]]
    cannot_release(lock);
  lock.owner = nullptr;
  auto& held = slot_.identity.held;
  if (held.back() == &lock) {
    held.pop_back();
  } else {
    held.erase(std::find(held.begin(), held.end(), &lock));
  }
}

void ExploredKernel::destroy_lock(LockState& lock) {
  point(Op::destroy, lock);
  execution_.effect_->footprint.add_lock(lock);
  lock.destroyed = true;
}

void ExploredKernel::lock(Mutex& mutex, const LockPoint& at) {
  slot_.wanted = &mutex;
  slot_.pending.where = at.name;
  point(Op::lock, mutex);
  acquire(mutex, at.name, "mtx_lock");
}

bool ExploredKernel::try_lock(Mutex& mutex, const LockPoint& at) {
  slot_.pending.where = at.name;
  point(Op::try_lock, mutex);
  return try_acquire(mutex, at.name, "mtx_trylock");
}

void ExploredKernel::unlock(Mutex& mutex) {
  point(Op::unlock, mutex);
  release(mutex);
}

void ExploredKernel::destroy(Mutex& mutex) { destroy_lock(mutex); }

WakeReason ExploredKernel::sx_xlock(Sx& sx, const LockPoint& at, Interruptible interruptible) {
  check_no_mutex(nullptr, "sleep_with_mutex", "sx_xlock");
  slot_.wanted = &sx;
  slot_.identity.catches_signals = interruptible == Interruptible::yes;
  slot_.pending.where = at.name;
  point(Op::lock, sx);
  if (std::exchange(slot_.identity.catches_signals, false)) {
    access(kSignals, Access::read);
    if (slot_.identity.signalled) {
      if (try_acquire(sx, at.name, "sx_xlock_sig")) return WakeReason::woken;
      return take_signal() ? WakeReason::interrupted : WakeReason::woken;
    }
  }
  acquire(sx, at.name, "sx_xlock");
  return WakeReason::woken;
}

bool ExploredKernel::sx_try_xlock(Sx& sx, const LockPoint& at) {
  slot_.pending.where = at.name;
  point(Op::try_lock, sx);
  return try_acquire(sx, at.name, "sx_try_xlock");
}

void ExploredKernel::sx_xunlock(Sx& sx) {
  point(Op::unlock, sx);
  release(sx);
}

void ExploredKernel::sx_destroy(Sx& sx) { destroy_lock(sx); }

void ExploredKernel::unlocked_access(const SharedMemory& memory, Access how) {
  slot_.pending.amount = how == Access::write ? 1 : 0;
  point(Op::access, memory.name, memory.number);
  execution_.effect_->footprint.add(memory, how);
}

void ExploredKernel::check_no_mutex(const Mutex* except, const char* kind, const char* what) {
  for (const LockState* held : slot_.identity.held) {
    if (held == except || is_sx(*held)) continue;
    violate(kind, fmt::format("panic: {} with mutex {} held", what, held->cls->name));
  }
}

WakeReason ExploredKernel::sleep(WaitChannel& channel, Mutex& interlock, const LockPoint& relock,
                                 int priority, Interruptible interruptible) {
  (void)priority;
  point(Op::sleep, channel.name, channel.number);
  execution_.effect_->footprint.add_lock(channel);
  check_no_mutex(&interlock, "sleep_with_mutex", "msleep");
  const bool catches = interruptible == Interruptible::yes;
  if (catches) access(kSignals, Access::read);
  slot_.woken = slot_.interrupted = catches && take_signal();
  if (!slot_.woken) channel.sleepers.push_back(&slot_.identity);
  slot_.identity.catches_signals = catches;
  release(interlock);
  slot_.wanted = &interlock;
  slot_.channel = &channel;
  slot_.pending.where = relock.name;
  point(Op::relock, interlock);
  slot_.channel = nullptr;
  acquire(interlock, relock.name, "msleep");
  slot_.identity.catches_signals = false;
  return slot_.interrupted ? WakeReason::interrupted : WakeReason::woken;
}

/// Whether a signal was pending, which then is no more. That is nobody else's business.
bool ExploredKernel::take_signal() { return std::exchange(slot_.identity.signalled, false); }

void ExploredKernel::signal(std::uint32_t thread) {
  SIM_ASSERT(thread < execution_.threads_.size(), "a signal is for a thread that exists");
  Execution::Slot& target = execution_.threads_[thread];
  point(Op::signal, target.identity.name.c_str());
  access(kSignals, Access::write);
  if (target.finished) return;
  const bool asleep = target.channel != nullptr && !target.woken;
  if (!asleep || !target.identity.catches_signals) {
    target.identity.signalled = true;
    return;
  }
  execution_.effect_->woken |= bit_of(thread);
  std::erase(target.channel->sleepers, &target.identity);
  target.woken = target.interrupted = true;
}

void ExploredKernel::user_return() {
  access(kSignals, Access::read);
  take_signal();
}

void ExploredKernel::wake(WaitChannel& channel, std::size_t at_most) {
  point(Op::wakeup, channel.name, channel.number);
  execution_.effect_->footprint.add_lock(channel);
  access(kSignals, Access::read);  // a sleeper that is woken is not interrupted any more
  for (; at_most > 0 && !channel.sleepers.empty(); --at_most) {
    const Thread* sleeper = channel.sleepers.front();
    channel.sleepers.erase(channel.sleepers.begin());
    execution_.threads_[sleeper->id].woken = true;
    execution_.effect_->woken |= bit_of(sleeper->id);
  }
}

void ExploredKernel::pause(Picoseconds duration_ps) {
  (void)duration_ps;
  point(Op::pause);
}

void ExploredKernel::poll_again(Picoseconds interval_ps) {
  (void)interval_ps;
  SIM_ASSERT(slot_.polls, "a program says which threads poll");
  point(Op::poll);
  execution_.has_polled_ = true;
}

void ExploredKernel::await_interrupt() { point(Op::await_interrupt); }

void ExploredKernel::copy_out(std::int64_t bytes, Picoseconds cost_ps) {
  (void)cost_ps;
  check_no_mutex(nullptr, "copyout_with_mutex", "copyout");
  slot_.pending.amount = bytes;
  point(Op::copy_out);
}

bool ExploredKernel::chance(std::string_view what, double p) {
  if (p <= 0.0) return false;
  if (p >= 1.0) return true;
  point(Op::choice, what.data());
  return execution_.outcome_ != 0;
}

void ExploredKernel::note(const char* what, const char* object, std::int64_t amount) {
  if (!execution_.keep_notes_) return;
  execution_.notes_.push_back({execution_.steps_, index_, what, object, amount});
}

/// On a fiber the turn is given back for good: to unwind would cost a hundred switches.
void ExploredKernel::violate(std::string_view kind, std::string message) {
  if (slot_.fiber == nullptr) throw Violation(std::string(kind), message);
  slot_.crashed = slot_.finished = slot_.given_up = true;
  execution_.met(kind, std::string(std::move(message)), index_);
  slot_.fiber->suspend();
  SIM_ASSERT(false, "a thread that panicked went on");
  std::abort();
}

}  // namespace sim
