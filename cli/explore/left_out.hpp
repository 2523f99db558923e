// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

namespace cli {

/// What a counterexample does not need, step by step, as sums: "1 of 2 reads", "1 of 3 readers",
/// "1 of 2 readers" become "1 of 2 reads", "2 of 3 readers"; disturbances become one list.
std::vector<std::string> merged_left_out(const std::vector<std::string>& items);

}  // namespace cli
