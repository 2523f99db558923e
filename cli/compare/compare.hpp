// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "cli/junit.hpp"
#include "cli/study/analysis.hpp"

/// What changed between two stores, or between two reports. docs/compare.md.
namespace cli {

/// What may change without failing.
struct Tolerances {
  double relative = 0.0;                    ///< of the old value: 0.05 is 5 %
  std::map<std::string, double> by_metric;  ///< instead, for single metrics

  double of(const std::string& metric) const;
};

/// Reads "5%", or "METRIC=5%" for one metric. Throws UsageError.
Tolerances parse_tolerances(const std::vector<std::string>& texts);

enum class ChangeVerdict {
  same,      ///< every value equals its counterpart
  unproven,  ///< no difference proven at 95 %
  within,    ///< a difference within the tolerance
  beyond,    ///< a difference beyond the tolerance
  lost,      ///< the new side has no value any more
};

/// One metric in one point, or of the report.
struct Change {
  std::string metric;
  std::string point;  ///< `nic.mtu=9000, receive.algorithm=generic`; empty: a report
  double from = 0.0;  ///< mean over `old_runs`
  double to = 0.0;
  std::size_t old_runs = 0;  ///< that are compared; of pairs as many as on the other side
  std::size_t new_runs = 0;
  std::size_t old_left_out = 0;  ///< that have the metric and no counterpart
  std::size_t new_left_out = 0;
  Estimate difference;    ///< to - from; without an interval when a side has one run only
  double relative = 0.0;  ///< difference over the amount of `from`; infinite when that is 0
  double tolerance = 0.0;
  ChangeVerdict verdict = ChangeVerdict::same;

  bool failed() const { return verdict == ChangeVerdict::beyond || verdict == ChangeVerdict::lost; }
};

/// A mean, quantile or maximum that a side has over nothing: no number there, and no loss.
struct NotCompared {
  std::string metric;
  std::string point;  ///< empty: a report
  std::string count;  ///< that it is over, and that is 0
  bool in_old = false;
  bool in_new = false;

  /// `locks.so_rcv.contended is 0 in the new store`
  std::string why() const;
};

/// A point with runs that failed (timeout, crash, ...), on either side.
struct FailedRuns {
  std::string point;
  std::size_t in_old = 0;
  std::size_t in_new = 0;
  std::size_t lost = 0;    ///< failed in the new store, with results in the old one
  std::string old_reason;  ///< "timeout", "2 timeout, 1 crashed"; empty: none failed
  std::string new_reason;
};

/// Where the scenarios of the two sides differ beside what the factors vary.
struct ScenarioChanges {
  std::size_t points = 0;           ///< with such a difference, of those that both stores have
  std::vector<std::string> fields;  ///< of the first of them: "duration_ms: 1, 2 in the new store"
};

struct CompareRequest {
  std::string old_file;
  std::string new_file;
  std::string study;                 ///< of stores; empty: the only one
  std::vector<std::string> metrics;  ///< empty: headline_metrics(), as far as both sides have them
  bool all = false;                  ///< every metric that both sides have
  Tolerances tolerances;
};

struct CompareResult {
  std::vector<Change> changes;  ///< by point, then by metric as asked for
  /// Where a side only has nothing; of both only what was asked for by name. By metric.
  std::vector<NotCompared> not_compared;
  std::vector<std::string> only_old;  ///< points that the new store lacks
  std::vector<std::string> only_new;
  std::vector<FailedRuns> failures;  ///< in the order of the old store's points
  ScenarioChanges scenarios;         ///< of stores

  std::size_t lost_runs() const;
  bool failed() const;
};

/// What is compared unless something else is asked for.
const std::vector<std::string>& headline_metrics();

/// Reads both files. Points of stores belong together when they have the same settings. Values of
/// one replication and seed are compared in pairs. A metric that the new side has nowhere, as all
/// its runs failed, is lost; not so a mean over nothing. Throws UsageError when a file is neither
/// store nor report, when they are of different kinds, when the old side does not have a metric,
/// and when they have no point in common.
CompareResult compare_files(const CompareRequest& request);

void write_compare_text(std::ostream& out, const CompareResult& result, bool colour);
void write_compare_json(std::ostream& out, const CompareRequest& request,
                        const CompareResult& result);
void write_compare_csv(std::ostream& out, const CompareResult& result);
/// One test case a change, one that is skipped for each that is not compared, one for the points
/// and one for the runs that are missing.
std::vector<TestCase> compare_cases(const CompareResult& result);

std::string verdict_name(ChangeVerdict verdict);

}  // namespace cli
