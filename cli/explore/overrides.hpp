// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "cli/explore/exploration.hpp"
#include "cli/explore/options.hpp"

namespace cli {

/// `--set` and `--seed` as overrides of the scenario.
std::vector<std::string> all_overrides(const ExploreOptions& options);

/// What the options say of the search itself.
SearchRequest search_request(const ExploreOptions& options);

}  // namespace cli
