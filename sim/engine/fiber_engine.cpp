// SPDX-License-Identifier: BSD-2-Clause
#include "sim/engine/fiber_engine.hpp"

#include <memory>
#include <utility>
#include <vector>

#include "sim/engine/fiber.hpp"

namespace sim {
namespace {

/// As much as an actor of the SimGrid engine has.
constexpr std::size_t kStackBytes = std::size_t{256} * 1024;

class FiberEngine final : public Engine {
 public:
  using Engine::Engine;

  std::string_view name() const override { return "fiber"; }

 private:
  struct Seat {
    FiberEngine* engine = nullptr;
    Task* task = nullptr;
    Fiber fiber{kStackBytes};
  };

  static Seat& seat_of(const Task& task) { return *static_cast<Seat*>(task.context); }

  void create_context(Task& task) override {
    Seat& seat = free_seat();
    seat.engine = this;
    seat.task = &task;
    task.context = &seat;
    seat.fiber.start(
        [](void* argument) {
          auto& mine = *static_cast<Seat*>(argument);
          mine.engine->task_main(*mine.task);
        },
        &seat);
  }

  /// The stack of a task that ended some time ago, or a new one.
  Seat& free_seat() {
    if (!left_.empty() && left_.front()->fiber.finished()) {
      Seat& seat = *left_.front();
      left_.front() = left_.back();
      left_.pop_back();
      return seat;
    }
    return *seats_.emplace_back(std::make_unique<Seat>());
  }

  void switch_context(Task* from, Task* to) override {
    if (from == nullptr) {
      continue_from_loop(*to);
    } else if (from->done) {
      // Its body returns to the loop's stack now, and the loop goes on with the successor.
      left_.push_back(&seat_of(*from));
      successor_ = to;
    } else if (to == nullptr) {
      seat_of(*from).fiber.suspend();
    } else {
      seat_of(*from).fiber.hand_over(seat_of(*to).fiber);
    }
  }

  /// Returns when a task switches to the loop.
  void continue_from_loop(Task& first) {
    Task* next = &first;
    while (next != nullptr) {
      seat_of(*next).fiber.resume();
      next = std::exchange(successor_, nullptr);
    }
  }

  void host_loop() override { run_loop(); }

  std::vector<std::unique_ptr<Seat>> seats_;
  std::vector<Seat*> left_;    ///< seats of ended tasks; the last may still be executing
  Task* successor_ = nullptr;  ///< who goes on after the task that ended
};

}  // namespace

std::unique_ptr<Engine> make_fiber_engine(const Engine::Options& options) {
  return std::make_unique<FiberEngine>(options);
}

}  // namespace sim
