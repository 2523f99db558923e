// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/work.hpp"

/// What the figures of reports need of them.
namespace cli {

/// Time that threads waited for a lock, or at an acquisition point.
struct WaitTime {
  double spin_ns = 0.0;
  double block_ns = 0.0;
  double total() const { return spin_ns + block_ns; }
};

/// One waiter and one holder.
using BlamePair = std::pair<std::string, std::string>;

/// The least and the largest time of a bucket, ns, both included.
using BucketBounds = std::pair<double, double>;

/// What is known of the distribution of a time.
struct Distribution {
  double count = 0.0;
  std::map<double, double> value_of_quantile;     ///< ns; holds the maximum as quantile 1
  std::map<double, double> share_over_threshold;  ///< share longer than so many ns
  double share_of_zero = 0.0;                     ///< locks: of acquisitions at once
  /// Counts that add up to `count`; empty unless every report has its histogram.
  std::map<BucketBounds, double> buckets;
};

/// One report, or the means of several: the replications of a point.
struct ReportCase {
  std::string label;
  std::string provenance;  ///< scenario, seed, version
  std::string point;       ///< of a store: the settings that the study varies
  double reports = 0.0;
  double window_ns = 0.0;                      ///< of measurement
  std::vector<std::string> locks;              ///< names, in the report's order
  std::map<std::string, WaitTime> lock_waits;  ///< by lock
  std::map<std::string, std::map<std::string, WaitTime>> point_waits;  ///< by lock and point
  std::map<BlamePair, double> blame_ns;
  std::map<int, std::array<double, sim::kWorkCount>> cpus;  ///< fractions by core
  std::map<std::string, Distribution> times;                ///< by path: locks.so_rcv.wait_ns

  /// Turns the sums into means. Once, after the last report.
  void finish();
};

/// A case a report file. Files with one scenario's name are told apart by their own names, and by
/// their folders where that does not do. Throws UsageError when a file comes twice.
std::vector<ReportCase> read_report_files(const std::vector<std::string>& files);

/// A case a point of a store, `label` and `provenance` included, for the points that meet the
/// `--where` conditions. Throws UsageError when these are more than `most`.
std::vector<ReportCase> read_report_cases(const std::string& store, const std::string& study,
                                          const std::vector<std::string>& conditions,
                                          std::size_t most);

}  // namespace cli
