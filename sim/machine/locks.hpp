// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/observe/lock_record.hpp"

namespace sim {

class Thread;

/// The core that touched a cache line last; -1 when it is in no core's cache.
struct CacheLine {
  std::int16_t last_core = -1;
};

/// State that the mutex and sx disciplines share. Changed by the machine's lock code alone; models
/// only hold it.
struct LockState : LockRecord {
  explicit LockState(LockClass& lock_class) { cls = &lock_class; }
  LockState(const LockState&) = delete;
  LockState& operator=(const LockState&) = delete;

  Thread* owner = nullptr;
  CacheLine line;
  bool destroyed = false;
  std::vector<Thread*> spinners;  ///< poll the lock word, in order of arrival
  std::vector<Thread*> blocked;   ///< on the turnstile or sleep queue, in order of arrival

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
  std::vector<Thread*> sleepers;
};

}  // namespace sim
