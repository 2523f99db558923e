// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/base/time.hpp"
#include "sim/base/work.hpp"
#include "sim/machine/locks.hpp"

namespace sim {

/// How a sleep on a wait channel ended.
enum class WakeReason : std::uint8_t {
  woken,       ///< wakeup(9) on the channel
  interrupted  ///< by a signal, as the sleep was interruptible: EINTR
};

/// Whether a signal may end a sleep: FreeBSD's PCATCH.
enum class Interruptible : bool { no, yes };

/// What the kernel's own code may do. Kernel paths (append, wakeup, the receive algorithms, close)
/// are plain sequential functions that take a `KernelOps& k`: the thread that executes them.
///
/// In a timed run every operation costs time on the core that the thread occupies. In an explored
/// run the same calls are the points where another thread may go first. A model therefore never
/// touches an engine, a clock, a random stream or a global: all of it comes through here or through
/// Hardware.
///
/// An operation marked [point] can be observed by other threads; `spend` and `touch` cannot.
/// Between two points a thread is alone. So code that touches shared memory without a lock that all
/// users of the memory hold says so with `access` (once between two points) or `unlocked_access`;
/// the explorer takes from there, and from the locks, which steps of two threads do not commute.
class KernelOps {
 public:
  KernelOps() = default;
  KernelOps(const KernelOps&) = delete;
  KernelOps& operator=(const KernelOps&) = delete;
  virtual ~KernelOps() = default;

  /// Dense number of the executing thread, from 0 in order of creation.
  virtual std::uint32_t thread_id() const = 0;
  virtual std::string_view thread_name() const = 0;
  /// The core that the thread occupies now.
  virtual int core() const = 0;

  /// The simulated date of this point of the thread's execution. [point] in cost only: it brings
  /// the thread's pending work to an end first.
  virtual Picoseconds now() = 0;

  /// Works for `cost_ps` (>= 0) on the core, billed to `work`. The profile's variation (`cost_cv`)
  /// is applied here, once. Higher-priority threads and interrupts may stretch it.
  virtual void spend(Work work, Picoseconds cost_ps) = 0;

  /// As spend, for a duration that was drawn from a distribution already: no variation is added.
  virtual void spend_exactly(Work work, Picoseconds duration_ps) = 0;

  /// Pays for bringing `line` to this core from the core that touched it last, by distance.
  virtual void touch(CacheLine& line, Work work) = 0;

  // --- mutex(9) ---------------------------------------------------------------------------------
  /// [point] mtx_lock at the acquisition point `at`. Panics (Violation "destroyed_lock") on a
  /// destroyed mutex and ("recursed_lock") when the thread owns it already.
  virtual void lock(Mutex& mutex, const LockPoint& at) = 0;
  /// [point] mtx_trylock: false when somebody else owns it.
  virtual bool try_lock(Mutex& mutex, const LockPoint& at) = 0;
  /// [point] mtx_unlock. Panics ("not_owner") unless the thread owns it.
  virtual void unlock(Mutex& mutex) = 0;
  /// [point] mtx_destroy: any later use is the violation "destroyed_lock".
  virtual void destroy(Mutex& mutex) = 0;
  /// mtx_assert(MA_OWNED), as a question.
  virtual bool owns(const Mutex& mutex) const = 0;

  // --- sx(9): may be held across sleep and copyout ----------------------------------------------
  /// [point] sx_xlock, or sx_xlock_sig when interruptible: `interrupted` then means not acquired.
  virtual WakeReason sx_xlock(Sx& sx, const LockPoint& at, Interruptible interruptible) = 0;
  /// [point]
  virtual bool sx_try_xlock(Sx& sx, const LockPoint& at) = 0;
  /// [point]
  virtual void sx_xunlock(Sx& sx) = 0;
  /// [point] sx_destroy, as destroy.
  virtual void sx_destroy(Sx& sx) = 0;

