// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "sim/machine/kernel_ops.hpp"

namespace sim {

/// Most threads that an explored program may have.
inline constexpr std::size_t kMaxExploredThreads = 16;

/// A violation found in an explored execution.
struct Finding {
  std::string kind;     ///< stable name in snake_case
  std::string message;  ///< what a console would show
};

/// Where a thread is when nothing can go on any more.
struct ThreadEnd {
  enum class Where : std::uint8_t {
    finished,
    crashed,  ///< met the violation
    waits,    ///< for `lock`, which is held
    sleeps,   ///< on `channel`
    polls,    ///< looked, saw nothing new, and nobody will change it
    idle      ///< awaits an interrupt
  };
  Where where = Where::finished;
  const LockState* lock = nullptr;
  const WaitChannel* channel = nullptr;
};

/// A closed program of a few threads on shared objects, whose every interleaving may be executed:
/// it starts from the same state each time, ends by itself, and is deterministic but for the order
/// of its threads' operations and the answers of KernelOps::chance.
class Program {
 public:
  Program() = default;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  virtual ~Program() = default;

  /// 1..kMaxExploredThreads
  virtual std::size_t threads() const = 0;
  virtual std::string_view thread_name(std::size_t thread) const = 0;
  /// Whether it may call KernelOps::poll_again.
  virtual bool polls(std::size_t thread) const { return static_cast<void>(thread), false; }

  /// Makes the initial state anew and numbers its objects (Numbering). Called before every
  /// execution, while no thread runs.
  virtual void reset() = 0;
  /// The body of a thread. Must not change shared memory before its first [point], nor
  /// look at it, unless that point is poll_again. Executions are
  /// often given up half-way, without unwinding: at a [point] the stack must not own anything.
  virtual void run(std::size_t thread, KernelOps& k) = 0;

  /// Judges a state in which nothing can go on: threads may rightly wait for ever, or not. Not
  /// called after a violation.
  virtual std::optional<Finding> judge_end(std::span<const ThreadEnd> ends) = 0;
  /// A number that tells final states apart, by what an outsider can see of them.
  virtual std::uint64_t final_state(std::span<const ThreadEnd> ends) const = 0;
  /// Pairs of lock classes: the first is always taken before the second.
  virtual std::span<const std::pair<const LockClass*, const LockClass*>> lock_order() const {
    return {};
  }
};

}  // namespace sim
