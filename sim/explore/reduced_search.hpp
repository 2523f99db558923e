// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/explore/execution.hpp"
#include "sim/explore/schedule.hpp"

namespace sim {

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
  static_assert(kMaxInterleavingSteps <= INT16_MAX);
  static constexpr std::size_t kLanes = 8;
  static_assert(kMaxExploredThreads % kLanes == 0);
  /// Signed, as the greater of two is then one instruction everywhere.
  using Numbers = std::int16_t __attribute__((vector_size(kLanes * sizeof(std::int16_t))));

  static Numbers every(std::size_t number) { return Numbers{} + static_cast<std::int16_t>(number); }
  static Numbers greater(Numbers a, Numbers b) { return a > b ? a : b; }

  std::array<Numbers, kMaxExploredThreads / kLanes> last_{};
};

/// Exhaustive search with dynamic partial-order reduction: executes at least one interleaving of
/// every equivalence class (Mazurkiewicz trace), and no class twice to its end.
///
/// Source-DPOR with sleep sets: P. Abdulla, S. Aronis, B. Jonsson, K. Sagonas, "Optimal dynamic
/// partial order reduction", POPL 2014, algorithm 1. Two steps are dependent when their footprints
/// conflict. Locks: an unlock and a later lock of the same mutex are ordered, but what can be
/// reversed is the pair of acquisitions. A choice of nature branches without a change of thread.
/// Executions that sleep sets cut short are counted as `redundant`.
///
/// Unlike there, what a step conflicts with may depend on what came before it: a step goes on to
/// the thread's next operation, and takes one way or another. See race().
///
/// Can be told to search one part of the tree only, and to leave the nodes near the part's root,
/// from time to time, to somebody who shares the parts out (see SearchTree).
class ReducedSearch final : private Director {
 public:
  /// A thread that need not go first here, as that was explored already, and its step.
  struct Sleeper {
    std::uint8_t thread;
    Footprint footprint;
  };

  /// A part of the search.
  struct Part {
    Schedule path;                  ///< leads to a node
    std::vector<Sleeper> sleepers;  ///< of that node
    int thread = -1;                ///< the one to take there; -1: every one (path is empty then)
    std::uint64_t share_after = 0;  ///< executions between two times; 0: never
  };

  /// Somebody else's node has to try one of `initials`, unless it does already; everything, when
  /// one of them sleeps there.
  struct Request {
    std::uint32_t depth;
    ThreadSet initials;
    std::uint8_t preferred;  ///< one of them
  };

  /// A node of this part that is left to the caller, with what is to be tried there.
  struct SharedNode {
    ThreadSet enabled;
    std::uint8_t thread;  ///< the one that is being tried; this part goes on with it
    Footprint footprint;  ///< of that step
    std::vector<Sleeper> sleepers;
  };

  ReducedSearch(Execution& execution, Part part);

  enum class Result : std::uint8_t {
    interleaving,  ///< an execution to its end: execution() has it, schedule() tells the way
    redundant,     ///< cut short: equivalent to one that was or will be executed
    exhausted      ///< there is no further one
  };
  Result advance();

  std::span<const ScheduleStep> schedule() const { return {taken_.data(), depth_}; }
  const std::vector<Request>& requests() const { return requests_; }
  const std::vector<SharedNode>& shared_nodes() const { return shared_; }
  /// The share of the tree that is done, estimated from what is open now; 0..1.
  double progress() const;

 private:
  struct Node {
    ThreadSet enabled = 0;
    ThreadSet backtrack = 0;  ///< to be tried
    ThreadSet sleep = 0;      ///< need not be tried (any more)
    bool choice = false;
    StepEffect effect;  ///< of the step taken
    Footprint united;   ///< of a choice, over the outcomes tried so far
    EventClock clock;
    std::uint32_t history = 0;   ///< to take back what the step changed there
    std::uint32_t sleepers = 0;  ///< how many count above this node
    std::array<std::uint32_t, kMaxExploredThreads> asleep;  ///< of `sleep`: the place in sleeping_
  };

  /// What the next event's causes are found from: events by their number, or -1. It goes with the
  /// nodes: what an event changed is taken back with it.
  class History {
   public:
    using Event = std::int32_t;
    /// Where something is kept.
    using Entry = std::uint32_t;
    static constexpr Entry kThreads = kMaxExploredThreads;

