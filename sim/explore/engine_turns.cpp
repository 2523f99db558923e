// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/engine_turns.hpp"

#include <array>
#include <string>

#include "sim/base/assert.hpp"
#include "sim/explore/program.hpp"

namespace sim {
namespace {

/// One task a thread, used again for each body; the conductor and a thread wake each other.
class EngineTurns final : public Turns {
 public:
  EngineTurns(Engine& engine, Engine::Task& conductor) : engine_(engine), conductor_(conductor) {}

  void start(std::size_t thread, Entry entry, void* argument) override {
    Player& player = players_.at(thread);
    player.entry = entry;
    player.argument = argument;
    if (player.task != nullptr) return;
    player.task = &engine_.spawn("explored " + std::to_string(thread), true,
                                 [this, &player] { play(player); });
    engine_.cancel_wake(*player.task);
  }

  void resume(std::size_t thread) override {
    engine_.wake_at(*players_[thread].task, engine_.now());
    engine_.park();
  }

  void suspend(std::size_t thread) override {
    give_back();
    if (players_[thread].abandoned) throw RunEnded{};
  }

  /// Unwinds the body, as an engine does with its tasks at the end of a run.
  void abandon(std::size_t thread) override {
    players_[thread].abandoned = true;
    resume(thread);
    players_[thread].abandoned = false;
  }

 private:
  struct Player {
    Engine::Task* task = nullptr;
    Entry entry = nullptr;
    void* argument = nullptr;
    bool abandoned = false;
  };

  [[noreturn]] void play(Player& player) {
    for (;;) {
      player.entry(player.argument);
      give_back();
    }
  }

  void give_back() {
    engine_.wake_at(conductor_, engine_.now());
    engine_.park();
  }

  Engine& engine_;
  Engine::Task& conductor_;
  std::array<Player, kMaxExploredThreads> players_;
};

}  // namespace

void conduct_on(Engine& engine, const std::function<void(Turns&)>& conduct) {
  std::unique_ptr<EngineTurns> turns;  // until the engine has ended its tasks
  engine.spawn("conductor", false, [&] {
    turns = std::make_unique<EngineTurns>(engine, *engine.current());
    conduct(*turns);
  });
  const RunOutcome outcome = engine.run(1);
  SIM_ASSERT(outcome == RunOutcome::finished, "the conductor of an execution came to its end");
}

}  // namespace sim
