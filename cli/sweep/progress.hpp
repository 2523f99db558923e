// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>

#include "cli/progress_line.hpp"
#include "cli/study/study.hpp"

namespace cli {

/// What a sweep has reached, for its progress report.
struct SweepState {
  std::size_t points = 0;
  std::size_t points_done = 0;
  std::size_t runs = 0;  ///< known to be needed
  std::size_t runs_done = 0;
  std::size_t failed = 0;
  double cost_done_s = 0.0;  ///< by estimate
  double cost_left_s = 0.0;
};

/// Tells of a sweep on standard error: one line that changes on a terminal, else a line a point.
class SweepProgress {
 public:
  explicit SweepProgress(std::string study);

  void show(const SweepState& state);
  void point_done(const SweepState& state, const Point& point);
  void run_failed(const Point& point, int replication, const std::string& status,
                  const std::string& reason, const std::string& rerun);
  /// A line that stays.
  void say(const std::string& text);

 private:
  std::string study_;
  ProgressLine line_;
};

}  // namespace cli
