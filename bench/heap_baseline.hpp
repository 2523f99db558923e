// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

namespace bench {

/// The loop of scenarios/lock-loop.json written by hand as callbacks on a binary heap: two threads
/// that think (exponential, 1000 ns), take one lock in order of arrival, hold it (exponential,
/// 250 ns) and release it. Two events a round, drawn from the same streams; no stacks, no cores, no
/// statistics. `rounds` rounds in all; returns the wall time in ns.
double heap_lock_loop_ns(std::int64_t rounds);

}  // namespace bench
