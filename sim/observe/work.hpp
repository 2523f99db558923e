// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sim {

/// What a core spends its time on. The fractions of all categories add up to 1.
enum class Work : std::uint8_t {
  interrupt,    ///< interrupt filter, interrupt thread dispatch, driver
  protocol,     ///< IP, TCP, append to the sockbuf, output of ACKs
  syscall,      ///< entry, exit and bookkeeping of the receive algorithm
  copy,         ///< copyout
  application,  ///< user mode, and the think time of synthetic threads
  lock,         ///< atomic operations and transfers of lock words, turnstile work
  spin,         ///< busy waiting for a lock
  wakeup,       ///< sleep queue work
  switching,    ///< context switches and the wakeup latency of an idle core
  idle
};

inline constexpr std::size_t kWorkCount = 10;

/// Names as they stand in reports, in the order of Work.
inline constexpr std::array<std::string_view, kWorkCount> kWorkNames = {
    "interrupt", "protocol", "syscall", "copy",   "application",
    "lock",      "spin",     "wakeup",  "switch", "idle"};

constexpr std::string_view to_string(Work work) {
  return kWorkNames[static_cast<std::size_t>(work)];
}

}  // namespace sim
