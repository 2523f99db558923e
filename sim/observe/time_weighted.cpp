// SPDX-License-Identifier: BSD-2-Clause
#include "sim/observe/time_weighted.hpp"

#include <algorithm>

namespace sim {

double TimeWeighted::mean(Picoseconds now) const {
  if (now == window_start_) {
    return static_cast<double>(level_);
  }
  return static_cast<double>(integral(now)) / static_cast<double>(now - window_start_);
}

std::vector<Picoseconds> TimeWeighted::time_at_level(Picoseconds now) const {
  SIM_ASSERT(now >= since_, "time ran backwards");
  std::vector<Picoseconds> result = time_at_level_;
  if (!result.empty()) {
    result[slot()] += now - since_;
  }
  return result;
}

void TimeWeighted::reset(Picoseconds now) {
  SIM_ASSERT(now >= since_, "time ran backwards");
  window_start_ = now;
  since_ = now;
  max_ = level_;
  integral_ = 0;
  std::fill(time_at_level_.begin(), time_at_level_.end(), 0);
}

}  // namespace sim
