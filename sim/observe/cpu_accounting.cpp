// SPDX-License-Identifier: BSD-2-Clause
#include "sim/observe/cpu_accounting.hpp"

#include <fmt/format.h>

#include <iterator>
#include <numeric>
#include <string>

namespace sim {
namespace {

constexpr auto kIdle = static_cast<std::size_t>(Work::idle);

std::string describe(std::size_t core, Picoseconds elapsed, Picoseconds sum,
                     const CpuAccounting::Totals& totals) {
  std::string text = fmt::format("core {}: {} ps charged of {} ps elapsed (", core, sum, elapsed);
  for (std::size_t i = 0; i < kWorkCount; ++i) {
    fmt::format_to(std::back_inserter(text), "{}{} {}", i == 0 ? "" : ", ", kWorkNames[i],
                   totals[i]);
  }
  return text + ")";
}

}  // namespace

void CpuAccounting::reset(Picoseconds now, Picoseconds limit) {
  SIM_ASSERT(now <= limit, "a window of measurement that ends before it starts");
  window_start_ = now;
  window_limit_ = limit;
  std::fill(totals_.begin(), totals_.end(), Totals{});
}

CpuAccounting::Totals CpuAccounting::totals(std::size_t core, Picoseconds window_end) const {
  SIM_ASSERT(core < totals_.size(), "totals of a core that does not exist");
  SIM_ASSERT(window_end >= window_start_ && window_end <= window_limit_,
             "the end is outside the window of measurement");
  Totals result = totals_[core];
  const Picoseconds elapsed = window_end - window_start_;
  const Picoseconds sum = std::accumulate(result.begin(), result.end(), Picoseconds{0});
  if (idle_ == Idle::derived) {
    SIM_ASSERT(sum <= elapsed, describe(core, elapsed, sum, result));
    result[kIdle] = elapsed - sum;
  } else {
    SIM_ASSERT(sum == elapsed, describe(core, elapsed, sum, result));
  }
  return result;
}

CpuAccounting::Fractions CpuAccounting::fractions(std::size_t core, Picoseconds window_end) const {
  const Totals parts = totals(core, window_end);
  Fractions result{};
  if (window_end == window_start_) {
    result[kIdle] = 1.0;
    return result;
  }
  const auto elapsed = static_cast<double>(window_end - window_start_);
  for (std::size_t i = 0; i < kWorkCount; ++i) {
    result[i] = static_cast<double>(parts[i]) / elapsed;
  }
  return result;
}

}  // namespace sim
