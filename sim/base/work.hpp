// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sim {

/// What a core spends its time on. Every picosecond of every core belongs to exactly one kind.
enum class Work : std::uint8_t {
  interrupt,    ///< taking an interrupt, its filter, the driver's handler
  protocol,     ///< IP and TCP input, appending to the socket buffer
  syscall,      ///< entry, exit and the bookkeeping of a system call
  copy,         ///< moving bytes between kernel and user
  application,  ///< user code
  lock,         ///< the lock instructions themselves and moving their cache lines
  spin,         ///< burning the core while another thread holds a lock
  wakeup,       ///< making a thread runnable
  switching,    ///< changing from one thread to another
  idle,
};

inline constexpr std::size_t kWorkCount = 10;

/// In the order of Work, as reports spell them.
inline constexpr std::array<std::string_view, kWorkCount> kWorkNames = {
    "interrupt", "protocol", "syscall", "copy",   "application",
    "lock",      "spin",     "wakeup",  "switch", "idle"};

constexpr std::string_view work_name(Work work) {
  return kWorkNames[static_cast<std::size_t>(work)];
}

}  // namespace sim
