// SPDX-License-Identifier: BSD-2-Clause
#include "cli/errors.hpp"
#include "cli/explore/options.hpp"

namespace cli {

int timed_search(const ExploreOptions& /*options*/) { throw UsageError("--timed-search: not yet"); }

}  // namespace cli
