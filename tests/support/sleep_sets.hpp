// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <bit>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "sim/explore/execution.hpp"

namespace test {

/// Counts the classes of equivalent interleavings by sleep sets alone (P. Godefroid, LNCS 1032,
/// 1996): every thread is tried everywhere, unless it was tried before in the same place and
/// nothing since conflicts with it. Many more executions than the search under test makes, and
/// nothing in common with how it finds races.
class SleepSetCount {
 public:
  explicit SleepSetCount(sim::Program& program)
      : turns_(sim::make_fiber_turns()), execution_(program, *turns_) {}

  std::uint64_t classes() {
    count_ = 0;
    visit({});
    return count_;
  }

 private:
  using Sleep = std::map<std::size_t, sim::Footprint>;

  void go_to_path() {
    execution_.begin();
    execution_.run(path_);
  }

  void visit(Sleep sleep) {
    go_to_path();
    const sim::ThreadSet enabled = execution_.enabled();
    if (enabled == 0) ++count_;
    for (sim::ThreadSet rest = enabled; rest != 0; rest &= rest - 1) {
      const auto thread = static_cast<std::size_t>(std::countr_zero(rest));
      if (!sleep.contains(thread)) sleep.emplace(thread, take(thread, sleep));
    }
  }

  /// What the thread's step conflicts with here, over both outcomes if it is a choice.
  sim::Footprint take(std::size_t thread, const Sleep& sleep) {
    sim::Footprint all;
    int outcomes = 1;
    for (int outcome = 0; outcome < outcomes; ++outcome) {
      go_to_path();
      if (execution_.next(thread).op == sim::Op::choice) outcomes = 2;
      const sim::Footprint footprint = execution_.step(thread, outcome).footprint;
      all.add(footprint);
      Sleep left;
      for (const auto& [other, its] : sleep) {
        if (!its.conflicts(footprint)) left.emplace(other, its);
      }
      path_.push_back({static_cast<std::uint8_t>(thread), static_cast<std::uint8_t>(outcome)});
      visit(std::move(left));
      path_.pop_back();
    }
    return all;
  }

  std::unique_ptr<sim::Turns> turns_;
  sim::Execution execution_;
  sim::Schedule path_;
  std::uint64_t count_ = 0;
};

}  // namespace test
