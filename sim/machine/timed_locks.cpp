// SPDX-License-Identifier: BSD-2-Clause
//
// The lock disciplines of a timed run. The adaptive mutex follows kern_mutex.c of 2007 (spin while
// the owner runs, else block on a turnstile, the unlock wakes all waiters and hands the lock to
// nobody); the others are the textbook's. Who waits, for how long and because of whom goes to the
// lock profile.
#include <algorithm>

#include <fmt/format.h>

#include "sim/base/assert.hpp"
#include "sim/machine/timed_kernel.hpp"
#include "sim/machine/timed_kernel_inline.hpp"

namespace sim {
namespace {

/// Whether waiters block on a turnstile, which lends the owner their priority. Those of an sx
/// sleep.
constexpr bool lends_priority(LockKind kind) {
  return kind == LockKind::adaptive || kind == LockKind::sleep;
}

}  // namespace

// --- common steps
// ---------------------------------------------------------------------------------

void TimedKernel::check_destroyed(LockState& lock, const LockPoint& at, const char* call) {
  if (lock.destroyed) {
    violate("destroyed_lock",
            fmt::format("panic: {}() of destroyed {} {} @ {}", call,
                        lock.cls->kind == LockKind::sx ? "sx" : "mutex", lock.cls->name, at.name));
  }
}

void TimedKernel::check_usable(LockState& lock, const LockPoint& at, const char* call) {
  check_destroyed(lock, at, call);
  if (lock.owner == &thread_) {
    violate("recursed_lock", fmt::format("panic: {}: recursed on non-recursive lock {} @ {}", call,
                                         lock.cls->name, at.name));
  }
}

/// Works on the lock word for `cost_ps`, once its cache line is here. The line is on its way to
/// whoever asked for it before, and comes from there.
void TimedKernel::work_on_word(LockState& lock, Work work, Picoseconds cost_ps) {
  SIM_ASSERT(thread_.pending.empty(), "a line moves when the work before it is done");
  const Picoseconds now = context_.engine.now();
  const Picoseconds asked_for = std::max(now, lock.word_arrives_ps);
  const Picoseconds transfer_ps = fetch(lock.line);
  const Picoseconds varied_ps = vary(transfer_ps + cost_ps);
  if (transfer_ps > 0) {
    const double share =
        static_cast<double>(transfer_ps) / static_cast<double>(transfer_ps + cost_ps);
    lock.word_arrives_ps = asked_for + round_to_ps(static_cast<double>(varied_ps) * share);
  }
  thread_.pending.add(work, asked_for - now);
  bill(work, varied_ps);
  flush();
}

/// The atomic operation on the lock word.
void TimedKernel::attempt(LockState& lock, Picoseconds cost_ps) {
  work_on_word(lock, Work::lock, cost_ps);
}

void TimedKernel::take(LockState& lock, const LockPoint& at, const Wait& wait) {
  const Picoseconds now = context_.engine.now();
  lock.owner = &thread_;
  thread_.held.push_back(&lock);
  thread_.waiting_for = nullptr;
  Acquisition how;
  how.contended = wait.begun;
  how.arrived_at = wait.begun ? wait.since : now;
  how.spin_ps = wait.spin_ps;
  how.block_ps = wait.begun ? now - wait.since - wait.spin_ps : 0;
  how.waiter_role = thread_.role;
  how.holder_role = wait.holder != nullptr ? wait.holder->role : 0;
  how.holder_point = wait.holder_point;
  context_.profile.acquired(lock, at, how, now);
  trace(wait.begun ? "lock (waited)" : "lock", lock.cls->name.c_str());
  if (wait.begun && context_.observer && wait.holder) {
    context_.observer->waited(thread_, *wait.holder, lock, wait.since, now);
  }
}

void TimedKernel::begin_wait(LockState& lock, Wait& wait) {
  wait.begun = true;
  wait.since = thread_.waits_since_ps = context_.engine.now();
  wait.holder = lock.owner;
  wait.holder_point = lock.owner_point;
  thread_.waiting_for = &lock;
  context_.profile.wait_begins(lock, wait.since);
  check_deadlock(lock);
}

/// Follows who waits for whom; a chain that leads back here never ends.
void TimedKernel::check_deadlock(const LockState& lock) const {
  const LockState* wanted = &lock;
  while (wanted != nullptr && wanted->owner != nullptr && wanted->owner != &thread_) {
    wanted = wanted->owner->waiting_for;
  }
  if (wanted == nullptr || wanted->owner == nullptr) return;
  std::string cycle = fmt::format("{} waits for {}", thread_.name, lock.cls->name);
  for (const LockState* link = &lock; link->owner != &thread_;) {
    const Thread& holder = *link->owner;
    link = holder.waiting_for;
    cycle += fmt::format(", held by {}, which waits for {}", holder.name, link->cls->name);
  }
  throw Deadlock(cycle + fmt::format(", held by {}", thread_.name));
}

/// Keeps its place among the spinners until stop_spinning, however often it loses the race.
void TimedKernel::spin_on(LockState& lock, Wait& wait) {
  const Picoseconds from = context_.engine.now();
  std::vector<Thread*>& spinners = lock.spinners;
  if (std::find(spinners.begin(), spinners.end(), &thread_) == spinners.end()) {
    spinners.push_back(&thread_);
  }
  context_.scheduler.spin(thread_);
  wait.spin_ps += context_.engine.now() - from;
}

void TimedKernel::stop_spinning(LockState& lock) { std::erase(lock.spinners, &thread_); }

void TimedKernel::block_on(LockState& lock, ThreadState state) {
  lock.blocked.push_back(&thread_);
  if (state == ThreadState::blocked) lend_priority(lock);
  context_.scheduler.block(thread_, state);
}

/// What the holder pays to release: the atomic operation, and what became of the lock while it was
/// held, which is known only once the work before it is done: whose cache has the line, and how
/// many wait to be woken.
void TimedKernel::pay_release(LockState& lock, Picoseconds release_ps, Picoseconds wake_ps) {
  bill(Work::lock, vary(release_ps));
  flush();
  work_on_word(lock, Work::lock, wake_ps * static_cast<Picoseconds>(lock.blocked.size()));
}

/// The lock becomes free; the caller decides who hears of it.
void TimedKernel::release(LockState& lock) {
  context_.profile.released(lock, context_.engine.now());
  lock.owner = nullptr;
  thread_.held.erase(std::find(thread_.held.begin(), thread_.held.end(), &lock));
  trace("unlock", lock.cls->name.c_str());
}

void TimedKernel::destroy_lock(LockState& lock) {
  flush();
  lock.destroyed = true;
}

// --- priority lending
// -----------------------------------------------------------------------------

void TimedKernel::lend_priority(LockState& lock) {
  for (LockState* wanted = &lock; wanted != nullptr && wanted->owner != nullptr;) {
    Thread& owner = *wanted->owner;
    if (owner.priority <= thread_.priority) return;
    context_.scheduler.set_priority(owner, thread_.priority);
    wanted = owner.waiting_for;
  }
}

void TimedKernel::restore_priority() {
  int priority = thread_.base_priority;
  if (thread_.kernel_priority != 0) priority = std::min(priority, thread_.kernel_priority);
  for (const LockState* held : thread_.held) {
    if (!lends_priority(held->cls->kind)) continue;
    for (const Thread* waiter : held->blocked) priority = std::min(priority, waiter->priority);
  }
  context_.scheduler.set_priority(thread_, priority);
}

void TimedKernel::wake_turnstile(LockState& lock) {
  if (lock.blocked.empty()) return;
  for (Thread* waiter : lock.blocked) context_.scheduler.make_ready(*waiter, thread_.core);
  lock.blocked.clear();
  restore_priority();
}

// --- adaptive and sleep: mutex(9)
// -----------------------------------------------------------------

void TimedKernel::wait_adaptive(Mutex& mutex, Wait& wait) {
  while (mutex.owner != nullptr) {
    if (mutex.owner->state == ThreadState::running) {
      spin_on(mutex, wait);
      const Picoseconds from = context_.engine.now();
      if (mutex.owner == nullptr) {
        work_on_word(mutex, Work::spin, costs().mutex_acquire_ps);
      }
      wait.spin_ps += context_.engine.now() - from;
      continue;
    }
    stop_spinning(mutex);
    bill(Work::lock, vary(costs().turnstile_block_ps));
    flush();
    const bool owned = mutex.owner != nullptr;
    if (owned && mutex.owner->state == ThreadState::running) continue;
    if (owned) block_on(mutex, ThreadState::blocked);
    attempt(mutex, costs().mutex_acquire_ps);
  }
  stop_spinning(mutex);
}

void TimedKernel::wait_sleep(Mutex& mutex, Wait&) {
  while (mutex.owner != nullptr) {
    bill(Work::lock, vary(costs().turnstile_block_ps));
    flush();
    if (mutex.owner != nullptr) block_on(mutex, ThreadState::blocked);
    attempt(mutex, costs().mutex_acquire_ps);
  }
}

// --- spin and ticket: busy waiting in a critical section
// ------------------------------------------

void TimedKernel::wait_spin(Mutex& mutex, Wait& wait) {
  while (mutex.owner != nullptr) {
    spin_on(mutex, wait);
    if (mutex.owner != nullptr) continue;
    const Picoseconds from = context_.engine.now();
    work_on_word(mutex, Work::spin, costs().mutex_acquire_ps);
    wait.spin_ps += context_.engine.now() - from;
  }
  stop_spinning(mutex);
}

void TimedKernel::wait_ticket(Mutex& mutex, Wait& wait) {
  const Picoseconds from = context_.engine.now();
  mutex.spinners.push_back(&thread_);
  slow_holder(mutex);
  while (mutex.owner != &thread_) context_.scheduler.spin(thread_);
  const auto waiters = static_cast<Picoseconds>(mutex.spinners.size());
  work_on_word(mutex, Work::spin, mutex.cls->handoff_per_waiter_ps * waiters);
  slow_holder(mutex);
  wait.spin_ps += context_.engine.now() - from;
}

void TimedKernel::slow_holder(const Mutex& mutex) {
  const double per_waiter = mutex.cls->holder_slowdown_per_waiter;
  if (per_waiter == 0.0 || mutex.owner == nullptr) return;
  const auto waiters = static_cast<double>(mutex.spinners.size());
  context_.scheduler.set_slowdown(*mutex.owner, 1.0 + per_waiter * waiters);
}

/// The next in line owns the lock from here on; it goes to work once the line has come over.
void TimedKernel::hand_over_ticket(Mutex& mutex) {
  context_.scheduler.set_slowdown(thread_, 1.0);
  if (mutex.spinners.empty()) return;
  Thread& next = *mutex.spinners.front();
  mutex.spinners.erase(mutex.spinners.begin());
  mutex.owner = &next;
  next.waiting_for = nullptr;
  context_.scheduler.poke(next);
}

// --- fifo: ideal hand-over
// ------------------------------------------------------------------------

void TimedKernel::wait_fifo(Mutex& mutex, Wait&) {
  mutex.blocked.push_back(&thread_);
  context_.scheduler.block(thread_, ThreadState::blocked);
  SIM_ASSERT(mutex.owner == &thread_, "a fifo lock is handed over, never found free");
}

void TimedKernel::hand_over_fifo(Mutex& mutex) {
  if (mutex.blocked.empty()) return;
  Thread& next = *mutex.blocked.front();
  mutex.blocked.erase(mutex.blocked.begin());
  mutex.owner = &next;
  next.waiting_for = nullptr;
  context_.scheduler.make_ready(next, thread_.core);
}

// --- mutex(9)
// -------------------------------------------------------------------------------------

void TimedKernel::lock(Mutex& mutex, const LockPoint& at) {
  flush();
  check_usable(mutex, at, "mtx_lock");
  const LockKind kind = mutex.cls->kind;
  const bool critical = kind == LockKind::spin || kind == LockKind::ticket;
  if (critical) context_.scheduler.enter_critical(thread_);
  attempt(mutex, costs().mutex_acquire_ps);
  Wait wait;
  if (mutex.owner != nullptr) {
    begin_wait(mutex, wait);
    switch (kind) {
      case LockKind::adaptive:
        wait_adaptive(mutex, wait);
        break;
      case LockKind::sleep:
        wait_sleep(mutex, wait);
        break;
      case LockKind::spin:
        wait_spin(mutex, wait);
        break;
      case LockKind::ticket:
        wait_ticket(mutex, wait);
        break;
      case LockKind::fifo:
        wait_fifo(mutex, wait);
        break;
      case LockKind::sx:
        SIM_ASSERT(false, "an sx is no mutex");
    }
  }
  check_destroyed(mutex, at, "mtx_lock");
  take(mutex, at, wait);
}

bool TimedKernel::try_lock(Mutex& mutex, const LockPoint& at) {
  flush();
  check_usable(mutex, at, "mtx_trylock");
  attempt(mutex, costs().mutex_acquire_ps);
  if (mutex.owner != nullptr) return false;
  const LockKind kind = mutex.cls->kind;
  if (kind == LockKind::spin || kind == LockKind::ticket) {
    context_.scheduler.enter_critical(thread_);
  }
  take(mutex, at, Wait{});
  return true;
}

void TimedKernel::unlock(Mutex& mutex) {
  if (!owns(mutex)) {
    violate("not_owner",
            fmt::format("panic: mtx_unlock: {} not owned by {}", mutex.cls->name, thread_.name));
  }
  pay_release(mutex, costs().mutex_release_ps,
              lends_priority(mutex.cls->kind) ? costs().turnstile_wake_ps : 0);
  release(mutex);
  switch (mutex.cls->kind) {
    case LockKind::fifo:
      hand_over_fifo(mutex);
      break;
    case LockKind::ticket:
      hand_over_ticket(mutex);
      break;
    default:
      for (Thread* spinner : mutex.spinners) context_.scheduler.poke(*spinner);
      wake_turnstile(mutex);
  }
  if (mutex.cls->kind == LockKind::spin || mutex.cls->kind == LockKind::ticket) {
    context_.scheduler.exit_critical(thread_);
  }
  context_.scheduler.settle(thread_);
}

// --- sx(9)
// ----------------------------------------------------------------------------------------

WakeReason TimedKernel::sx_xlock(Sx& sx, const LockPoint& at, Interruptible interruptible) {
  flush();
  check_usable(sx, at, "sx_xlock");
  attempt(sx, costs().sx_acquire_ps);
  Wait wait;
  while (sx.owner != nullptr) {
    if (!wait.begun) begin_wait(sx, wait);
    bill(Work::lock, vary(costs().sleepq_sleep_ps));
    flush();
    const bool owned = sx.owner != nullptr;
    const bool catches = interruptible == Interruptible::yes;
    thread_.catches_signals = catches;
    if (owned && !(catches && thread_.signalled)) block_on(sx, ThreadState::sleeping);
    if (owned && catches && thread_.signalled) {
      thread_.signalled = false;
      thread_.waiting_for = nullptr;
      std::erase(sx.blocked, &thread_);
      context_.profile.wait_abandoned(sx, wait.since, context_.engine.now());
      return WakeReason::interrupted;
    }
    attempt(sx, costs().sx_acquire_ps);
  }
  check_destroyed(sx, at, "sx_xlock");
  take(sx, at, wait);
  return WakeReason::woken;
}

bool TimedKernel::sx_try_xlock(Sx& sx, const LockPoint& at) {
  flush();
  check_usable(sx, at, "sx_try_xlock");
  attempt(sx, costs().sx_acquire_ps);
  if (sx.owner != nullptr) return false;
  take(sx, at, Wait{});
  return true;
}

void TimedKernel::sx_xunlock(Sx& sx) {
  if (sx.owner != &thread_) {
    violate("not_owner",
            fmt::format("panic: sx_xunlock: {} not owned by {}", sx.cls->name, thread_.name));
  }
  pay_release(sx, costs().sx_release_ps, costs().sleepq_wake_ps);
  release(sx);
  wake_turnstile(sx);
  context_.scheduler.settle(thread_);
}

}  // namespace sim
