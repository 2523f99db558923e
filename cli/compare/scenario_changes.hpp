// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "cli/compare/compare.hpp"
#include "cli/store/results.hpp"

namespace cli {

/// Points of the same settings in two stores whose scenarios are not the same: another base, or
/// another `--set`.
ScenarioChanges scenario_changes(const CompareRequest& request, const Results& before,
                                 const Results& after);

}  // namespace cli