    static Entry last_of(std::size_t thread) { return static_cast<Entry>(thread); }
    static Entry woken_by(std::size_t thread) { return kWokenBy + static_cast<Entry>(thread); }
    static Entry last_use(std::size_t lock) { return kLastUse + static_cast<Entry>(lock); }
    static Entry last_acquired(std::size_t lock) { return kAcquired + static_cast<Entry>(lock); }
    static Entry last_write(std::size_t memory) { return kWrite + static_cast<Entry>(memory); }
    /// Of memory since the last write: a set of threads, and for each of them the event.
    static Entry readers(std::size_t memory) { return kReaders + static_cast<Entry>(memory); }
    static Entry last_read(std::size_t memory, std::size_t thread) {
      return kRead + static_cast<Entry>(memory * kThreads + thread);
    }

    History();
    Event operator[](Entry entry) const { return events_[entry]; }
    /// To be called before the changes by an event. Returns what to give to take_back.
    std::uint32_t begin_event() {
      if (count_ + kMostAnEvent > changes_.size()) changes_.resize(2 * (count_ + kMostAnEvent));
      return count_;
    }
    /// Returns what was there.
    Event set(Entry entry, Event value) {
      const Event before = events_[entry];
      changes_[count_++] = {entry, before};
      events_[entry] = value;
      return before;
    }
    void add_reader(std::size_t memory, std::size_t thread, Event event) {
      const auto known = static_cast<ThreadSet>(events_[readers(memory)]);
      const ThreadSet all = known | bit_of(thread);
      if (all != known) set(readers(memory), static_cast<Event>(all));
      set(last_read(memory, thread), event);
    }
    void take_back(std::uint32_t count) {
      for (; count_ > count; --count_) {
        events_[changes_[count_ - 1].entry] = changes_[count_ - 1].before;
      }
    }

   private:
    static constexpr Entry kWokenBy = kThreads;
    static constexpr Entry kLastUse = kWokenBy + kThreads;
    static constexpr Entry kAcquired = kLastUse + Footprint::kLockBits;
    static constexpr Entry kWrite = kAcquired + Footprint::kLockBits;
    static constexpr Entry kReaders = kWrite + Footprint::kMemoryBits;
    static constexpr Entry kRead = kReaders + Footprint::kMemoryBits;
    static constexpr Entry kEntries = kRead + Footprint::kMemoryBits * kThreads;

    /// A whole footprint, and all threads woken.
    static constexpr std::size_t kMostAnEvent =
        3 + kThreads + Footprint::kLockBits + std::size_t{4} * Footprint::kMemoryBits;

    struct Change {
      Entry entry;
      Event before;
    };
    std::array<Event, kEntries> events_;
    std::vector<Change> changes_;
    std::uint32_t count_ = 0;  ///< of changes that are in force
  };

  Result end_execution(bool complete);
  bool backtrack();
  void replay();
  bool extend();
  void race_with_the_blocked();
  enum class Choice : std::uint8_t { thread, complete, asleep };
  Choice choose();
  Next stepped() override;
  Node& push(ThreadSet enabled);
  std::size_t thread_of(std::size_t event) const { return taken_[event].thread; }
  void put_to_sleep(Node& node, std::size_t thread, const Footprint& footprint);
  Next prepare();
  void take();
  void note_effect();
  void find_causes(std::size_t depth);
  void collect(const StepEffect& effect, std::size_t depth, const EventClock& known);
  void find_races(std::size_t depth, History::Event holder, History::Event last_use,
                  const EventClock& known);
  void race(std::size_t earlier, std::size_t later, const EventClock& later_clock);
  void request(std::size_t depth, ThreadSet initials, std::size_t preferred);
  bool before(std::size_t event, const EventClock& clock) const {
    return clock[thread_of(event)] > event;
  }
  void share_nodes();

  Execution& execution_;
  Part part_;
  std::vector<Node> nodes_;
  Schedule taken_;         ///< for each node the step taken
  std::size_t depth_ = 0;  ///< nodes in use
  /// Steps that need not be tried below some node, in the order of the nodes; and how many count.
  std::vector<Footprint> sleeping_;
  std::uint32_t sleepers_ = 0;
  std::size_t first_ = 0;   ///< the part's node
  std::size_t frozen_ = 0;  ///< nodes whose other threads are the caller's business
  std::uint64_t executions_ = 0;
  History history_;
  Choice chosen_ = Choice::complete;     ///< by the latest choose()
  std::vector<std::size_t> candidates_;  ///< what the latest step conflicts with
  std::vector<std::size_t> races_;
  std::vector<Request> requests_;
  std::vector<SharedNode> shared_;
};

}  // namespace sim
