// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "cli/study/columns.hpp"

/// Only from .cpp files.
namespace cli {

/// Adds an error for everything in a study's replications, precision and expectations that is well
/// formed, field by field, and yet cannot be: metrics that no report has, columns and values that
/// there are not, bounds that contradict each other.
void check_goals(const StudyFile& study, const std::vector<Column>& columns,
                 const models::Document& document, models::ErrorList& errors);

/// Adds an error for an expectation that concerns no point of the expanded study.
void check_places(const Study& study, const models::Document& document, models::ErrorList& errors);

}  // namespace cli
