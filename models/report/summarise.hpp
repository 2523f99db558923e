// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "models/report/report.hpp"
#include "models/scenario/scenario.hpp"

namespace models {

/// The report of several replications, one report each, in order (at least one).
///
/// One report is returned as it is. Otherwise every measured number becomes its mean over the
/// replications: quantiles and maxima too (a mean of maxima). Array entries are matched by name;
/// one that a replication lacks (an acquisition point never reached) counts as zeros there. A mean,
/// share of a count, quantile or maximum is over the replications that counted something; of none
/// it is 0, with n = 0 in `summary`. `summary` has mean and 95 % half-width of each metric.
/// Violations and warnings are collected; the verdict is that of the first replication that did not
/// complete; `simulator` adds up.
Report summarise(const std::vector<Report>& replications);

/// Judges the scenario's expectations on `merged`, and fills merged.expectations. A verdict is met
/// only when every replication met it. All metric paths must satisfy is_metric_path().
void check_expectations(const std::vector<Expect>& expected,
                        const std::vector<Report>& replications, Report& merged);

/// Throws ScenarioErrors when an expectation names a metric that no report could have; for before
/// the run. `file`: the scenario's, as the user named it.
void check_metric_names(const std::vector<Expect>& expected, const std::string& file);

/// Whether a verdict other than `completed` turned up that no expectation asks for.
bool has_unexpected_incident(const std::vector<Expect>& expected,
                             const std::vector<Report>& replications);

}  // namespace models
