// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/sampler.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace sim {
namespace {

/// Executions from which the lengths are learnt that pct and urw need.
constexpr std::uint32_t kCalibrations = 8;

std::size_t nth_of(ThreadSet set, std::uint64_t n) {
  for (; n > 0; --n) set &= set - 1;
  return static_cast<std::size_t>(std::countr_zero(set));
}

std::size_t any_of(ThreadSet set, Stream& draw) {
  return nth_of(set, draw.below(static_cast<std::uint64_t>(std::popcount(set))));
}

}  // namespace

Sampler::Sampler(Execution& execution, Strategy strategy, std::uint64_t seed)
    : execution_(execution), strategy_(strategy), seed_(seed) {
  if (strategy.kind != Strategy::Kind::random) calibrate();
}

/// Learns how long executions are from a few drawn uniformly.
void Sampler::calibrate() {
  const Strategy wanted = std::exchange(strategy_, Strategy{Strategy::Kind::random, 0});
  for (std::uint32_t i = 0; i < kCalibrations; ++i) {
    execute(i);
    expected_steps_ = std::max(expected_steps_, schedule_.size());
    for (std::size_t t = 0; t < expected_of_.size(); ++t) {
      expected_of_[t] = std::max(expected_of_[t], done_by_[t]);
    }
  }
  strategy_ = wanted;
}

void Sampler::begin_pct(Stream& draw) {
  const std::size_t threads = execution_.threads();
  for (std::size_t i = 0; i < threads; ++i) {
    priority_[i] = static_cast<std::int32_t>(i) + strategy_.bound;
  }
  for (std::size_t i = threads; i > 1; --i) std::swap(priority_[i - 1], priority_[draw.below(i)]);
  change_points_.clear();
  for (int i = 1; i < strategy_.bound; ++i) change_points_.push_back(draw.below(expected_steps_));
}

std::size_t Sampler::pick_pct(ThreadSet enabled) {
  const auto highest = [&] {
    std::size_t best = nth_of(enabled, 0);
    for (ThreadSet rest = enabled; rest != 0; rest &= rest - 1) {
      const std::size_t thread = nth_of(rest, 0);
      if (priority_[thread] > priority_[best]) best = thread;
    }
    return best;
  };
  for (std::size_t i = 0; i < change_points_.size(); ++i) {
    if (change_points_[i] == schedule_.size()) priority_[highest()] = static_cast<int>(i);
  }
  return highest();
}

std::size_t Sampler::pick_urw(ThreadSet enabled, Stream& draw) const {
  std::uint64_t total = 0;
  const auto left = [&](std::size_t thread) -> std::uint64_t {
    return expected_of_[thread] > done_by_[thread] ? expected_of_[thread] - done_by_[thread] : 1;
  };
  for (ThreadSet rest = enabled; rest != 0; rest &= rest - 1) total += left(nth_of(rest, 0));
  std::uint64_t ticket = draw.below(total);
  for (ThreadSet rest = enabled; rest != 0; rest &= rest - 1) {
    const std::size_t thread = nth_of(rest, 0);
    if (ticket < left(thread)) return thread;
    ticket -= left(thread);
  }
  return nth_of(enabled, 0);
}

std::size_t Sampler::pick(ThreadSet enabled, Stream& draw) {
  switch (strategy_.kind) {
    case Strategy::Kind::pct:
      return pick_pct(enabled);
    case Strategy::Kind::urw:
      return pick_urw(enabled, draw);
    default:
      return any_of(enabled, draw);
  }
}

void Sampler::execute(std::uint32_t number) {
  Stream draw(seed_, number, "schedule");
  execution_.begin();
  schedule_.clear();
  done_by_.fill(0);
  if (strategy_.kind == Strategy::Kind::pct) begin_pct(draw);
  for (ThreadSet enabled; (enabled = execution_.enabled()) != 0;) {
    check_length(schedule_.size());
    const std::size_t thread = pick(enabled, draw);
    const bool choice = execution_.next_is_choice(thread);
    const auto outcome = static_cast<std::uint8_t>(choice ? draw.below(2) : 0);
    schedule_.push_back({static_cast<std::uint8_t>(thread), outcome});
    ++done_by_[thread];
    execution_.step(thread, outcome);
  }
}

}  // namespace sim
