// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "sim/base/time.hpp"

namespace sim {

/// What the machine's primitives cost. Named like the constants of a machine profile, without the
/// unit they have there (docs/model.md says what each covers); everything 0 is the `ideal` machine.
struct MachineCosts {
  Picoseconds mutex_acquire_ps = 0;  ///< atomic operation on a lock word that this core owns
  Picoseconds mutex_release_ps = 0;
  Picoseconds line_transfer_shared_cache_ps =
      0;                                     ///< a line last touched by a core of the same cache
  Picoseconds line_transfer_package_ps = 0;  ///< same package, other cache
  Picoseconds line_transfer_remote_ps = 0;   ///< other package
  Picoseconds context_switch_ps = 0;
  Picoseconds turnstile_block_ps = 0;
  Picoseconds turnstile_wake_ps = 0;  ///< per waiter woken
  Picoseconds sleepq_sleep_ps = 0;
  Picoseconds sleepq_wake_ps = 0;   ///< per thread woken
  Picoseconds sleepq_check_ps = 0;  ///< wakeup(9) on a channel where nobody sleeps
  Picoseconds ipi_ps = 0;  ///< sending an IPI; the other core's handler begins at the end of it
  Picoseconds idle_exit_ps = 0;  ///< an idle core's way out of its sleep state, after the IPI
  Picoseconds sx_acquire_ps = 0;
  Picoseconds sx_release_ps = 0;
  Picoseconds sched_tick_ps = 0;  ///< stolen from a busy core at every clock tick (hz = 1000)
  Picoseconds time_slice_ps = 0;  ///< 0: threads of equal priority are never rotated
};

}  // namespace sim
