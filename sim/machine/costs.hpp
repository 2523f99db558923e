// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "sim/base/time.hpp"

namespace sim {

/// What the machine's primitives cost. Made from a machine profile's constants (in cycles) by
/// models/scenario/profile.hpp; the meaning, range and source of each stand there and in the profile's
/// own file. All zero: the ideal machine of queueing theory.
struct MachineCosts {
  Picoseconds mutex_acquire_ps = 0;  ///< compare-and-set on a lock word that this core owns
  Picoseconds mutex_release_ps = 0;  ///< the same for the release
  Picoseconds line_transfer_shared_cache_ps = 0;  ///< a modified line from a core behind the same cache
  Picoseconds line_transfer_package_ps = 0;       ///< from another core of the package
  Picoseconds line_transfer_remote_ps = 0;        ///< from another package
  Picoseconds context_switch_ps = 0;
  Picoseconds turnstile_block_ps = 0;  ///< enqueueing oneself on a turnstile
  Picoseconds turnstile_wake_ps = 0;   ///< per waiter that an unlock wakes
  Picoseconds sleepq_sleep_ps = 0;     ///< enqueueing oneself on a sleep queue
  Picoseconds sleepq_wake_ps = 0;      ///< per thread that a wakeup makes runnable
  Picoseconds sleepq_check_ps = 0;     ///< a wakeup that finds nobody asleep
  Picoseconds ipi_ps = 0;              ///< from another core's wakeup until an idle core notices
  Picoseconds idle_exit_ps = 0;        ///< leaving the idle state, whoever wakes the core
  Picoseconds sx_acquire_ps = 0;
  Picoseconds sx_release_ps = 0;
  Picoseconds time_slice_ps = 0;       ///< round robin among equal priorities; 0: none
};

}  // namespace sim
