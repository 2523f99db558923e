// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "cli/study/study.hpp"

namespace cli {

/// What a sweep of the study would do: its points with hashes, settings and estimated cost, then
/// the totals. The costs follow from the scenarios' rates and durations and are rough.
std::string dry_run_text(const Study& study);

/// `800 ms`, `12 s`, `3.4 min`, `2.1 h`: an estimate in words.
std::string rough_time(double seconds);

}  // namespace cli
