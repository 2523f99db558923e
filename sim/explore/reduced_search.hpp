// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/explore/execution.hpp"
#include "sim/explore/schedule.hpp"

namespace sim {

/// Which events happen before an event: for each thread the number (from 1) of its last one.
class EventClock {
 public:
  std::size_t operator[](std::size_t thread) const {
    return static_cast<std::size_t>(last_[thread]);
  }
  void set(std::size_t thread, std::size_t number) {
    last_[thread] = static_cast<std::int16_t>(number);
  }
  void join(const EventClock& other) {
    const auto others = other.last_;  // a copy, so that the compiler sees two different arrays
    for (std::size_t i = 0; i < last_.size(); ++i) last_[i] = std::max(last_[i], others[i]);
  }

 private:
  static_assert(kMaxInterleavingSteps <= INT16_MAX);
  /// Signed, as the greater of two is then one instruction for all threads.
  std::array<std::int16_t, kMaxExploredThreads> last_{};
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

  const Schedule& schedule() const { return schedule_; }
  const std::vector<Request>& requests() const { return requests_; }
  const std::vector<SharedNode>& shared_nodes() const { return shared_; }
  /// The share of the tree that is done, estimated from what is open now; 0..1.
  double progress() const;

 private:
  struct Node {
    ThreadSet enabled = 0;
    ThreadSet backtrack = 0;  ///< to be tried
    ThreadSet sleep = 0;      ///< need not be tried (any more)
    std::uint8_t thread = 0;
    std::uint8_t outcome = 0;
    bool choice = false;
    std::int16_t acquired = -1;
    std::int16_t awaited = -1;  ///< the same, if it could only be taken when free
    Footprint footprint;        ///< of the step taken
    Footprint united;           ///< over the outcomes tried so far
    ThreadSet woken = 0;
    EventClock clock;
    std::array<Footprint, kMaxExploredThreads> asleep;  ///< the steps of `sleep`
  };

  /// What the next event's causes are found from; rebuilt in every execution.
  struct History {
    std::array<EventClock, kMaxExploredThreads> thread;        ///< of its last event
    std::array<std::int32_t, kMaxExploredThreads> woken_by{};  ///< event, or -1
    std::array<std::int32_t, Footprint::kLockBits> last_use{};
    std::array<std::int32_t, Footprint::kLockBits> last_acquired{};
    std::array<std::int32_t, Footprint::kMemoryBits> last_write{};
    std::array<ThreadSet, Footprint::kMemoryBits> readers{};  ///< since the last write
    std::array<std::array<std::int32_t, kMaxExploredThreads>, Footprint::kMemoryBits> last_read{};
    void clear(std::size_t threads);
  };

  Result end_execution(bool complete);
  bool backtrack();
  void replay();
  bool extend();
  void race_with_the_blocked();
  enum class Choice : std::uint8_t { thread, complete, asleep };
  Choice choose();
  int stepped(const StepEffect& effect) override;
  Node& push(ThreadSet enabled);
  void prepare();
  void take();
  void note_effect(std::size_t depth, const StepEffect& effect);
  EventClock find_causes(std::size_t depth);
  void remember(std::size_t depth);
  void find_races(std::size_t depth, std::int32_t holder, const EventClock& known);
  void race(std::size_t earlier, std::size_t later, const EventClock& later_clock);
  void request(std::size_t depth, ThreadSet initials, std::size_t preferred);
  bool before(std::size_t event, const EventClock& clock) const {
    return clock[nodes_[event].thread] > event;
  }
  void collect(const Footprint& footprint, int acquired, const EventClock& known);
  void share_nodes();

  Execution& execution_;
  Part part_;
  std::vector<Node> nodes_;
  std::size_t depth_ = 0;   ///< nodes in use
  std::size_t first_ = 0;   ///< the part's node
  std::size_t frozen_ = 0;  ///< nodes whose other threads are the caller's business
  std::uint64_t executions_ = 0;
  History history_;
  Choice chosen_ = Choice::complete;  ///< by the latest choose()
  Schedule schedule_;
  std::vector<std::size_t> candidates_;
  std::vector<std::size_t> races_;
  std::vector<Request> requests_;
  std::vector<SharedNode> shared_;
};

}  // namespace sim
