// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/explore/execution.hpp"
#include "sim/explore/schedule.hpp"

/// What an exhaustive search knows of the steps on its way (events), to find what precedes what.
namespace sim {

/// An event's number, or -1.
using EventNumber = std::int16_t;
static_assert(kMaxInterleavingSteps <= INT16_MAX);

/// Which events happen before an event: for each thread the number (from 1) of its last one.
///
/// Vectors by name: left to find them, compilers join some threads' numbers one by one and load
/// them together soon afterwards, for which the processor waits at every step.
class EventClock {
 public:
  std::size_t operator[](std::size_t thread) const {
    return static_cast<std::size_t>(last_[thread / kLanes][thread % kLanes]);
  }
  /// To a later one.
  void set(std::size_t thread, std::size_t number) {
    const Numbers whose = every(thread);
    const Numbers own = every(number);
    Numbers lane = {0, 1, 2, 3, 4, 5, 6, 7};
    for (Numbers& last : last_) {
      last = greater(last, (lane == whose) & own);
      lane += static_cast<std::int16_t>(kLanes);
    }
  }
  void join(const EventClock& other) {
    for (std::size_t i = 0; i < last_.size(); ++i) last_[i] = greater(last_[i], other.last_[i]);
  }

 private:
  static constexpr std::size_t kLanes = 8;
  static_assert(kMaxExploredThreads % kLanes == 0);
  /// Signed, as the greater of two is then one instruction everywhere.
  using Numbers = std::int16_t __attribute__((vector_size(kLanes * sizeof(std::int16_t))));

  static Numbers every(std::size_t number) { return Numbers{} + static_cast<std::int16_t>(number); }
  static Numbers greater(Numbers a, Numbers b) { return a > b ? a : b; }

  std::array<Numbers, kMaxExploredThreads / kLanes> last_{};
};

/// What the next event's causes are found from. It goes with the nodes: what an event changed is
/// taken back with it.
class History {
 public:
  /// Where something is kept.
  using Entry = std::uint32_t;
  static constexpr Entry kThreads = kMaxExploredThreads;

  /// Of a thread: its last event, and who woke it since. Of a lock: the last use, and the last
  /// acquisition. Of memory: the last write, and the set of threads that read it since. Of memory
  /// and a thread: the last read. One word, as it is written and read as one.
  class Past {
   public:
    constexpr Past() = default;
    constexpr Past(EventNumber last, EventNumber other)
        : both_(static_cast<std::uint16_t>(last) |
                static_cast<std::uint32_t>(static_cast<std::uint16_t>(other)) << 16) {}
    EventNumber last() const { return static_cast<EventNumber>(both_); }
    EventNumber other() const { return static_cast<EventNumber>(both_ >> 16); }

   private:
    std::uint32_t both_ = UINT32_MAX;
  };

  static Entry thread(std::size_t thread) { return static_cast<Entry>(thread); }
  static Entry lock(std::size_t lock) { return kLocks + static_cast<Entry>(lock); }
  static Entry memory(std::size_t memory) { return kMemories + static_cast<Entry>(memory); }
  static Entry reads(std::size_t memory, std::size_t thread) {
    return kReads + static_cast<Entry>(memory * kThreads + thread);
  }

  History();
  std::size_t changes() const { return count_; }
  /// Takes the changes after the first `count` back.
  void take_back(std::size_t count) {
    const Change* const first = changes_.data() + count;
    for (const Change* next = changes_.data() + count_; next != first;) {
      --next;
      past_[next->entry] = next->before;
    }
    count_ = count;
  }

  class Changing;

 private:
  struct Change {
    Entry entry;
    Past before;
  };

  static constexpr Entry kLocks = kThreads;
  static constexpr Entry kMemories = kLocks + Footprint::kLockBits;
  static constexpr Entry kReads = kMemories + Footprint::kMemoryBits;
  static constexpr Entry kEntries = kReads + Footprint::kMemoryBits * kThreads;
  /// A whole footprint, and all threads woken.
  static constexpr std::size_t kMostAnEvent =
      1 + kThreads + Footprint::kLockBits + std::size_t{3} * Footprint::kMemoryBits;

  [[gnu::cold]] void make_room();

  std::array<Past, kEntries> past_;
  std::vector<Change> changes_;
  std::size_t count_ = 0;  ///< of changes that are in force
};

/// Makes the changes by one event.
class History::Changing {
 public:
  explicit Changing(History& history) : history_(history) {
    if (history.count_ + kMostAnEvent > history.changes_.size()) history.make_room();
    next_ = history.changes_.data() + history.count_;
  }
  Changing(const Changing&) = delete;
  Changing& operator=(const Changing&) = delete;
  ~Changing() { history_.count_ = static_cast<std::size_t>(next_ - history_.changes_.data()); }
  const Past& operator[](Entry entry) const { return history_.past_[entry]; }
  void set(Entry entry, Past now) {
    Past& place = history_.past_[entry];
    *next_++ = {entry, place};
    place = now;
  }

 private:
  History& history_;
  Change* next_;
};

/// Some events; as many as a step can conflict with.
class EventNumbers {
 public:
  bool empty() const { return count_ == 0; }
  void clear() { count_ = 0; }
  void add(EventNumber event) { events_[count_++] = event; }
  const EventNumber* begin() const { return events_.data(); }
  const EventNumber* end() const { return events_.data() + count_; }

 private:
  /// Who used each lock, and wrote and read all memory.
  static constexpr std::size_t kMost =
      Footprint::kLockBits + Footprint::kMemoryBits * (kMaxExploredThreads + 2);

  std::size_t count_ = 0;
  std::array<EventNumber, kMost> events_;
};

}  // namespace sim
