// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/store/results.hpp"

/// Which of a study's points a figure shows, and along which factors.
namespace cli {

/// The values that a factor has in the results: numbers in ascending order, else in the order of
/// the points.
std::vector<Setting> levels_of(const Results& results, std::string_view factor);

/// Factors with more than one value, in the study's order.
std::vector<std::string> varied_factors(const Results& results);

/// Whether all the values are numbers.
bool is_numeric(const std::vector<Setting>& levels);

/// The numeric factor with the most values, of those that are varied; empty: there is none.
std::string longest_numeric(const Results& results, const std::string& except = {});

/// Whether most of the points share all other settings with no other point: those of a random or
/// Latin-hypercube sample, which lie on no lines along `x`.
bool is_scattered(const Results& results, const std::string& x);

/// Throws UsageError, with the nearest name, unless the study has the factor. `option` asked.
void check_factor(const Results& results, const std::string& option, const std::string& factor);

/// Keeps the runs for which `--where FACTOR=VALUE` holds. Throws UsageError for an unknown factor,
/// and for a value that no point has.
void keep_where(Results& results, const std::vector<std::string>& conditions);

/// Settings of the factors that are varied and not in `except`: `generic, nic.mtu=9000`. A
/// variant's name stands alone.
std::string label_of(const std::vector<Setting>& settings, const std::vector<std::string>& varied,
                     const std::vector<std::string>& except);

/// `Choose with --where nic.mtu=1500 --where variant=old; nic.mtu has 1500, 9000; ...`: options to
/// paste, of all factors but these, and what else they may be. Empty: nothing to choose.
std::string where_hint(const Results& results, const std::vector<std::string>& except);

/// For the corner: study, how many of its points if not all have runs, seed, replications, version
/// of the model.
std::string provenance_of(const Results& results);

/// `2 of 48 runs failed and are missing`, or empty.
std::string failures_of(const Results& results);

}  // namespace cli
