// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/study/analysis.hpp"

namespace cli {

/// What a factor does, from runs that differ in nothing else.
struct MatchedEffect {
  double low = 0.0;   ///< mean of the metric on the one side
  double high = 0.0;  ///< on the other
  Estimate effect;    ///< high - low; no value when there are no pairs
  std::size_t pairs = 0;
};

/// The points of a study, grouped by all settings but one factor's. A design that leaves
/// combinations out gives the values of one factor different company; means over all points would
/// then show the others' effects as this one's. So only points are compared that stand in one
/// group.
class MatchedPoints {
 public:
  /// `cells` must outlive the object.
  MatchedPoints(const std::vector<Cell>& cells, std::string factor);

  /// The mean over the groups that have points on both sides, each group weighing the same, of the
  /// replications that all these have. A pair is one replication of one group; several values on a
  /// side count as their mean. Over common seeds the interval is that of paired differences.
  MatchedEffect between(const std::vector<Setting>& from, const std::vector<Setting>& to) const;

 private:
  using Group = std::vector<const Cell*>;
  std::string factor_;
  std::vector<Group> groups_;
};

}  // namespace cli
