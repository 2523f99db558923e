// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/turns.hpp"

#include <array>

#include "sim/engine/fiber.hpp"
#include "sim/explore/program.hpp"

namespace sim {
namespace {

class FiberTurns final : public Turns {
 public:
  void start(std::size_t thread, Entry entry, void* argument) override {
    auto& fiber = fibers_.at(thread);
    if (!fiber) fiber = std::make_unique<Fiber>();
    fiber->start(entry, argument);
  }
  void resume(std::size_t thread) override { fibers_[thread]->resume(); }
  void suspend(std::size_t thread) override { fibers_[thread]->suspend(); }
  void abandon(std::size_t thread) override { fibers_[thread]->abandon(); }
  Fiber* fiber(std::size_t thread) override { return fibers_[thread].get(); }

 private:
  std::array<std::unique_ptr<Fiber>, kMaxExploredThreads> fibers_;
};

}  // namespace

std::unique_ptr<Turns> make_fiber_turns() { return std::make_unique<FiberTurns>(); }

}  // namespace sim
