// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/observe/lock_record.hpp"

namespace sim {

class Thread;

/// Something that threads share and that an exploration tells apart: a lock, a wait channel, a
/// piece of memory. `number` is set by whoever builds a world to explore: dense, from 1, the same
/// in every execution; 0 in a timed run, where nobody asks.
struct SharedObject {
  std::uint32_t number = 0;
};

/// Memory that threads share, as a unit: a socket buffer's fields, an mbuf, a file's reference
/// count. See KernelOps::access.
struct SharedMemory : SharedObject {
  explicit SharedMemory(const char* memory_name) : name(memory_name) {}
  const char* name;  ///< for messages; static storage
};

/// What a thread does to shared memory.
enum class Access : bool { read, write };

/// The core that touched a cache line last; -1 when it is in no core's cache.
struct CacheLine {
  std::int16_t last_core = -1;
};

/// State that the mutex and sx disciplines share. Changed by the machine's lock code alone; models
/// only hold it.
struct LockState : LockRecord, SharedObject {
  explicit LockState(LockClass& lock_class) { cls = &lock_class; }
  LockState(const LockState&) = delete;
  LockState& operator=(const LockState&) = delete;

  Thread* owner = nullptr;
  CacheLine line;                   ///< of the lock word
  Picoseconds word_arrives_ps = 0;  ///< when `line` is, or was, in the cache of its last core
  bool destroyed = false;           ///< the memory stays (UMA_ZONE_NOFREE)
  std::vector<Thread*> spinners;    ///< poll the lock word, in order of arrival
  std::vector<Thread*> blocked;     ///< on the turnstile or sleep queue, in order of arrival
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
struct WaitChannel : SharedObject {
  explicit WaitChannel(const char* channel_name) : name(channel_name) {}
  WaitChannel(const WaitChannel&) = delete;
  WaitChannel& operator=(const WaitChannel&) = delete;

  static constexpr std::int64_t kNobody = -1;

  const char* name;
  std::vector<Thread*> sleepers;
  /// For a channel that stands for a lock of the model's own (the old sblock): the number of the
  /// thread that holds it, set by the model, so that a hang can be told from a sleep for data.
  std::int64_t holder = kNobody;
};

}  // namespace sim
