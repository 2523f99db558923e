// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/store/results.hpp"
#include "cli/study/study.hpp"
#include "sim/observe/statistics.hpp"

/// What the runs of a study say: means, differences, slopes, crossovers, all with 95 % intervals.
namespace cli {

/// A number that was estimated from replications.
struct Estimate {
  double value = std::numeric_limits<double>::quiet_NaN();  ///< NaN: there is none
  double low = std::numeric_limits<double>::quiet_NaN();    ///< NaN: nothing known of the spread
  double high = std::numeric_limits<double>::quiet_NaN();   ///< may be infinite
  std::size_t n = 0;    ///< replications behind it; of two points the smaller number
  bool paired = false;  ///< differences: replication by replication

  bool has_value() const { return value == value; }
  bool has_interval() const { return low == low && high == high; }
  double half_width() const { return (high - low) / 2.0; }
};

/// `0.052 [0.049, 0.055]`, or `0.052` without an interval.
std::string estimate_text(const Estimate& estimate);

/// The values of one metric in one point.
struct Cell {
  struct Sample {
    int replication = 0;
    std::int64_t seed = 0;
    double value = 0.0;
  };
  std::string point;              ///< Point::hash
  std::vector<Setting> settings;  ///< one a factor
  std::vector<Sample> samples;    ///< by replication; runs without the metric are left out
  int failed = 0;                 ///< runs without results
  std::string reason;             ///< status of the first of them

  /// The setting of a factor; null when there is no such factor.
  const Setting* setting(std::string_view factor) const;
};

/// One cell a point, in the order of the results.
std::vector<Cell> cells_of(const Results& results, const std::string& metric);

/// Those of its cells where `count` is 0 in all runs that have it, so that a mean over it is no
/// number there.
std::vector<Cell> idle_cells(const Results& results, const std::string& count);

/// Mean of the replications with Student's interval.
Estimate mean_of(const Cell& cell);

/// Two points, and what lies between them: over the same runs, so that difference is to - from.
struct Contrast {
  Estimate from;  ///< mean; `n`: the runs that it covers
  Estimate to;
  Estimate difference;  ///< to - from
  bool same = false;    ///< every value equals its counterpart
};

/// Paired over the replications that both have, if these share their seeds in both; runs of others
/// are left out then. Else all runs of both, and Welch's interval.
Contrast contrast(const Cell& from, const Cell& to);

/// The difference of contrast().
Estimate difference(const Cell& from, const Cell& to);

/// The same of two means whose single values are not known: Welch's interval.
Estimate difference(const sim::Interval& from, const sim::Interval& to);

/// to / from, of the means, with Fieller's interval, paired in the same way. Infinite bounds when
/// `from` may be zero; no value when it is.
Estimate ratio(const Cell& from, const Cell& to);

/// (to - from) / |from|: the ratio less one, turned round for a negative `from`.
Estimate relative_difference(const Cell& from, const Cell& to);

/// Two points that differ in one factor only.
struct Comparison {
  std::vector<Setting> others;  ///< the other factors' settings
  const Cell* from = nullptr;
  const Cell* to = nullptr;
};

/// All pairs of points in which `factor` is `from` and `to` and all else is equal. The cells must
/// outlive the result.
std::vector<Comparison> compare(const std::vector<Cell>& cells, std::string_view factor,
                                std::string_view from, std::string_view to);

/// Whether the point's runs satisfy `study.precision`; without it, whether it has all replications.
bool precision_reached(const Study& study, const Point& point, const std::vector<Run>& runs);

/// Whether the interval of these values is narrow enough; never of fewer than two.
bool is_precise(const Precision& precision, std::span<const double> values);

/// The half-width of the 95 % interval over the amount of the mean, as Precision has it: infinite
/// when the mean is 0 and the values are not, no number of fewer than two values.
double relative_half_width(std::span<const double> values);

/// How many replications the point should have, given those it has: never fewer than before when
/// more have been added. Without `precision` this is study.replications. With it: `min`; then,
/// while the half-width over the first n is too large, as many as it suggests, at most twice n, at
/// most `max`. Only complete rounds decide, so the answer does not depend on the order in which
/// runs end. `runs` may hold other points' runs, too.
int replications_wanted(const Study& study, const Point& point, const std::vector<Run>& runs);

/// The same for values by replication; nothing for a run without the metric, as of a mean over
/// nothing. Where no run of the first round has it, that is all.
int replications_wanted(const Precision& precision, std::span<const std::optional<double>> values);

}  // namespace cli
