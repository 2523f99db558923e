// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <string>

#include "sim/observe/statistics.hpp"

namespace cli {

/// Metrics by dotted path. One run has no half-width, and n = 1.
using ReportValues = std::map<std::string, sim::Interval>;

/// The metrics of a report file, as `run --out json:` writes it: of its `summary` if it has
/// replications, else the numbers themselves; means of nothing are left out. Throws UsageError when
/// the file is no report.
ReportValues read_report_values(const std::string& path);

/// Adds, as 0, the entries (pairs that waited, acquisition points) that `others` has and `values`
/// lacks because there was nothing to count.
void add_zeros(ReportValues& values, const ReportValues& others);

}  // namespace cli
