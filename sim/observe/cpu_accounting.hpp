// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/base/work.hpp"

namespace sim {

/// Where the time of every core went, by category, within a window. Intervals may be charged ahead
/// of the present date; what lies outside of the window does not count.
class CpuAccounting {
 public:
  /// `from_ps` <= `to_ps`: the window of measurement.
  CpuAccounting(Picoseconds from_ps, Picoseconds to_ps) : from_ps_(from_ps), to_ps_(to_ps) {}

  /// A core that exists from `now` on. Cores are numbered in order.
  void add_core(Picoseconds now);
  int cores() const { return static_cast<int>(cores_.size()); }

  void charge(int core, Work work, Picoseconds from_ps, Picoseconds to_ps) {
    add(core, work, from_ps, to_ps, 1);
  }
  /// Takes back what was charged ahead.
  void refund(int core, Work work, Picoseconds from_ps, Picoseconds to_ps) {
    add(core, work, from_ps, to_ps, -1);
  }

  /// Ends the window at `end_ps` (at most the one given before). Checks that the categories of each
  /// core add up to the time for which it existed, exactly; else InternalError with the core and
  /// the figures.
  void close(Picoseconds end_ps);

  /// Time of `core` in the window; valid after close().
  Picoseconds elapsed_ps(int core) const;
  Picoseconds total_ps(int core, Work work) const;
  /// Share of the window; 0 when the window is empty.
  double fraction(int core, Work work) const;

 private:
  struct Core {
    Picoseconds since_ps = 0;
    std::array<Picoseconds, kWorkCount> total_ps{};
  };

  void add(int core, Work work, Picoseconds from_ps, Picoseconds to_ps, Picoseconds sign) {
    const Picoseconds length = std::min(to_ps, to_ps_) - std::max(from_ps, from_ps_);
    if (length <= 0) return;
    Core& one = cores_[static_cast<std::size_t>(core)];
    one.total_ps[static_cast<std::size_t>(work)] += sign * length;
  }

  Picoseconds from_ps_;
  Picoseconds to_ps_;
  std::vector<Core> cores_;
};

}  // namespace sim
