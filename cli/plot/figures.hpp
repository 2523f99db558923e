// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "cli/plot/figure.hpp"
#include "cli/plot/report_case.hpp"
#include "cli/store/results.hpp"

/// The figures. All throw UsageError for what the data cannot show, and say how to choose less or
/// what to ask for.
namespace cli {

/// What a figure of a study shows. Empty: chosen by the figure.
struct StudyAxes {
  std::string metric;
  std::string x;
  std::string by;
};

/// The metric against `x`, with 95 % intervals; `by` gives the colour, the other factors that are
/// varied give dash and mark.
Figure line_figure(const Results& results, const StudyAxes& axes);

/// `by`'s other values less its first one, in the same way.
Figure difference_figure(const Results& results, const StudyAxes& axes);

/// The mean of the metric over two factors, `x` and `by`.
Figure heat_figure(const Results& results, const StudyAxes& axes);

/// The metric of every point against `x`, or against each numeric factor in a panel of its own;
/// `by` gives the colour.
Figure scatter_figure(const Results& results, const StudyAxes& axes);

/// How far each factor moves the metric, the farthest on top, from points that differ in it alone.
Figure tornado_figure(const Results& results, const StudyAxes& axes);

/// Whether half of the factors, or more, have such points: the others a tornado leaves out.
bool has_matched_points(const Results& results);

/// Wait time by lock and by acquisition point, spinning and blocked.
Figure waits_figure(const std::vector<ReportCase>& cases);

/// CPU time by category, one bar a core.
Figure cpu_figure(const std::vector<ReportCase>& cases);

/// Who waited for whom.
Figure blame_figure(const std::vector<ReportCase>& cases);

/// Distribution function of a time, `metric` being the path of its statistics, like
/// `locks.so_rcv.wait_ns`; empty: the wait of the lock that was waited for most.
Figure ecdf_figure(const std::vector<ReportCase>& cases, const std::string& metric);

/// The same as shares between one known value and the next.
Figure histogram_figure(const std::vector<ReportCase>& cases, const std::string& metric);

}  // namespace cli
