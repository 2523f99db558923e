// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/engine/agenda.hpp"

namespace sim {

/// Thrown inside a task that must end because the run is over. Model code lets it pass.
struct RunEnded {};

/// How a run of the engine ended.
enum class RunOutcome : std::uint8_t {
  horizon,   ///< the date given to run() was reached
  finished,  ///< nothing is left to do: only daemons wait
  stuck      ///< nothing is left to do, but tasks that are no daemons still wait
};

/// How simulated threads take turns. Exactly one task executes at any moment; it keeps its turn
/// until it parks. Dates are integers in picoseconds; what happens at one date happens in the order
/// in which it was asked for (or in a drawn order, with TieBreak::shuffle).
///
/// Everything that decides *who* goes next is here, once, for all engines; an engine adds only the
/// means to switch from one stack to another. So all engines give the same results.
///
/// A switch is needed only where another task acts next: a task that would be next anyway continues
/// on its own stack (`try_advance`), and timer callbacks run on the stack of whoever waits.
class Engine {
 public:
  /// A thread of execution. Owned by the engine, alive until the engine is destroyed.
  struct Task {
    std::string name;
    bool daemon = false;
    bool done = false;
    Event wake;  ///< at most one date to go on at
    std::function<void()> body;
    void* context = nullptr;  ///< the concrete engine's
  };

  struct Options {
    TieBreak tie_break = TieBreak::fifo;
    std::uint64_t seed = 1;  ///< for drawn ties
    /// Never go on without a switch: slow, for showing that the shortcuts change nothing.
    bool switch_at_every_step = false;
  };

  explicit Engine(Options options);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine();

  virtual std::string_view name() const = 0;

  /// The present date, in ps since the start of the run.
  Picoseconds now() const { return now_; }
  /// The task that executes; null outside of all tasks and in the engine's own loop.
  Task* current() const { return current_; }
  /// Events processed: a measure of the simulator's own work.
  std::uint64_t events() const { return events_; }
  std::uint64_t switches() const { return switches_; }
  /// Dates that are asked for: of tasks and of callbacks.
  std::size_t pending() const { return agenda_.size(); }

  /// Creates a task that starts at the present date.
  Task& spawn(std::string name, bool daemon, std::function<void()> body);

  /// The parked (or executing) task goes on at `date_ps` (>= now). Replaces an earlier wake.
  void wake_at(Task& task, Picoseconds date_ps);
  /// The task stays parked until somebody asks again.
  void cancel_wake(Task& task) { agenda_.remove(task.wake); }
  bool wake_pending(const Task& task) const { return task.wake.queued(); }

  /// Ends the executing task's turn; returns when its wake came. Throws RunEnded when the run is
  /// over.
  void park();

  /// Moves to `date_ps` at once if nothing else would happen before or at it. False: nothing was
  /// done, the caller has to ask for a wake and park.
  bool try_advance(Picoseconds date_ps) {
    if (options_.switch_at_every_step || date_ps > horizon_) return false;
    if (!agenda_.empty() && agenda_.next_date() <= date_ps) return false;
    agenda_.skip();
    ++events_;
    now_ = date_ps;
    return true;
  }

  /// Runs `callback` at `date_ps` (>= now) on whatever stack; it must not park.
  std::uint64_t at(Picoseconds date_ps, std::function<void()> callback);
  void cancel(std::uint64_t id);

  /// Processes events up to and including `horizon_ps`, then ends all tasks. An exception that left
  /// a task or a callback (other than RunEnded) is rethrown here, after all tasks have ended. Call
  /// once.
  RunOutcome run(Picoseconds horizon_ps);

  /// True once the run is over and tasks are being ended.
  bool ending() const { return ending_; }

 protected:
  /// Makes the stack on which `task_main(task)` runs when first switched to.
  virtual void create_context(Task& task) = 0;
  /// Suspends `from` and continues `to`; null is the loop that called run_loop. Returns in `from`
  /// when somebody switches to it. `from` never returns when it is done.
  virtual void switch_context(Task* from, Task* to) = 0;
  /// Calls run_loop in a context that tasks can switch back to, and returns when it ended.
  virtual void host_loop() = 0;

  /// What every context executes.
  void task_main(Task& task);
  void run_loop();

 private:
  struct Timer {
    Event event;
    std::function<void()> callback;
    std::uint32_t generation = 0;
  };

  /// Goes on with what comes next; returns when it is `self`'s turn again.
  void dispatch(Task* self);
  void switch_to(Task* from, Task* to);
  void fire(Event& event);
  void finish(RunOutcome outcome) {
    outcome_ = outcome;
    ending_ = true;
  }
  void fail(std::exception_ptr failure);
  RunOutcome outcome_when_idle() const;
  void check_date(Picoseconds date_ps) const;

  Options options_;
  Agenda agenda_;
  std::vector<std::unique_ptr<Task>> tasks_;
  std::deque<Timer> timers_;
  std::vector<std::uint32_t> free_timers_;
  Task* current_ = nullptr;
  Picoseconds now_ = 0;
  Picoseconds horizon_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t switches_ = 0;
  bool ending_ = false;
  bool started_ = false;
  RunOutcome outcome_ = RunOutcome::horizon;
  std::exception_ptr failure_;
};

}  // namespace sim
