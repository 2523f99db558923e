// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/explore/execution.hpp"
#include "sim/explore/schedule.hpp"

namespace sim {

/// Depth-first search of schedules one by one, within a budget that choices use up.
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

  /// Executes the next schedule; false when there is none.
  bool advance();
  /// False: the budget was used up before the end (possible with Price::change alone).
  bool complete() const { return complete_; }
  const Schedule& schedule() const { return schedule_; }
  /// Estimated share that is done, 0..1.
  double progress() const;

 private:
  struct Node {
    std::vector<ScheduleStep> options;  ///< those within the budget, cheapest first
    std::size_t taken = 0;
    int spent = 0;  ///< with the step taken here
  };

  void extend();
  std::vector<ScheduleStep> options(ThreadSet enabled, int spent) const;
  int cost(ThreadSet enabled, std::size_t thread) const;

  Execution& execution_;
  Price price_;
  std::optional<int> budget_;
  bool started_ = false;
  bool complete_ = true;
  std::vector<Node> nodes_;
  Schedule schedule_;
};

}  // namespace sim
