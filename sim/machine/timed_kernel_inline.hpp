// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// The steps that every kernel operation is made of; for the sources of TimedKernel alone.

#include "sim/machine/timed_kernel.hpp"

namespace sim {

inline Picoseconds TimedKernel::vary(Picoseconds cost_ps) {
  if (context_.cost_cv == 0.0 || cost_ps == 0) return cost_ps;
  constexpr double kSqrt3 = 1.7320508075688772;
  // Uniform with the given coefficient of variation.
  const double factor = 1.0 + context_.cost_cv * kSqrt3 * (2.0 * stream_.uniform01() - 1.0);
  return round_to_ps(static_cast<double>(cost_ps) * factor);
}

inline void TimedKernel::bill(Work work, Picoseconds cost_ps) {
  SIM_ASSERT(cost_ps >= 0, "work cannot take negative time");
  if (thread_.slowdown != 1.0) {
    cost_ps = round_to_ps(static_cast<double>(cost_ps) * thread_.slowdown);
  }
  if (thread_.pending.full()) flush();
  thread_.pending.add(work, cost_ps);
}

inline void TimedKernel::trace(const char* what, const char* object, std::int64_t amount) {
  context_.trail.record(context_.engine.now(), thread_.id, thread_.core, what, object, amount);
}

inline Picoseconds TimedKernel::fetch(CacheLine& line) {
  const int from = line.last_core;
  line.last_core = static_cast<std::int16_t>(thread_.core);
  if (from < 0 || from == thread_.core) return 0;
  return transfer_cost(costs(), context_.scheduler.topology().distance(from, thread_.core));
}

}  // namespace sim
