// SPDX-License-Identifier: BSD-2-Clause
#include "sim/engine/simgrid_engine.hpp"

#include <csignal>
#include <utility>
#include <vector>

#include "sim/base/assert.hpp"
#include "sim/engine/simgrid_compat.hpp"

namespace sim {
namespace {

namespace sg4 = simgrid::s4u;

/// How often a waiting actor yields before it lets itself be suspended. A yield costs a fifth of a
/// suspend and resume, but every waiting actor pays it at each switch.
constexpr int kYieldsBeforeSuspend = 3;

/// The SimGrid clock may lag behind the engine's by this much.
constexpr Picoseconds kClockLag = kMillisecond;

/// AddressSanitizer knows the stacks of threads, not those that SimGrid's raw contexts switch
/// between.
const char* context_factory() {
#if defined(__SANITIZE_ADDRESS__)
  return "--cfg=contexts/factory:thread";
#else
  return "--cfg=contexts/factory:raw";
#endif
}

/// SimGrid's one platform. Made on first use, lives until the process ends.
struct Platform {
  Platform() : engine(&argc, argv_pointer), host(simgrid_compat::make_host(engine)) {
    ::sigaction(SIGINT, &interrupt, nullptr);
  }

  /// SimGrid's own handler would end the process with exit code 1.
  static struct sigaction interrupt_action() {
    struct sigaction action {};
    ::sigaction(SIGINT, nullptr, &action);
    return action;
  }

  static Platform& instance() {
    static auto* platform =
        new Platform;  // never destroyed: SimGrid's own teardown owns its actors
    return *platform;
  }

  struct sigaction interrupt = interrupt_action();
  std::string program = "sockbufsim";
  std::string quiet = "--log=root.thresh:critical";
  std::string stack = "--cfg=contexts/stack-size:256";
  std::string exit_option = "--cfg=debug/verbose-exit:no";
  std::string precision = std::string("--cfg=") + simgrid_compat::precision_option();
  std::string factory = context_factory();
  std::vector<char*> argv = {program.data(),   quiet.data(),   stack.data(), exit_option.data(),
                             precision.data(), factory.data(), nullptr};
  int argc = 6;
  char** argv_pointer = argv.data();
  sg4::Engine engine;
  sg4::Host* host;
};

class SimgridEngine final : public Engine {
 public:
  explicit SimgridEngine(const Options& options)
      : Engine(options), platform_(Platform::instance()), base_(sg4::Engine::get_clock()) {}

  std::string_view name() const override { return "simgrid"; }

 private:
  /// An actor as seen by the hand-over of turns.
  struct Seat {
    sg4::ActorPtr actor;
    bool suspended = false;
  };

  Seat& seat_of(Task* task) { return task ? *static_cast<Seat*>(task->context) : loop_seat_; }

  void create_context(Task& task) override {
    seats_.push_back(std::make_unique<Seat>());
    Seat* seat = seats_.back().get();
    task.context = seat;
    seat->actor = simgrid_compat::spawn(platform_.engine, task.name, platform_.host,
                                        [this, seat, work = &task] {
                                          await_turn(*seat);
                                          task_main(*work);
                                        });
  }

  void await_turn(Seat& seat) {
    for (int yields = 0; turn_ != &seat; ++yields) {
      if (yields < kYieldsBeforeSuspend) {
        sg4::this_actor::yield();
      } else {
        seat.suspended = true;
        sg4::this_actor::suspend();
      }
    }
  }

  void switch_context(Task* from, Task* to) override {
    follow_clock(kClockLag);
    Seat& next = seat_of(to);
    turn_ = &next;
    if (next.suspended) {
      next.suspended = false;
      next.actor->resume();
    }
    if (from == nullptr || !from->done) await_turn(seat_of(from));
  }

  /// Brings SimGrid's clock up to the present when it lags by more than `lag`.
  void follow_clock(Picoseconds lag) {
    const double date = base_ + static_cast<double>(now());
    if (date - sg4::Engine::get_clock() > static_cast<double>(lag)) {
      sg4::this_actor::sleep_until(date);
      SIM_ASSERT(sg4::Engine::get_clock() == date, "SimGrid's clock is exact to the picosecond");
    }
  }

  void host_loop() override {
    loop_seat_.actor = simgrid_compat::spawn(platform_.engine, "conductor", platform_.host, [this] {
      turn_ = &loop_seat_;
      run_loop();
      follow_clock(0);
    });
    platform_.engine.run();
  }

  Platform& platform_;
  double base_;
  Seat loop_seat_;
  Seat* turn_ = nullptr;
  std::vector<std::unique_ptr<Seat>> seats_;
};

}  // namespace

std::unique_ptr<Engine> make_simgrid_engine(const Engine::Options& options) {
  return std::make_unique<SimgridEngine>(options);
}

}  // namespace sim
