// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "sim/machine/locks.hpp"

namespace sim {

/// The kinds of steps: the [point]s of KernelOps.
enum class Op : std::uint8_t {
  lock,
  try_lock,
  unlock,
  destroy,
  sleep,   ///< enqueues and releases the interlock
  relock,  ///< the second half of a sleep
  wakeup,
  signal,
  pause,
  poll,
  await_interrupt,
  copy_out,
  access,
  choice
};

/// One operation of an explored thread, as its next step and for the record.
struct Operation {
  static constexpr std::int64_t kNoAmount = std::numeric_limits<std::int64_t>::min();

  Op op = Op::pause;
  const char* object = "";   ///< of the lock, channel, memory or choice; outlives the program
  const char* where = "";    ///< acquisition point
  std::uint32_t number = 0;  ///< of the object
  std::int64_t amount = kNoAmount;
};

/// What an Operation is made from: as little as there is to be noted at every step.
struct PendingOperation {
  Op op = Op::pause;
  const LockState* lock = nullptr;  ///< of the operations on locks
  const char* where = "";           ///< of those that take one
  const char* object = "";          ///< of the others, as far as they have it
  std::uint32_t number = 0;
  std::int64_t amount = Operation::kNoAmount;

  Operation described() const;
};

/// "lock so_rcv at uipc_socket.c:1669", "copyout 1448 bytes".
std::string to_string(const Operation& operation);

}  // namespace sim
