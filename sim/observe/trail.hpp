// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "sim/base/time.hpp"

namespace sim {

/// One thing that a thread did.
struct TrailEntry {
  /// The amount of entries that have none.
  static constexpr std::int64_t kNoAmount = std::numeric_limits<std::int64_t>::min();

  Picoseconds at = 0;
  std::uint64_t sequence = 0;    ///< order of recording, over all threads
  const char* what = nullptr;    ///< a verb: "lock", "copyout"; never null in a recorded entry
  const char* object = nullptr;  ///< what it was done to, or null
  std::int64_t amount = kNoAmount;
  std::uint32_t thread = 0;
  int core = -1;  ///< -1: on none (a device)
};

/// What each thread did lately: kept all the time, read only when something went wrong, to show
/// the steps that led there. Remembers the last 16 entries of each thread, so that a busy thread
/// does not push out what the quiet one did.
class Trail {
 public:
  static constexpr std::size_t kDepth = 16;

  /// Threads are numbered from 0 without large gaps. `what` and `object` must live as long as
  /// the trail and whatever was read from it: string literals or interned names.
  void record(Picoseconds at, std::uint32_t thread, int core, const char* what,
              const char* object = nullptr, std::int64_t amount = TrailEntry::kNoAmount) {
    if (thread >= rings_.size()) [[unlikely]] {
      rings_.resize(std::size_t{thread} + 1);
    }
    Ring& ring = rings_[thread];
    ring.entries[ring.recorded++ % kDepth] = {at, sequence_++, what, object, amount, thread, core};
  }

  /// The last entries remembered of all threads together, at most `last`, the oldest first: by
  /// time, and by order of recording at equal times.
  std::vector<TrailEntry> merged(std::size_t last) const;

 private:
  struct Ring {
    std::array<TrailEntry, kDepth> entries;
    std::uint64_t recorded = 0;
  };

  std::vector<Ring> rings_;
  std::uint64_t sequence_ = 0;
};

/// One line, in columns: time, core ("-" for none), thread, then what was done. A thread beyond
/// `thread_names` appears as "thread N".
///
///     "     12.345678 us  core  1  reader0           copyout so_rcv 2048"
std::string to_string(const TrailEntry& entry, std::span<const std::string> thread_names);

}  // namespace sim
