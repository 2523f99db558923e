// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/explore/execution.hpp"
#include "sim/explore/schedule.hpp"
#include "sim/explore/search.hpp"

namespace sim {

/// Depth-first search of schedules one by one, within a budget that choices use up. Can be told to
/// search one branch of the tree only, and to give away what is still to be done near its root.
class UnreducedSearch {
 public:
  /// What a choice costs. Absent budget: everything is free.
  enum class Price : std::uint8_t {
    preemption,  ///< leaving a thread that could go on
    delay,       ///< every thread that a round-robin scheduler would have taken before this one
    change       ///< every change of thread
  };

  UnreducedSearch(Execution& execution, Price price, std::optional<int> budget)
      : execution_(execution), price_(price), budget_(budget) {}
  /// As `all`, `preemptions` and `delays` ask for. `branch`: how all schedules begin; the search
  /// that gave it away has seen to it that it is within the budget.
  UnreducedSearch(Execution& execution, const Strategy& strategy, Schedule branch = {});

  /// Executes the next schedule; false when there is none.
  bool advance();
  /// False: the budget was used up before the end (possible with Price::change alone).
  bool complete() const { return complete_; }
  const Schedule& schedule() const { return schedule_; }
  /// The untried branches of the node nearest to the root that has any: this search leaves them
  /// out.
  std::vector<Schedule> give_away();
  /// Estimated share that is done, 0..1.
  double progress() const;

 private:
  struct Node {
    std::vector<ScheduleStep> options;  ///< those within the budget, cheapest first
    std::size_t taken = 0;
    int spent = 0;  ///< with the step taken here
  };

  void enter();
  void take_next_option();
  void extend();
  std::vector<ScheduleStep> options(ThreadSet enabled, int spent) const;
  int cost(ThreadSet enabled, std::size_t thread) const;

  Execution& execution_;
  Price price_;
  std::optional<int> budget_;
  Schedule branch_;
  int spent_ = 0;  ///< by the branch
  bool started_ = false;
  bool complete_ = true;
  std::vector<Node> nodes_;  ///< after the branch
  Schedule schedule_;
};

}  // namespace sim
