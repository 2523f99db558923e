// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/base/assert.hpp"
#include "sim/base/time.hpp"
#include "sim/base/work.hpp"

namespace sim {

/// Where the time of each core went, by kind of work, over a window of measurement.
///
/// The identity "all kinds add up to the elapsed time" is exact in picoseconds and checked
/// whenever totals are read. A breach is an InternalError that names core and figures.
class CpuAccounting {
 public:
  using Totals = std::array<Picoseconds, kWorkCount>;
  using Fractions = std::array<double, kWorkCount>;

  enum class Idle : std::uint8_t {
    derived,  ///< whatever was not charged is idle; the check finds time charged twice
    charged,  ///< idle time is charged like all other; the check finds gaps as well
  };

  explicit CpuAccounting(std::size_t cores, Idle idle = Idle::derived)
      : idle_(idle), totals_(cores) {}

  std::size_t cores() const { return totals_.size(); }

  /// Core `core` did `work` from `from` to `to`. What lies outside the window does not count;
  /// order does not matter. from <= to; with Idle::derived, never Work::idle.
  void charge(std::size_t core, Work work, Picoseconds from, Picoseconds to) {
    SIM_ASSERT(core < totals_.size(), "time charged to a core that does not exist");
    SIM_ASSERT(from <= to, "time charged backwards");
    SIM_ASSERT(work != Work::idle || idle_ == Idle::charged, "idle time is derived");
    const Picoseconds start = std::max(from, window_start_);
    const Picoseconds end = std::min(to, window_limit_);
    if (start < end) {
      totals_[core][static_cast<std::size_t>(work)] += end - start;
    }
  }

  /// Starts a new window at `now` and forgets what was charged. Later charges count up to
  /// `limit`, when the end of the window is known beforehand.
  void reset(Picoseconds now, Picoseconds limit = std::numeric_limits<Picoseconds>::max());

  /// Picoseconds by kind from the window's start to `window_end` (at most its limit); they add
  /// up to exactly that. Nothing may have been charged beyond `window_end`.
  Totals totals(std::size_t core, Picoseconds window_end) const;

  /// The same as fractions that add up to 1. An empty window was idle.
  Fractions fractions(std::size_t core, Picoseconds window_end) const;

 private:
  Idle idle_;
  Picoseconds window_start_ = 0;
  Picoseconds window_limit_ = std::numeric_limits<Picoseconds>::max();
  std::vector<Totals> totals_;
};

}  // namespace sim
