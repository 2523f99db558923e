// SPDX-License-Identifier: BSD-2-Clause
#include "sim/observe/cpu_accounting.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "sim/base/assert.hpp"

namespace sim {

void CpuAccounting::add_core(Picoseconds now) { cores_.push_back({now, {}}); }

void CpuAccounting::close(Picoseconds end_ps) {
  to_ps_ = std::min(to_ps_, end_ps);
  for (int core = 0; core < cores(); ++core) {
    const auto& totals = cores_[static_cast<std::size_t>(core)].total_ps;
    const Picoseconds sum = std::accumulate(totals.begin(), totals.end(), Picoseconds{0});
    if (sum == elapsed_ps(core)) continue;
    std::string detail;
    for (std::size_t work = 0; work < kWorkCount; ++work) {
      detail += fmt::format(" {} {}", kWorkNames[work], totals[work]);
    }
    SIM_ASSERT(false,
               fmt::format("the time of core {} does not add up: {} ps in all, {} ps elapsed:{}",
                           core, sum, elapsed_ps(core), detail));
  }
}

Picoseconds CpuAccounting::elapsed_ps(int core) const {
  const Picoseconds from = std::max(from_ps_, cores_[static_cast<std::size_t>(core)].since_ps);
  return std::max<Picoseconds>(0, to_ps_ - from);
}

Picoseconds CpuAccounting::total_ps(int core, Work work) const {
  return cores_[static_cast<std::size_t>(core)].total_ps[static_cast<std::size_t>(work)];
}

double CpuAccounting::fraction(int core, Work work) const {
  const Picoseconds elapsed = elapsed_ps(core);
  if (elapsed == 0) return 0.0;
  return static_cast<double>(total_ps(core, work)) / static_cast<double>(elapsed);
}

}  // namespace sim
