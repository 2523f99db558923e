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
  bool milestone = false;
};

/// What each thread did lately: kept all the time, read only when something went wrong, to show
/// the steps that led there. Remembers the last 16 operations of each thread, so that a busy thread
/// does not push out what the quiet one did; and, apart from them, its last 16 milestones, so that
/// the steps of a story are not pushed out by the locks taken in between.
class Trail {
 public:
  static constexpr std::size_t kDepth = 16;

  /// Threads are numbered from 0 without large gaps. `what` and `object` must live as long as
  /// the trail and whatever was read from it: string literals or interned names.
  void record(Picoseconds at, std::uint32_t thread, int core, const char* what,
              const char* object = nullptr, std::int64_t amount = TrailEntry::kNoAmount) {
    of(thread).operations.add({at, sequence_++, what, object, amount, thread, core, false});
  }
  void milestone(Picoseconds at, std::uint32_t thread, int core, const char* what,
                 const char* object = nullptr, std::int64_t amount = TrailEntry::kNoAmount) {
    of(thread).milestones.add({at, sequence_++, what, object, amount, thread, core, true});
  }

  /// What is remembered of all threads together, the oldest first: by time, and by order of
  /// recording at equal times. All milestones, and as many of the last operations as fit into
  /// `last` entries.
  std::vector<TrailEntry> merged(std::size_t last) const;

 private:
  struct Ring {
    std::array<TrailEntry, kDepth> entries;
    std::uint64_t recorded = 0;
    void add(const TrailEntry& entry) { entries[recorded++ % kDepth] = entry; }
  };
  struct Rings {
    Ring operations;
    Ring milestones;
  };

  Rings& of(std::uint32_t thread) {
    if (thread >= threads_.size()) [[unlikely]] {
      threads_.resize(std::size_t{thread} + 1);
    }
    return threads_[thread];
  }

  std::vector<Rings> threads_;
  std::uint64_t sequence_ = 0;
};

/// One line, in columns: time, core ("-" for none), thread, then what was done. A thread beyond
/// `thread_names` appears as "thread N".
///
///     "     12.345678 us  core  1  reader0           copyout so_rcv 2048"
std::string to_string(const TrailEntry& entry, std::span<const std::string> thread_names);

}  // namespace sim
