// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/operation.hpp"

#include <fmt/format.h>

namespace sim {

Operation PendingOperation::described() const {
  switch (op) {
    case Op::lock:
    case Op::try_lock:
    case Op::relock:
      return {op, lock->cls->name.c_str(), where, lock->number, Operation::kNoAmount};
    case Op::unlock:
    case Op::destroy:
      return {op, lock->cls->name.c_str(), "", lock->number, Operation::kNoAmount};
    case Op::sleep:
    case Op::wakeup:
      return {op, object, "", number, Operation::kNoAmount};
    case Op::access:
      return {op, object, "", number, amount};
    case Op::copy_out:
      return {op, "", "", 0, amount};
    case Op::signal:
    case Op::choice:
      return {op, object, "", 0, Operation::kNoAmount};
    case Op::pause:
    case Op::poll:
    case Op::await_interrupt:
      break;
  }
  return {op, "", "", 0, Operation::kNoAmount};
}

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
