// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <boost/context/fiber.hpp>
#include <boost/context/stack_context.hpp>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "sim/base/assert.hpp"

namespace sim {

/// A stack of its own on which one body after another runs, in turns with whoever resumes it. There
/// is no scheduler, no thread and no lock: a fiber goes on when it is resumed, and only then.
///
/// It belongs to the operating system thread that made it, stays where it is, and executes at most
/// once at a time. Resuming nests: a body may resume other fibers, but none that waits for it.
///
/// Each fiber keeps its own state of exception handling, so that a body may be suspended inside a
/// catch block or while an exception unwinds it; std::uncaught_exceptions() counts its own alone.
class Fiber {
 public:
  static constexpr std::size_t kDefaultStackBytes = std::size_t{64} * 1024;

  /// Reserves the stack: `stack_bytes`, rounded up to whole pages, and below it a page that faults,
  /// so that an overflow ends the program at once. Throws std::bad_alloc without memory.
  explicit Fiber(std::size_t stack_bytes = kDefaultStackBytes);
  /// Abandons a body that is still suspended.
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// Arms the next body, `entry(argument)`; it begins at the next resume(). The earlier one must
  /// have finished or been abandoned. Allocates nothing, and makes no new context after a body that
  /// finished. An exception that leaves `entry` ends the program (std::terminate).
  void start(void (*entry)(void*), void* argument) {
    SIM_ASSERT(finished(), "a fiber runs one body at a time");
    entry_ = entry;
    argument_ = argument;
    if (!context_) make_context();
    state_ = State::suspended;
  }

  /// Runs the body until it, or a fiber it handed over to, suspends itself or returns.
  void resume();

  /// Called by the body: goes back to whoever resumed it; returns at the next resume().
  void suspend() {
    state_ = State::suspended;
    back_to_caller();
  }

  /// Called by the body: suspends it and goes on with `to`, armed or suspended, which takes over
  /// whom to go back to. One switch instead of two.
  void hand_over(Fiber& to);

  /// True before the first start() and once the body returned or was abandoned.
  bool finished() const { return state_ == State::finished; }

  /// Forgets a suspended body without unwinding it: the destructors of what is on its stack never
  /// run, so that it must own nothing, nor handle an exception. Does nothing when none is
  /// suspended.
  void abandon() noexcept;

 private:
  using Context = boost::context::fiber;
  enum class State : std::uint8_t { finished, suspended, executing };

  /// What the C++ ABI keeps for each thread (Itanium C++ ABI: Exception Handling, 2.2.2).
  struct ExceptionState {
    void* caught = nullptr;
    unsigned int uncaught = 0;
  };

  struct StackRange {
    const void* bottom = nullptr;
    std::size_t bytes = 0;
  };

  void make_context();
  /// What the context executes: body after body; never returns.
  void bodies(Context&& from) noexcept;
  void back_to_caller();
  void forget_context() noexcept;

  // AddressSanitizer must know about every switch; otherwise these do nothing.
  static void leave_for(const StackRange& to, void** own_fakes);
  static void back_in_caller(void* own_fakes);
  void back_in_body(void* own_fakes);

  Context context_;              ///< where the body goes on; empty while it executes
  Context caller_;               ///< whom to go back to, while it executes
  Context* arrival_ = &caller_;  ///< where to keep the context that switched to the body
  Fiber** gone_back_ = nullptr;  ///< where to tell the caller which fiber went back to it
  State state_ = State::finished;
  ExceptionState exceptions_;
  ExceptionState* thread_exceptions_;
  void (*entry_)(void*) = nullptr;
  void* argument_ = nullptr;
  boost::context::stack_context stack_;
  StackRange own_stack_;
  StackRange caller_stack_;  ///< known under AddressSanitizer alone
};

#if !defined(__SANITIZE_ADDRESS__)
inline void Fiber::leave_for(const StackRange& /*to*/, void** /*own_fakes*/) {}
inline void Fiber::back_in_caller(void* /*own_fakes*/) {}
inline void Fiber::back_in_body(void* /*own_fakes*/) {}
#endif

inline void Fiber::resume() {
  SIM_ASSERT(state_ == State::suspended, "only an armed or suspended fiber can be resumed");
  state_ = State::executing;
  Fiber* gone_back = this;
  gone_back_ = &gone_back;
  arrival_ = &caller_;
  const ExceptionState callers = std::exchange(*thread_exceptions_, exceptions_);
  void* fakes = nullptr;
  leave_for(own_stack_, &fakes);
  Context from = std::move(context_).resume();
  back_in_caller(fakes);
  *thread_exceptions_ = callers;
  gone_back->context_ = std::move(from);
}

inline void Fiber::back_to_caller() {
  exceptions_ = *thread_exceptions_;
  void* fakes = nullptr;
  leave_for(caller_stack_, &fakes);
  Context from = std::move(caller_).resume();
  back_in_body(fakes);
  *arrival_ = std::move(from);
}

inline void Fiber::hand_over(Fiber& to) {
  SIM_ASSERT(to.state_ == State::suspended, "only an armed or suspended fiber can go on");
  state_ = State::suspended;
  to.state_ = State::executing;
  to.caller_ = std::move(caller_);
  to.caller_stack_ = caller_stack_;
  to.arrival_ = &context_;
  to.gone_back_ = gone_back_;
  *gone_back_ = &to;
  exceptions_ = std::exchange(*thread_exceptions_, to.exceptions_);
  void* fakes = nullptr;
  leave_for(to.own_stack_, &fakes);
  Context from = std::move(to.context_).resume();
  back_in_body(fakes);
  *arrival_ = std::move(from);
}

}  // namespace sim
