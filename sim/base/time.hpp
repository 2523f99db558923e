// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "sim/base/assert.hpp"

namespace sim {

/// A point in simulated time (since the start of the run) or a length of it, in picoseconds.
/// The range is about 106 days; exact integers, so that simultaneous events stay simultaneous.
using Picoseconds = std::int64_t;

inline constexpr Picoseconds kNanosecond = 1'000;
inline constexpr Picoseconds kMicrosecond = 1'000 * kNanosecond;
inline constexpr Picoseconds kMillisecond = 1'000 * kMicrosecond;
inline constexpr Picoseconds kSecond = 1'000 * kMillisecond;

/// `count` picoseconds, a fraction rounded to the nearest integer, halves away from zero.
/// InternalError when the result is not finite or does not fit.
constexpr Picoseconds round_to_ps(double count) {
  constexpr double kLimit = 9.2e18;
  SIM_ASSERT(count > -kLimit && count < kLimit, "time out of range");
  const auto whole = static_cast<Picoseconds>(count);  // towards zero
  const double rest = count - static_cast<double>(whole);
  return whole + (rest >= 0.5 ? 1 : 0) - (rest <= -0.5 ? 1 : 0);
}

constexpr Picoseconds from_ns(double ns) { return round_to_ps(ns * kNanosecond); }
constexpr Picoseconds from_us(double us) { return round_to_ps(us * kMicrosecond); }
constexpr Picoseconds from_ms(double ms) { return round_to_ps(ms * kMillisecond); }
constexpr Picoseconds from_s(double s) { return round_to_ps(s * kSecond); }

constexpr double to_ns(Picoseconds t) { return static_cast<double>(t) / kNanosecond; }
constexpr double to_us(Picoseconds t) { return static_cast<double>(t) / kMicrosecond; }
constexpr double to_ms(Picoseconds t) { return static_cast<double>(t) / kMillisecond; }
constexpr double to_s(Picoseconds t) { return static_cast<double>(t) / kSecond; }

}  // namespace sim
