// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <fmt/format.h>

#include <optional>

#include "cli/errors.hpp"

namespace cli {

/// Refuses what is no time limit: 0, negative, infinite or no number. Throws UsageError.
inline void check_seconds(const char* option, std::optional<double> seconds) {
  constexpr double kMostSeconds = 1e9;
  if (!seconds || (*seconds > 0.0 && *seconds <= kMostSeconds)) return;
  throw UsageError(
      fmt::format("{}: found {}; allowed: a number above 0, at most 1e9", option, *seconds));
}

}  // namespace cli
