// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

namespace cli {

/// Puts everything that the stores have into a new one at `output`, which appears whole or not at
/// all. What comes out does not depend on the order of `inputs`. Where a run failed in one store
/// and has a result in another, the result is taken. Throws UsageError when `output` exists, and
/// when stores contradict each other: one run with two results, or one study with different points
/// or versions; it names them, and nothing is written.
void merge_stores(const std::vector<std::string>& inputs, const std::string& output);

/// Adds everything that the stores have to the one at `target`, which is made when there is none.
/// What it has stays: its studies, its results. A study that it knows in another form takes that of
/// `inputs`, as when it is swept. Can be done again, also after it was interrupted. Refuses the
/// same contradictions, among `inputs` and with `target`, before anything is written.
void merge_into(const std::vector<std::string>& inputs, const std::string& target);

}  // namespace cli
