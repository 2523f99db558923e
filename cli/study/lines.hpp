// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>
#include <vector>

#include "cli/study/analysis.hpp"

/// Metrics along a numeric factor: slopes, and where two variants change places.
namespace cli {

/// Points that differ in one numeric factor only, by its value.
struct Line {
  std::vector<Setting> others;  ///< the other factors' settings
  std::vector<double> x;        ///< ascending
  std::vector<const Cell*> cells;
};

/// One line for each combination of the other factors, in the order of the cells; points whose
/// setting is no number are left out. The cells must outlive the result.
std::vector<Line> lines_along(const std::vector<Cell>& cells, std::string_view factor);

/// Slope of the least-squares line. Each replication has a slope of its own, the interval is that
/// of their mean: it uses the pairing of common seeds and holds without. `log`: of the logarithms,
/// the exponent of a power law; no value when x or the metric is not above zero. Only replications
/// that all points have count; with one the interval is missing.
Estimate slope(const Line& line, Scale scale);

struct Crossing {
  Estimate at;         ///< where the difference is zero, by interpolation; Fieller's interval
  bool rises = false;  ///< `to` less `from` goes from below zero to above
  /// Whether some point before and some point after it have differences of opposite signs whose
  /// intervals leave zero out.
  bool proven = false;
};

/// Two variants along a numeric factor.
struct Crossovers {
  std::vector<Setting> others;       ///< all but the two factors
  std::vector<double> x;             ///< where both have points
  std::vector<Estimate> difference;  ///< to - from at each x
  std::vector<Crossing> crossings;   ///< changes of sign, ascending

  /// Whether all differences have one sign, and all intervals leave zero out.
  bool same_sign_proven() const;
};

/// `from` and `to` are values of `factor`, `over` the numeric one. `log`: interpolates between the
/// logarithms of x. Intervals are cut off at the ends of the line.
std::vector<Crossovers> crossovers(const std::vector<Cell>& cells, std::string_view factor,
                                   std::string_view from, std::string_view to,
                                   std::string_view over, Scale scale);

}  // namespace cli
