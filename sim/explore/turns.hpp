// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <memory>

#include "sim/engine/engine.hpp"

namespace sim {

class Fiber;

/// The stacks on which explored threads execute. The explorer resumes one thread at a time; the
/// thread gives the turn back at its next operation.
class Turns {
 public:
  using Entry = void (*)(void* argument);

  Turns() = default;
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;
  virtual ~Turns() = default;

  /// Arms `thread` (0..kMaxExploredThreads-1), whose last body has returned, to execute
  /// `entry(argument)` when first resumed. `entry` lets no exception out.
  virtual void start(std::size_t thread, Entry entry, void* argument) = 0;
  /// Continues `thread` until it suspends itself or its body returns.
  virtual void resume(std::size_t thread) = 0;
  /// Called by the executing `thread`.
  virtual void suspend(std::size_t thread) = 0;
  /// Forgets a suspended thread without unwinding its stack: what is there must own nothing.
  virtual void abandon(std::size_t thread) = 0;
  /// The fiber of a thread that was started, if it has one: resuming and suspending that is the
  /// same, without a call that the processor has to guess the way back from.
  virtual Fiber* fiber(std::size_t thread) { return static_cast<void>(thread), nullptr; }
};

/// On fibers of its own: what explorations use.
std::unique_ptr<Turns> make_fiber_turns();

}  // namespace sim
