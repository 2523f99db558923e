// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/explore/execution.hpp"
#include "sim/explore/history.hpp"
#include "sim/explore/schedule.hpp"

namespace sim {

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
    StepEffect effect;           ///< of the step taken
    Footprint united;            ///< of a choice, over the outcomes tried so far
    std::size_t history = 0;     ///< to take back what the step changed there
    std::uint32_t sleepers = 0;  ///< how many count above this node
    std::array<std::uint32_t, kMaxExploredThreads> asleep;  ///< of `sleep`: the place in sleeping_
  };

  Result end_execution(bool complete);
  bool backtrack();
  bool extend();
  void race_with_the_blocked();
  enum class Choice : std::uint8_t { thread, complete, asleep };
  Choice choose();
  Next stepped() override;
  Node& push(ThreadSet enabled);
  [[gnu::cold]] void make_room();
  std::size_t thread_of(std::size_t event) const { return taken_[event].thread; }
  void put_to_sleep(Node& node, std::size_t thread, const Footprint& footprint);
  Next prepare();
  void take();
  void note_effect();
  void find_causes(std::size_t depth);
  void collect(const StepEffect& effect, EventNumber event, const EventClock& known,
               History::Changing& past);
  void find_races(std::size_t depth, EventNumber holder, EventNumber last_use,
                  const EventClock& known);
  void race(std::size_t earlier, std::size_t later, const EventClock& later_clock);
  void request(std::size_t depth, ThreadSet initials, std::size_t preferred);
  const EventClock& clock_of(EventNumber event) const {
    return clocks_[static_cast<std::size_t>(event + 1)];
  }
  bool before(std::size_t event, const EventClock& clock) const {
    return clock[thread_of(event)] > event;
  }
  void share_nodes();

  Execution& execution_;
  Part part_;
  std::vector<Node> nodes_;
  Schedule taken_;  ///< for each node the step taken
  /// Of the steps taken; before the first one that of no event at all.
  std::vector<EventClock> clocks_;
  std::size_t depth_ = 0;  ///< nodes in use
  std::size_t room_ = 0;   ///< for nodes
  /// Steps that need not be tried below some node, in the order of the nodes; and how many count.
  std::vector<Footprint> sleeping_;
  std::uint32_t sleepers_ = 0;
  std::size_t first_ = 0;   ///< the part's node
  std::size_t frozen_ = 0;  ///< nodes whose other threads are the caller's business
  std::uint64_t executions_ = 0;
  History history_;
  Choice chosen_ = Choice::complete;  ///< by the latest choose()
  EventNumbers candidates_;           ///< what the latest step conflicts with
  std::vector<Request> requests_;
  std::vector<SharedNode> shared_;
};

}  // namespace sim
