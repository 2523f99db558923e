// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/store/results.hpp"

namespace cli {

/// The runs of one point.
struct PointRuns {
  std::vector<const Run*> runs;

  std::size_t with_results() const;
};

/// In the order of the results.
std::vector<PointRuns> runs_by_point(const Results& results);

/// The metrics of a sweep as JSON for its page.
struct SweepMetrics {
  std::string varying;   ///< array of {path, mean[], half_width[]}, one value a point
  std::string constant;  ///< object: those that are the same in every run
  std::vector<std::string> left_out;
};

/// Means and 95 % half-widths over the runs that have the metric, the most asked for first. Metrics
/// are left out from where `varying` would get longer than `most_bytes`.
SweepMetrics sweep_metrics(const std::vector<PointRuns>& points, std::size_t most_bytes);

}  // namespace cli
