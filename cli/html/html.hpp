// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "cli/explore/exploration.hpp"
#include "cli/store/results.hpp"
#include "cli/study/study.hpp"

/// Reports as one self-contained HTML file each: charts, sortable tables, provenance. The page
/// makes no request and needs no other file. docs/html.md. That of a run is in
/// cli/report/formats.hpp.
namespace cli {

/// What `explore` found.
void write_exploration_html(std::ostream& out, const Exploration& exploration);

struct Matrix;
struct TimedSearch;

/// What `explore --matrix` found.
void write_matrix_html(std::ostream& out, const Matrix& matrix);
/// What `explore --timed-search` found.
void write_timed_search_html(std::ostream& out, const TimedSearch& search);

/// An expectation of a study, and how it came out.
struct Judged {
  std::string name;
  bool passed = false;
  std::vector<std::string> places;  ///< what was found, a line each place that was judged
};

/// What `sweep` found: means and 95 % intervals over the runs of each point. The text stays below
/// 5 MB: when the metrics of all points do not fit, those least asked for are left out, and the
/// page says which. `imprecise`: points that are not as precise as the study wants, a line each.
/// `command` makes the sweep again. Points have their numbers in the study, also when the results
/// are those of a part of it.
void write_sweep_html(std::ostream& out, const Study& study, const Results& results,
                      const std::vector<Judged>& expectations = {},
                      const std::vector<std::string>& imprecise = {},
                      const std::string& command = {});

}  // namespace cli
