// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/operation.hpp"

#include <fmt/format.h>

namespace sim {

std::string to_string(const Operation& operation) {
  const char* object = operation.object;
  switch (operation.op) {
    case Op::lock:
      return fmt::format("lock {} at {}", object, operation.where);
    case Op::try_lock:
      return fmt::format("trylock {} at {}", object, operation.where);
    case Op::unlock:
      return fmt::format("unlock {}", object);
    case Op::destroy:
      return fmt::format("destroy {}", object);
    case Op::sleep:
      return fmt::format("sleep on {}", object);
    case Op::relock:
      return fmt::format("wakes, lock {} at {}", object, operation.where);
    case Op::wakeup:
      return fmt::format("wakeup {}", object);
    case Op::signal:
      return fmt::format("signal {}", object);
    case Op::pause:
      return "pause";
    case Op::poll:
      return "look again";
    case Op::await_interrupt:
      return "await interrupt";
    case Op::copy_out:
      return fmt::format("copyout {} bytes", operation.amount);
    case Op::access:
      return fmt::format("{} {}", operation.amount != 0 ? "change" : "look at", object);
    case Op::choice:
      return fmt::format("choice: {}", object);
  }
  return "?";
}

}  // namespace sim
