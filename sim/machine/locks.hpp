// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "sim/base/time.hpp"

namespace sim {

class Thread;
class LockProfile;

/// An acquisition point, named like the real code's ("uipc_socket.c:1669"). Compared by identity: define
/// each one once, with static storage (or storage that outlives the run).
struct LockPoint {
  const char* name;
};

/// The core that touched a cache line last; -1 when it is in no core's cache.
struct CacheLine {
  std::int16_t last_core = -1;
};

/// The disciplines of mutual exclusion. See docs/model.md for the exact rules of each.
enum class LockKind : std::uint8_t {
  adaptive,  ///< mutex(9) of 2007: spin while the owner runs, else block on a turnstile; barging
  spin,      ///< MTX_SPIN: test and set in a critical section; whoever comes first wins
  ticket,    ///< spinning in order of arrival, in a critical section
  sleep,     ///< mutex(9) with NO_ADAPTIVE_MUTEXES: block at once, unlock wakes all; barging
  fifo,      ///< ideal: the unlock hands the lock to whoever waits longest, at the same date
  sx         ///< sx(9): sleeps on contention, may be held across sleep and copyout
};

/// All mutexes with one name share a class: its discipline, its parameters and its row in the report.
struct LockClass {
  std::string name;
  LockKind kind = LockKind::adaptive;
  /// Ticket only, >= 0: each waiter that polls slows the holder's work down by this fraction.
  double holder_slowdown_per_waiter = 0.0;
  /// Ticket only, >= 0: added to the hand-over for every waiter.
  Picoseconds handoff_per_waiter_ps = 0;
  /// Dense number in order of creation: the index in the lock profile.
  std::uint32_t id = 0;
};

/// State that the mutex and sx disciplines share. Owned by the machine's lock code; models only hold it.
struct LockState {
  explicit LockState(LockClass& lock_class) : cls(&lock_class) {}
  LockState(const LockState&) = delete;
  LockState& operator=(const LockState&) = delete;

  LockClass* cls;
  Thread* owner = nullptr;
  const LockPoint* owner_point = nullptr;
  Picoseconds acquired_at = 0;
  CacheLine line;
  bool destroyed = false;
  std::uint32_t instance = 0;          ///< 1-based number given by the lock profile; 0 before first use
  std::uint32_t failed_during_hold = 0;  ///< LOCK_PROFILING's cnt_hold of the hold in progress
  std::vector<Thread*> spinners;       ///< poll the lock word, in order of arrival
  std::deque<Thread*> blocked;         ///< on the turnstile or sleep queue, in order of arrival

  /// mtx_destroy / sx_destroy. Any later use is a violation. The memory stays (UMA_ZONE_NOFREE).
  void destroy() { destroyed = true; }
};

/// mutex(9).
struct Mutex : LockState {
  using LockState::LockState;
};

/// sx(9), exclusive mode.
struct Sx : LockState {
  using LockState::LockState;
};

/// A sleep queue: threads asleep on one address, woken in order of arrival.
struct WaitChannel {
  explicit WaitChannel(const char* channel_name) : name(channel_name) {}
  WaitChannel(const WaitChannel&) = delete;
  WaitChannel& operator=(const WaitChannel&) = delete;

  const char* name;
  std::deque<Thread*> sleepers;
};

}  // namespace sim
