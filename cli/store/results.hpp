// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/study/study.hpp"
#include "models/report/metrics.hpp"

/// What a store holds, in memory: the one input of export, plot, compare, expectations and the HTML
/// report of a sweep.
namespace cli {

/// One run of one point.
struct Run {
  std::string point;              ///< Point::hash
  std::vector<Setting> settings;  ///< one a factor, in the order of Results::factors
  int replication = 0;            ///< counted from 0
  std::int64_t seed = 0;
  std::string status;  ///< ok, violation, deadlock, crashed, timeout, out_of_memory, error
  std::string reason;  ///< empty when ok
  std::vector<std::pair<std::string, double>> metrics;  ///< sorted by path; empty for a failed run
  std::string fingerprint;                              ///< empty for a failed run
  std::string rerun;                                    ///< a command line, quoted for a shell

  bool has_results() const { return !fingerprint.empty(); }
  /// As it stands in `metrics`; MetricReader knows of pairs that never waited, too.
  std::optional<double> metric(std::string_view path) const;
};

/// All runs of one study in one store.
struct Results {
  std::string study;    ///< its name
  std::string version;  ///< of the model that made them
  std::vector<std::string> factors;
  std::vector<std::string> units;  ///< as Study::units; empty: the store does not know them
  std::vector<Run> runs;           ///< by the order of the study's points, then by replication
  /// Metrics of which settle_metrics() took some out: means over nothing. Sorted.
  std::vector<std::string> over_nothing;
  std::size_t points = 0;          ///< of the study; 0: not known
  std::size_t missing_points = 0;  ///< of these, without any run: not swept yet, or in other shards
};

/// One metric of many runs.
class MetricReader {
 public:
  explicit MetricReader(std::string path);

  /// Nothing when the run failed or has no such number; 0 for a pair of `blame` that no run has, if
  /// the run has the lock.
  std::optional<double> operator()(const Run& run) const;

 private:
  std::string path_;
  models::MetricBasis basis_;
};

/// Makes the metrics of all runs say the same by their presence. A mean, quantile or maximum of
/// nothing, which reports have as 0, is taken out; an entry that a run lacks and another one has (a
/// pair that waited, an acquisition point that was reached) is put in as 0. The more metrics the
/// runs have, the more it can tell: of the metrics that metric_basis() names, at least.
void settle_metrics(Results& results);
/// The same, as if both were one.
void settle_metrics(Results& results, Results& others);

/// `read size [bytes]`, for an axis. Of results whose units are not known, the unit is that of the
/// field that has the factor's name.
std::string label_of_factor(const Results& results, const std::string& factor);

}  // namespace cli