  // --- shared memory ----------------------------------------------------------------------------
  /// What follows, up to the next point, reads or changes `memory`, which others may touch under
  /// another lock or none. No point, and free: the step that is under way takes the access along.
  virtual void access(const SharedMemory& memory, Access how) = 0;
  /// [point] The same, as a step of its own: for an access that must not be taken together with the
  /// step before it. In a timed run it happens at its date: pending work comes first.
  virtual void unlocked_access(const SharedMemory& memory, Access how) = 0;

  // --- sleepqueue(9) ----------------------------------------------------------------------------
  /// [point] msleep: releases `interlock`, sleeps on `channel`, takes `interlock` again (billed to
  /// the acquisition point `relock`, as kern_synch.c does). The wakeup cannot be lost in between.
  /// `priority` is the priority that the thread has when it wakes (PSOCK for sbwait).
  virtual WakeReason sleep(WaitChannel& channel, Mutex& interlock, const LockPoint& relock,
                           int priority, Interruptible interruptible) = 0;
  /// [point] wakeup(9): all sleepers of the channel become runnable.
  virtual void wakeup(WaitChannel& channel) = 0;
  /// [point] wakeup_one(9).
  virtual void wakeup_one(WaitChannel& channel) = 0;
  /// [point] Gives up the core for `duration_ps` (a page fault waiting for the disk, a poll
  /// interval).
  virtual void pause(Picoseconds duration_ps) = 0;
  /// [point] psignal(9): a signal for the thread of this number, caught by a handler. See
  /// Hardware::interrupt_sleep.
  virtual void signal(std::uint32_t thread) = 0;
  /// [point] As pause, between two looks at the same thing (EWOULDBLOCK, then again). An explored
  /// thread goes on only once somebody changed something that it looked at: polling in vain is
  /// not worth exploring.
  virtual void poll_again(Picoseconds interval_ps) = 0;
  /// [point] Gives up the core until Hardware schedules this thread; returns at once when that
  /// happened since the last call (the interrupt thread's idle loop).
  virtual void await_interrupt() = 0;

  /// [point] Copies `bytes` to user space, taking `cost_ps` in all (category copy). Locks may be
  /// held only if they may be held across a sleep. Faults are the caller's: see models/copyout.hpp.
  virtual void copy_out(std::int64_t bytes, Picoseconds cost_ps) = 0;

  // --- chance and observation -------------------------------------------------------------------
  /// A choice that nature makes: true with probability `p` in a timed run (p = 0 and p = 1 draw
  /// nothing); both ways in an explored run unless p is 0 or 1.
  virtual bool chance(std::string_view what, double p) = 0;

  /// Leaves a line for the trail of a violation. `what` and `object` must be string literals.
  virtual void note(const char* what, const char* object = nullptr, std::int64_t amount = 0) = 0;

  /// The kernel panics, or the model found a broken invariant: ends the run with verdict
  /// `violation`. `kind` is a stable name in snake_case (`destroyed_lock`), `message` what a
  /// console would show. As at any [point], what is on the thread's stack may be abandoned without
  /// being unwound, and so owns nothing: hand a message over with std::move.
  [[noreturn]] virtual void violate(std::string_view kind, std::string message) = 0;

  /// Return to user mode: the thread's priority falls back from a kernel sleep's to its own
  /// (userret).
  virtual void user_return() = 0;
};

/// Scheduling priorities, FreeBSD's numbering [S: priority.h]: lower runs first.
inline constexpr int kPriorityNet = 16;        ///< PI_NET: network interrupt threads
inline constexpr int kPrioritySoftNet = 36;    ///< swi_net: the netisr thread
inline constexpr int kPriorityKernelMin = 64;  ///< below: interrupt threads, which preempt
inline constexpr int kPrioritySocket = 88;     ///< PSOCK: wakes from sbwait
inline constexpr int kPriorityUser = 160;      ///< PUSER: time-sharing threads

}  // namespace sim
