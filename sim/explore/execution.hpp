// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/explore/footprint.hpp"
#include "sim/explore/operation.hpp"
#include "sim/explore/program.hpp"
#include "sim/explore/schedule.hpp"
#include "sim/explore/turns.hpp"
#include "sim/machine/kernel_ops.hpp"
#include "sim/machine/thread.hpp"

namespace sim {

class ExploredKernel;

/// One thread's place among all: a bit in a set of threads.
using ThreadSet = std::uint32_t;
inline ThreadSet bit_of(std::size_t thread) { return ThreadSet{1} << thread; }

/// What a step of the execution did, beside its footprint.
struct StepEffect {
  Footprint footprint;
  int acquired = -1;    ///< lock bit of the lock that the step took; -1: none
  bool tried = false;   ///< it took or failed to take it without waiting
  ThreadSet woken = 0;  ///< threads that it allowed to go on

  /// Lock bit of the lock that the step could only take when free; -1: none.
  int awaited() const { return tried ? -1 : acquired; }

  /// One by one: a whole new value is built on the stack in pieces and loaded too early, which
  /// stalls the processor at every step.
  void clear() {
    footprint = {};
    acquired = -1;
    tried = false;
    woken = 0;
  }
};

/// A remark of the model during a step (KernelOps::note).
struct StepNote {
  std::size_t step;
  std::size_t thread;
  const char* what;
  const char* object;
  std::int64_t amount;
};

/// Decides as an execution goes on.
class Director {
 public:
  /// A step to be taken.
  struct Next {
    StepEffect* effect = nullptr;  ///< where to write what it does; null: there is none
    std::size_t thread = 0;        ///< one that is enabled
    int outcome = 0;               ///< nature's answer, if it is a choice (0 or 1)
  };
  virtual ~Director() = default;
  /// Told that a step is done, and asked for the next one. Called on the stack of the thread that
  /// took the step, or on the caller's after a thread's last step.
  virtual Next stepped() = 0;
};

/// Executes a program one operation at a time, in the order that the caller chooses: the same
/// model code as in a timed run, with no time, and with logical locks. A step is an operation and
/// the code after it up to the thread's next one.
///
/// Finds by itself: use of a destroyed lock, recursion, unlocking what one does not own, copyout or
/// sleep with a mutex held, and a reversal of the lock order (as WITNESS does, in the order
/// declared by the program and in what this execution has shown so far).
class Execution {
 public:
  /// Both outlive the execution.
  Execution(Program& program, Turns& turns);
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;
  ~Execution();

  /// Starts anew: every thread stands before its first operation.
  void begin();
  /// Starts anew, and takes the steps with which the execution before began. Cheaper than to take
  /// them one by one, as nothing is written down of what they do.
  void begin_again(std::span<const ScheduleStep> steps);

  std::size_t threads() const { return threads_.size(); }
  /// The threads that can go on.
  ThreadSet enabled() const;
  /// What a thread that has not finished does next.
  Operation next(std::size_t thread) const { return threads_[thread].pending.described(); }
  bool next_is_choice(std::size_t thread) const {
    return threads_[thread].pending.op == Op::choice;
  }
  bool finished(std::size_t thread) const { return threads_[thread].finished; }
  /// The lock that a thread waits for because somebody else has it; null when it does not.
  const LockState* waits_for(std::size_t thread) const;

  /// Executes the next operation of an enabled thread; `outcome` answers a choice (0 or 1).
  /// Rethrows what the model throws beside violations.
  const StepEffect& step(std::size_t thread, int outcome);
  /// Takes `first` and whatever `director` says next, until there is none. Effects go where they
  /// are wanted. Cheaper than step(): the turn goes from thread to thread, without a switch where
  /// it stays.
  void steps(Director::Next first, Director& director);
  /// Takes one step after another.
  void run(std::span<const ScheduleStep> steps);

  /// The first violation of this execution, if any. The thread that met it is out; the others may
  /// go on.
  const std::optional<Finding>& finding() const { return finding_; }
  /// Who met it; empty when the end was judged.
  std::string_view finding_thread_name() const;
  /// How many steps led to it, the one that met it included.
  std::size_t finding_step() const { return finding_step_; }
  /// When nothing is enabled any more: judges the end, unless there is a finding already.
  void judge();
  std::uint64_t final_state();

  /// Remarks of the model are kept while this is on.
  void keep_notes(bool on) { keep_notes_ = on; }
  const std::vector<StepNote>& notes() const { return notes_; }
  std::size_t steps() const { return steps_; }

