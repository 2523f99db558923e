// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/machine/thread.hpp"

namespace sim {

/// A thread that waits for a lock behind a thread that nobody wakes.
struct Hang {
  const Thread* waiter = nullptr;
  Picoseconds since_ps = 0;  ///< from here on nobody in the chain could move
  std::string chain;  ///< "a waits for L since 1 us, held by b, which sleeps on c since 2 us"
};

/// Follows from `waiter` who waits for whom: through mutexes, sx locks, and wait channels that
/// stand for a lock (WaitChannel::holder). A hang is a chain that ends at a thread asleep on a
/// channel that stands for none. `threads` is indexed by thread number. None when `waiter` waits
/// for no lock, or when the chain ends at a thread that runs, is ready to, pauses, or awaits an
/// interrupt.
std::optional<Hang> find_hang(const Thread& waiter, const std::vector<const Thread*>& threads);

}  // namespace sim
