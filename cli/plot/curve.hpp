// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "cli/plot/report_case.hpp"

/// Distributions of times, as far as the reports know them.
namespace cli {

/// The distribution function where it is known.
struct KnownPoint {
  double time = 0.0;   ///< ns, above 0
  double share = 0.0;  ///< of the times at most so long
};

/// The times between two known ones.
struct ShareStep {
  double from = 0.0;   ///< ns; 0: from the left end of the axis on
  double to = 0.0;     ///< ns, above `from`
  double share = 0.0;  ///< of all times, those of 0 among them
};

/// A distribution to be drawn over the logarithm of time.
struct Curve {
  std::string label;
  double share_of_zero = 0.0;
  /// From the buckets of observe.histograms: the points are the edges of buckets, and between two
  /// points that are neighbours there is nothing but one bucket, or none at all. Else the points
  /// are quantiles and thresholds, which say little of what lies between.
  bool of_buckets = false;
  std::vector<KnownPoint> points;  ///< ascending in both
  std::vector<ShareStep> steps;    ///< ascending, disjoint; with share_of_zero they add up to 1
};

/// Has no points when all times are 0.
Curve curve_of(std::string label, const Distribution& time);

}  // namespace cli