 private:
  friend class ExploredKernel;

  /// What has happened since the last poll of a thread that polls.
  struct Watch {
    Footprint::MemorySet looked{};  ///< what it looked at or changed itself
    bool changed = false;           ///< somebody else has changed some of that
    std::size_t since = 0;          ///< how many steps it has been so
  };

  struct Slot {
    Thread identity;  ///< what locks and channels remember as owner and sleeper
    ExploredKernel* kernel = nullptr;
    Fiber* fiber = nullptr;  ///< null: by way of turns_
    PendingOperation pending;
    LockState* wanted = nullptr;     ///< lock, relock: what must be free
    WaitChannel* channel = nullptr;  ///< relock: where it sleeps
    bool finished = true;
    bool crashed = false;
    bool given_up = false;  ///< crashed in the middle of its body, which waits to be abandoned
    bool woken = false;
    bool interrupted = false;  ///< woken by a signal
    bool polls = false;
    /// If it polls: from the beginning on, so that it need not be found out again for steps that
    /// are repeated; the last one counts.
    std::vector<Watch> watches;
  };

  static void thread_main(void* argument);
  void start_threads();
  void begin_step(StepEffect& effect, int outcome);
  void end_step(std::size_t thread);
  /// Gives the turn to a thread, until it or one that it went on to comes back.
  void resume(std::size_t thread);
  /// Called by a thread at its next operation: returns when this is the next step, and begun.
  void await_turn(std::size_t thread) {
    std::size_t next = 0;
    if (ahead_ != ahead_end_) {
      ++steps_;
      next = begin_known();
    } else {
      next = ask_director(thread);
    }
    if (next != thread) give_turn(thread, next);
  }
  /// Begins the next step of begin_again(). Returns its thread.
  std::size_t begin_known() {
    outcome_ = ahead_->outcome;
    return (ahead_++)->thread;
  }
  /// Ends a step of steps() and begins the next one. Returns its thread, or kNobody: there is none,
  /// or the caller is to say what comes next.
  std::size_t ask_director(std::size_t thread);
  void give_turn(std::size_t from, std::size_t to);
  bool can_go_on(const Slot& slot) const;
  void abandon();
  void met(std::string_view kind, std::string message, std::size_t thread);
  void tell_pollers(std::size_t by);
  std::span<const ThreadEnd> ends();
  /// Whether locks of that class come after those of this one, or they are of one class.
  bool ordered(const LockState& before, const LockState& after) const {
    const std::uint32_t id = before.cls->id;
    return id == after.cls->id || (taken_after_.at(id) >> after.cls->id & 1) != 0;
  }
  void declare_order(std::uint32_t before, std::uint32_t after);

  static constexpr std::size_t kClasses = 64;
  static constexpr std::size_t kNobody = kMaxExploredThreads;

  Program& program_;
  Turns& turns_;
  std::vector<Slot> threads_;  ///< as many as ever: the kernels hold on to them
  std::deque<ExploredKernel> kernels_;
  StepEffect own_effect_;              ///< of step() and begin_again()
  StepEffect* effect_ = &own_effect_;  ///< of the step under way
  int outcome_ = 0;
  Director* director_ = nullptr;         ///< of steps(), until it says that nothing is next
  std::size_t running_ = 0;              ///< of steps(): whose step is under way
  const ScheduleStep* ahead_ = nullptr;  ///< of begin_again(): the step after the one under way
  const ScheduleStep* ahead_end_ = nullptr;
  bool begun_ = false;  ///< the step under way awaits its thread, which could not be handed over to
  bool keep_notes_ = false;
  std::size_t steps_ = 0;
  std::optional<Finding> finding_;
  std::size_t finding_thread_ = 0;
  std::size_t finding_step_ = 0;
  std::exception_ptr failure_;
  std::vector<StepNote> notes_;
  /// taken_after_[a] has bit b when locks of class b have been taken under locks of class a.
  std::array<std::uint64_t, kClasses> taken_after_{};
  std::array<std::uint64_t, kClasses> declared_{};
  bool order_learnt_ = false;         ///< taken_after_ is more than what was declared
  std::vector<std::size_t> pollers_;  ///< threads that may wait for a change
  bool has_polled_ = false;           ///< the step under way was a poll
  std::array<ThreadEnd, kMaxExploredThreads> ends_;
};

}  // namespace sim
