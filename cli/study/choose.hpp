// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "cli/study/columns.hpp"

/// Which combinations of the columns' values a study has. Only from .cpp files.
namespace cli {

/// One value a column.
using Combination = std::vector<Level>;

/// The settings of such a point.
std::vector<Setting> settings_of(const std::vector<Column>& columns,
                                 const Combination& combination);

/// Number of all combinations; the largest number there is when it overflows. No column is
/// continuous.
std::uint64_t count_combinations(const std::vector<Column>& columns);

/// All combinations that `admits` accepts, the last column changing fastest.
std::vector<Combination> all_combinations(const std::vector<Column>& columns,
                                          const std::function<bool(const Combination&)>& admits);

/// A sample of them, in the order of drawing, no combination twice. `random` goes on until it has
/// `count`, or until so many draws in a row brought nothing new that there seem to be no more.
std::vector<Combination> sample_combinations(const std::vector<Column>& columns,
                                             const SampleSpec& sample,
                                             const std::function<bool(const Combination&)>& admits);

}  // namespace cli
