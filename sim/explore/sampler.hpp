// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/base/random.hpp"
#include "sim/explore/execution.hpp"
#include "sim/explore/schedule.hpp"
#include "sim/explore/search.hpp"

namespace sim {

/// Draws schedules: Strategy::Kind::pct, random and urw.
class Sampler {
 public:
  Sampler(Execution& execution, Strategy strategy, std::uint64_t seed);

  /// Executes the schedule that belongs to `number`, whichever were executed before.
  void execute(std::uint32_t number);
  const Schedule& schedule() const { return schedule_; }

 private:
  void calibrate();
  void begin_pct(Stream& draw);
  std::size_t pick(ThreadSet enabled, Stream& draw);
  std::size_t pick_pct(ThreadSet enabled);
  std::size_t pick_urw(ThreadSet enabled, Stream& draw) const;

  Execution& execution_;
  Strategy strategy_;
  std::uint64_t seed_;
  Schedule schedule_;
  std::size_t expected_steps_ = 1;                                ///< of an execution
  std::array<std::uint32_t, kMaxExploredThreads> expected_of_{};  ///< of each thread
  std::array<std::uint32_t, kMaxExploredThreads> done_by_{};
  std::array<std::int32_t, kMaxExploredThreads> priority_{};  ///< higher goes first
  std::vector<std::size_t> change_points_;
};

}  // namespace sim
