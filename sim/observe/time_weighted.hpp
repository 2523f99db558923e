// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/assert.hpp"
#include "sim/base/int128.hpp"
#include "sim/base/time.hpp"

namespace sim {

/// The history of an integer level (a queue's length, bytes in a buffer) as the integral over
/// simulated time, exact to the picosecond. On request also how long each level lasted.
///
/// Time must not run backwards between calls (InternalError).
class TimeWeighted {
 public:
  /// `levels` > 0 keeps the time spent at each level 0 .. levels-1, the last standing for
  /// "levels-1 or more"; the level must then stay >= 0. 0 keeps none.
  explicit TimeWeighted(std::size_t levels = 0) : time_at_level_(levels) {}

  void set(Picoseconds now, std::int64_t level) {
    advance(now);
    level_ = level;
    max_ = level > max_ ? level : max_;
  }
  void add(Picoseconds now, std::int64_t difference) { set(now, level_ + difference); }

  std::int64_t level() const { return level_; }

  /// The highest level since the last reset, however briefly held.
  std::int64_t max() const { return max_; }

  /// The sum of level * duration from the window's start to `now`, in level-picoseconds.
  Int128 integral(Picoseconds now) const {
    SIM_ASSERT(now >= since_, "time ran backwards");
    return integral_ + static_cast<Int128>(level_) * (now - since_);
  }

  /// The time-average from the window's start to `now`; the level itself when that is empty.
  double mean(Picoseconds now) const;

  /// How long each level lasted from the window's start to `now`; adds up to its length.
  std::vector<Picoseconds> time_at_level(Picoseconds now) const;

  /// Starts a new window: forgets the past, keeps the level.
  void reset(Picoseconds now);

 private:
  void advance(Picoseconds now) {
    integral_ = integral(now);
    if (!time_at_level_.empty()) {
      time_at_level_[slot()] += now - since_;
    }
    since_ = now;
  }
  std::size_t slot() const {
    SIM_ASSERT(level_ >= 0, "a negative level has no place in the table of levels");
    return std::min(static_cast<std::size_t>(level_), time_at_level_.size() - 1);
  }

  Picoseconds window_start_ = 0;
  Picoseconds since_ = 0;
  std::int64_t level_ = 0;
  std::int64_t max_ = 0;
  Int128 integral_ = 0;
  std::vector<Picoseconds> time_at_level_;
};

}  // namespace sim
