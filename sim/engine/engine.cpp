// SPDX-License-Identifier: BSD-2-Clause
#include "sim/engine/engine.hpp"

#include <algorithm>
#include <utility>

#include "sim/base/assert.hpp"

namespace sim {

Engine::Engine(Options options) : options_(options), agenda_(options.tie_break, options.seed) {}

Engine::~Engine() = default;

void Engine::check_date(Picoseconds date_ps) const {
  SIM_ASSERT(date_ps >= now_, "nothing can happen before the present date");
}

Engine::Task& Engine::spawn(std::string name, bool daemon, std::function<void()> body) {
  Task& task = *tasks_.emplace_back(std::make_unique<Task>());
  task.name = std::move(name);
  task.daemon = daemon;
  task.body = std::move(body);
  task.wake.kind = Event::Kind::task;
  task.wake.owner = &task;
  if (started_) create_context(task);
  wake_at(task, now_);
  return task;
}

void Engine::wake_at(Task& task, Picoseconds date_ps) {
  check_date(date_ps);
  agenda_.remove(task.wake);
  agenda_.add(task.wake, date_ps);
}

std::uint64_t Engine::at(Picoseconds date_ps, std::function<void()> callback) {
  check_date(date_ps);
  if (free_timers_.empty()) {
    free_timers_.push_back(static_cast<std::uint32_t>(timers_.size()));
    timers_.emplace_back();
  }
  const std::uint32_t index = free_timers_.back();
  free_timers_.pop_back();
  Timer& timer = timers_[index];
  timer.callback = std::move(callback);
  timer.event.kind = Event::Kind::timer;
  timer.event.timer = index;
  agenda_.add(timer.event, date_ps);
  return (static_cast<std::uint64_t>(++timer.generation) << 32) | index;
}

void Engine::cancel(std::uint64_t id) {
  const auto index = static_cast<std::uint32_t>(id);
  if (index >= timers_.size()) return;
  Timer& timer = timers_[index];
  if (timer.generation != static_cast<std::uint32_t>(id >> 32) || !timer.event.queued()) return;
  agenda_.remove(timer.event);
  timer.callback = nullptr;
  free_timers_.push_back(index);
}

void Engine::park() {
  Task* self = current_;
  SIM_ASSERT(self != nullptr, "only a task can park");
  if (!ending_) dispatch(self);
  if (ending_ && std::uncaught_exceptions() == 0) throw RunEnded{};
}

void Engine::fire(Event& event) {
  Timer& timer = timers_[event.timer];
  std::function<void()> callback = std::move(timer.callback);
  timer.callback = nullptr;
  free_timers_.push_back(event.timer);
  Task* self = std::exchange(current_, nullptr);
  try {
    callback();
  } catch (const RunEnded&) {
    throw;
  } catch (...) {
    fail(std::current_exception());
  }
  current_ = self;
}

void Engine::fail(std::exception_ptr failure) {
  if (!failure_) failure_ = std::move(failure);
  ending_ = true;
}

RunOutcome Engine::outcome_when_idle() const {
  const bool waits = std::any_of(tasks_.begin(), tasks_.end(),
                                 [](const auto& task) { return !task->done && !task->daemon; });
  return waits ? RunOutcome::stuck : RunOutcome::finished;
}

void Engine::switch_to(Task* from, Task* to) {
  current_ = to;
  ++switches_;
  switch_context(from, to);
}

void Engine::dispatch(Task* self) {
  const bool hand_back = options_.switch_at_every_step && self != nullptr;
  if (hand_back) return switch_to(self, nullptr);
  while (!ending_) {
    if (agenda_.empty()) {
      finish(outcome_when_idle());
    } else if (agenda_.next_date() > horizon_) {
      now_ = horizon_;
      finish(RunOutcome::horizon);
    } else {
      now_ = agenda_.next_date();
      ++events_;
      Event& event = agenda_.pop();
      if (event.kind == Event::Kind::timer) {
        fire(event);
        continue;
      }
      auto* next = static_cast<Task*>(event.owner);
      if (next == self) return;
      switch_to(self, next);
      if (self != nullptr) return;
    }
  }
  if (self != nullptr) switch_to(self, nullptr);
}

void Engine::task_main(Task& task) {
  try {
    if (!ending_) task.body();
  } catch (const RunEnded&) {
    // The run is over: this is how tasks end.
  } catch (...) {
    fail(std::current_exception());
  }
  task.done = true;
  task.body = nullptr;
  if (ending_) {
    switch_to(&task, nullptr);
  } else {
    dispatch(&task);
  }
}

void Engine::run_loop() {
  for (auto& task : tasks_) create_context(*task);
  started_ = true;
  while (!ending_) dispatch(nullptr);
  // By index: a task that ends may still create another.
  for (std::size_t i = 0; i < tasks_.size(); ++i) {  // NOLINT(modernize-loop-convert)
    Task& task = *tasks_[i];
    agenda_.remove(task.wake);
    if (!task.done) switch_to(nullptr, &task);
    SIM_ASSERT(task.done, "a task went on after the run ended: " + task.name);
  }
  current_ = nullptr;
}

RunOutcome Engine::run(Picoseconds horizon_ps) {
  SIM_ASSERT(!started_, "an engine runs once");
  horizon_ = horizon_ps;
  host_loop();
  if (failure_) std::rethrow_exception(failure_);
  return outcome_;
}

}  // namespace sim
