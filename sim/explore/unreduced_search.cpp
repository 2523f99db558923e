// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/unreduced_search.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "sim/base/assert.hpp"

namespace sim {

UnreducedSearch::UnreducedSearch(Execution& execution, const Strategy& strategy, Schedule branch)
    : execution_(execution),
      price_(strategy.kind == Strategy::Kind::delays ? Price::delay : Price::preemption),
      branch_(std::move(branch)) {
  SIM_ASSERT(strategy.finite() && strategy.kind != Strategy::Kind::exhaustive,
             "a strategy that goes through schedules one by one");
  if (strategy.kind != Strategy::Kind::all) budget_ = strategy.bound;
}

int UnreducedSearch::cost(ThreadSet enabled, std::size_t thread) const {
  if (schedule_.empty() && price_ != Price::delay) return 0;
  const std::size_t last = schedule_.empty() ? 0 : schedule_.back().thread;
  switch (price_) {
    case Price::preemption:
      return thread != last && (enabled & bit_of(last)) != 0 ? 1 : 0;
    case Price::change:
      return thread != last ? 1 : 0;
    case Price::delay: {
      // Round robin without preemption: the last thread, then the next ones that can go on.
      int skipped = 0;
      for (std::size_t i = last; i != thread; i = (i + 1) % execution_.threads()) {
        if ((enabled & bit_of(i)) != 0) ++skipped;
      }
      return skipped;
    }
  }
  return 0;
}

std::vector<ScheduleStep> UnreducedSearch::options(ThreadSet enabled, int spent) const {
  std::vector<std::pair<int, ScheduleStep>> found;
  for (ThreadSet rest = enabled; rest != 0; rest &= rest - 1) {
    const auto thread = static_cast<std::uint8_t>(std::countr_zero(rest));
    const int price = cost(enabled, thread);
    if (budget_ && spent + price > *budget_) continue;
    const int outcomes = execution_.next_is_choice(thread) ? 2 : 1;
    for (int outcome = 0; outcome < outcomes; ++outcome) {
      found.push_back({price, {thread, static_cast<std::uint8_t>(outcome)}});
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<ScheduleStep> result;
  result.reserve(found.size());
  for (const auto& [price, step] : found) result.push_back(step);
  return result;
}

void UnreducedSearch::extend() {
  for (ThreadSet enabled; (enabled = execution_.enabled()) != 0;) {
    check_length(schedule_.size());
    const int spent = nodes_.empty() ? spent_ : nodes_.back().spent;
    Node node;
    node.options = options(enabled, spent);
    if (node.options.empty()) {
      complete_ = false;
      return;
    }
    const ScheduleStep step = node.options.front();
    node.spent = spent + cost(enabled, step.thread);
    nodes_.push_back(std::move(node));
    schedule_.push_back(step);
    execution_.step(step.thread, step.outcome);
  }
}

/// Goes to where the branch begins.
void UnreducedSearch::enter() {
  execution_.begin();
  for (const ScheduleStep& step : branch_) {
    spent_ += cost(execution_.enabled(), step.thread);
    schedule_.push_back(step);
    execution_.step(step.thread, step.outcome);
  }
}

/// Of the last node, all before it being as they were.
void UnreducedSearch::take_next_option() {
  schedule_.resize(branch_.size() + nodes_.size() - 1);
  execution_.begin_again(schedule_);
  Node& node = nodes_.back();
  const ScheduleStep step = node.options[++node.taken];
  const int before = nodes_.size() > 1 ? nodes_[nodes_.size() - 2].spent : spent_;
  node.spent = before + cost(execution_.enabled(), step.thread);
  schedule_.push_back(step);
  execution_.step(step.thread, step.outcome);
}

bool UnreducedSearch::advance() {
  if (started_) {
    while (!nodes_.empty() && nodes_.back().taken + 1 == nodes_.back().options.size()) {
      nodes_.pop_back();
    }
    if (nodes_.empty()) return false;
  }
  if (started_) {
    take_next_option();
  } else {
    enter();
  }
  started_ = true;
  complete_ = true;
  extend();
  return true;
}

std::vector<Schedule> UnreducedSearch::give_away() {
  std::vector<Schedule> branches;
  const auto open = std::find_if(nodes_.begin(), nodes_.end(), [](const Node& node) {
    return node.taken + 1 < node.options.size();
  });
  if (open == nodes_.end()) return branches;
  const auto depth = static_cast<std::ptrdiff_t>(branch_.size()) + (open - nodes_.begin());
  for (std::size_t i = open->taken + 1; i < open->options.size(); ++i) {
    Schedule& branch = branches.emplace_back(schedule_.begin(), schedule_.begin() + depth);
    branch.push_back(open->options[i]);
  }
  open->options.resize(open->taken + 1);
  return branches;
}

double UnreducedSearch::progress() const {
  double done = 0.0;
  double share = 1.0;
  for (const Node& node : nodes_) {
    const auto all = static_cast<double>(node.options.size());
    done += share * static_cast<double>(node.taken) / all;
    share /= all;
  }
  return done;
}

}  // namespace sim
