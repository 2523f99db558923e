// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <concepts>
#include <span>
#include <string>

#include "models/report/report.hpp"
#include "models/scenario/scenario.hpp"
#include "sim/observe/cpu_accounting.hpp"
#include "sim/observe/lock_profile.hpp"

/// From what the machine observed to the report's figures.
namespace models {

/// A count as a figure of the report: exact below 2^53.
constexpr double number(std::integral auto count) { return static_cast<double>(count); }

/// part / whole, or 0 where there is no whole. Both >= 0.
constexpr double ratio(double part, double whole) { return whole > 0.0 ? part / whole : 0.0; }

/// `of_ps`: a histogram of picoseconds.
TimeStats time_stats(const sim::Histogram& of_ps, const Observe& observe);

/// What to read from a lock profile, and over which window.
struct MeasureWindow {
  sim::Picoseconds from = 0;
  sim::Picoseconds to = 0;  ///< >= from
  double seconds() const { return sim::to_s(to - from); }
};

/// One entry of `locks`. The profile has been closed at `window.to`. `roles`: names, by the
/// profile's role numbers. Points that got no acquisition in the window are left out; the rest are
/// in order of first use.
LockReport lock_report(const sim::LockClassProfile& profile, const MeasureWindow& window,
                       const Observe& observe, std::span<const std::string> roles);

/// One entry of `cpus`. The accounting has been closed. A core that never existed within the window
/// was idle.
CpuReport cpu_report(const sim::CpuAccounting& accounting, int core);

/// Fills mser5_ms, known and enough from `given_ms`, `interval_ms` and `series`, which starts with
/// the run, not with the warm-up's end. The warm-up is not enough when MSER-5 would drop more, and
/// what it would drop differs from the rest by more than noise. With fewer than 50 values, or when
/// the rule finds no end of the warm-up within the first half, `known` is false and nothing is held
/// against the warm-up.
void judge_warmup(WarmupReport& warmup);

/// "p99.9" for 0.999.
std::string quantile_name(double q);

}  // namespace models
