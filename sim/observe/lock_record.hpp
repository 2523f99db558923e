// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

#include "sim/base/time.hpp"

namespace sim {

/// An acquisition point, named like the real code's ("uipc_socket.c:1669"). Compared by identity:
/// define each one once, with static storage (or storage that outlives the run).
struct LockPoint {
  const char* name;
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

/// All locks with one name share a class: its discipline, its parameters and its row in the report.
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

struct LockFigures;

/// What the lock profile keeps with each lock.
struct LockRecord {
  LockClass* cls = nullptr;
  const LockPoint* owner_point = nullptr;  ///< of the hold in progress
  LockFigures* point_figures = nullptr;    ///< of that point, in the profile of the class
  Picoseconds acquired_at = 0;
  Picoseconds arrived_at = 0;            ///< first attempt of the hold in progress
  std::uint32_t instance = 0;            ///< 1-based; 0 before first use
  std::uint32_t failed_during_hold = 0;  ///< LOCK_PROFILING's cnt_hold of the hold in progress
  bool waited_for = false;               ///< whether the hold in progress began with a wait
};

}  // namespace sim
