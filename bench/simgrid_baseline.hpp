// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

/// The yardsticks: the same things written straight on SimGrid, with no statistics.
namespace bench {

/// Two actors that call this_actor::sleep_for `calls` times in all; returns the wall time in ns.
double simgrid_sleep_for_ns(std::int64_t calls);

/// Two actors that think (exponential, 1000 ns) by sleep_for, lock an s4u::Mutex, hold it
/// (exponential, 250 ns) by sleep_for, and unlock it: `rounds` rounds in all; returns the wall time
/// in ns.
double simgrid_lock_loop_ns(std::int64_t rounds);

}  // namespace bench
