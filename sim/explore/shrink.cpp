// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/shrink.hpp"

#include <algorithm>

#include "sim/explore/execution.hpp"
#include "sim/explore/unreduced_search.hpp"

namespace sim {
namespace {

/// Fewer changes of thread first, then fewer steps.
bool simpler(const Schedule& a, const Schedule& b) {
  const std::size_t changes_a = context_switches(a);
  const std::size_t changes_b = context_switches(b);
  return changes_a != changes_b ? changes_a < changes_b : a.size() < b.size();
}

/// What of `schedule` led to a violation of `kind`; empty when it did not.
Schedule up_to_violation(Execution& execution, const std::string& kind, const Schedule& schedule) {
  if (execution.enabled() == 0) execution.judge();
  if (!execution.finding() || execution.finding()->kind != kind) return {};
  const auto steps = static_cast<std::ptrdiff_t>(execution.finding_step());
  return {schedule.begin(), schedule.begin() + steps};
}

/// Follows the blocks of `wish` as far as they can be followed: a thread that cannot go on gives
/// way to whoever comes next, and when the wish is used up threads run to their ends in turn.
/// Empty when that takes too many steps.
Schedule follow(Execution& execution, const Schedule& wish) {
  Schedule made;
  execution.begin();
  const auto take = [&](std::uint8_t thread, std::uint8_t outcome) {
    const bool choice = execution.next_is_choice(thread);
    made.push_back({thread, choice ? outcome : std::uint8_t{0}});
    execution.step(thread, made.back().outcome);
  };
  for (const ScheduleStep step : wish) {
    if (execution.finding()) return made;
    if ((execution.enabled() & bit_of(step.thread)) != 0) take(step.thread, step.outcome);
  }
  while (!execution.finding()) {
    const ThreadSet enabled = execution.enabled();
    if (enabled == 0) return made;
    if (made.size() >= kMaxInterleavingSteps) return {};
    const bool stay = !made.empty() && (enabled & bit_of(made.back().thread)) != 0;
    std::uint8_t thread = 0;
    while (!stay && (enabled & bit_of(thread)) == 0) ++thread;
    take(stay ? made.back().thread : thread, 0);
  }
  return made;
}

/// How many executions may still be made.
class Budget {
 public:
  explicit Budget(const ShrinkOptions& options)
      : left_(options.max_executions), stop_(options.stop) {}
  bool spend() {
    if (left_ == 0 || (stop_ && stop_())) return false;
    --left_;
    return true;
  }

 private:
  std::uint64_t left_;
  const std::function<bool()>& stop_;
};

/// Moves single blocks of steps next to another block of the same thread, as long as that helps.
Schedule merge_blocks(Execution& execution, const std::string& kind, Schedule best,
                      Budget& budget) {
  for (bool better = true; better;) {
    better = false;
    for (std::size_t from = 0; from < best.size() && !better; ++from) {
      if (from > 0 && best[from].thread == best[from - 1].thread) continue;
      std::size_t end = from;
      while (end < best.size() && best[end].thread == best[from].thread) ++end;
      for (std::size_t to = 0; to < best.size() && !better; ++to) {
        const bool inside = to + 1 >= from && to < end;
        const bool block_ends = to + 1 == best.size() || best[to + 1].thread != best[to].thread;
        if (inside || !block_ends || best[to].thread != best[from].thread) continue;
        if (!budget.spend()) return best;
        Schedule wish = best;
        const auto at = [&](std::size_t i) {
          return wish.begin() + static_cast<std::ptrdiff_t>(i);
        };
        if (to < from) {
          std::rotate(at(to + 1), at(from), at(end));
        } else {
          std::rotate(at(from), at(end), at(to + 1));
        }
        const Schedule made = follow(execution, wish);
        Schedule candidate = up_to_violation(execution, kind, made);
        if (!candidate.empty() && simpler(candidate, best)) {
          best = std::move(candidate);
          better = true;
        }
      }
    }
  }
  return best;
}

std::optional<Schedule> simplest(Program& program, const std::string& kind, int most_changes,
                                 Budget& budget) try {
  const auto turns = make_fiber_turns();
  Execution execution(program, *turns);
  for (int changes = 0; changes <= most_changes; ++changes) {
    UnreducedSearch search(execution, UnreducedSearch::Price::change, changes);
    std::optional<Schedule> best;
    while (search.advance()) {
      if (!budget.spend()) return best;
      Schedule candidate = up_to_violation(execution, kind, search.schedule());
      if (!candidate.empty() && (!best || simpler(candidate, *best))) best = std::move(candidate);
    }
    if (best) return best;
  }
  return std::nullopt;
} catch (const InterleavingTooLong&) {
  return std::nullopt;
}

}  // namespace

std::optional<Schedule> simplest_schedule(Program& program, const std::string& kind,
                                          int most_changes, const ShrinkOptions& options) {
  Budget budget(options);
  return simplest(program, kind, most_changes, budget);
}

Schedule shrink(Program& program, const std::string& kind, const Schedule& found,
                const ShrinkOptions& options) {
  Budget budget(options);
  Schedule best = found;
  {
    const auto turns = make_fiber_turns();
    Execution execution(program, *turns);
    best = merge_blocks(execution, kind, std::move(best), budget);
  }
  const auto most = static_cast<int>(context_switches(best));
  const auto other = simplest(program, kind, most, budget);
  return other && simpler(*other, best) ? *other : best;
}

}  // namespace sim
