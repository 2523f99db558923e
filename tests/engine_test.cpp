// SPDX-License-Identifier: BSD-2-Clause
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "sim/engine/engines.hpp"
#include "tests/support/catch.hpp"

using sim::Engine;
using sim::EngineKind;
using sim::Picoseconds;
using sim::RunOutcome;

namespace {

/// Sleeps on the engine as a thread of the machine would.
void sleep_until(Engine& engine, Picoseconds date) {
  if (engine.try_advance(date)) return;
  engine.wake_at(*engine.current(), date);
  engine.park();
}

/// Three tasks and a timer that meet at the same dates; returns who acted when.
std::vector<std::string> rendezvous(EngineKind kind, const Engine::Options& options) {
  auto engine = sim::make_engine(kind, options);
  std::vector<std::string> log;
  const auto note = [&](const std::string& who) {
    log.push_back(who + "@" + std::to_string(engine->now()));
  };
  for (const char* name : {"a", "b", "c"}) {
    engine->spawn(name, false, [&, name] {
      for (Picoseconds date = 100; date <= 300; date += 100) {
        sleep_until(*engine, date);
        note(name);
      }
    });
  }
  engine->at(200, [&] { note("timer"); });
  CHECK(engine->run(1'000) == RunOutcome::finished);
  return log;
}

/// Runs the test case once for each engine.
EngineKind each_engine() { return GENERATE(EngineKind::simgrid, EngineKind::fiber); }

}  // namespace

TEST_CASE("what happens at one date happens in the order it was asked for", "[engine]") {
  const EngineKind kind = each_engine();
  CHECK(rendezvous(kind, {}) == std::vector<std::string>{"a@100", "b@100", "c@100", "timer@200",
                                                         "a@200", "b@200", "c@200", "a@300",
                                                         "b@300", "c@300"});
}

TEST_CASE("switching at every step changes nothing", "[engine]") {
  const EngineKind kind = each_engine();
  for (const auto tie_break : {sim::TieBreak::fifo, sim::TieBreak::shuffle}) {
    Engine::Options options;
    options.tie_break = tie_break;
    const auto quick = rendezvous(kind, options);
    options.switch_at_every_step = true;
    CHECK(rendezvous(kind, options) == quick);
  }
}

TEST_CASE("drawn ties depend on the seed alone, and change the order", "[engine]") {
  const EngineKind kind = each_engine();
  Engine::Options options;
  options.tie_break = sim::TieBreak::shuffle;
  const auto first = rendezvous(kind, options);
  CHECK(rendezvous(kind, options) == first);
  bool differs = false;
  for (options.seed = 2; options.seed < 6; ++options.seed)
    differs |= rendezvous(kind, options) != first;
  CHECK(differs);
}

TEST_CASE("a run ends at its horizon, and tasks end with it", "[engine]") {
  const EngineKind kind = each_engine();
  auto engine = sim::make_engine(kind, {});
  bool unwound = false;
  engine->spawn("sleeper", false, [&] {
    struct Mark {
      bool* flag;
      ~Mark() { *flag = true; }
    } mark{&unwound};
    sleep_until(*engine, 5'000);
    FAIL("went on beyond the horizon");
  });
  CHECK(engine->run(1'000) == RunOutcome::horizon);
  CHECK(engine->now() == 1'000);
  CHECK(unwound);
}

TEST_CASE("tasks that wait for nothing are seen", "[engine]") {
  const EngineKind kind = each_engine();
  auto stuck = sim::make_engine(kind, {});
  stuck->spawn("waits", false, [&] { stuck->park(); });
  CHECK(stuck->run(1'000) == RunOutcome::stuck);
  auto idle = sim::make_engine(kind, {});
  idle->spawn("daemon", true, [&] { idle->park(); });
  CHECK(idle->run(1'000) == RunOutcome::finished);
}

TEST_CASE("an exception in a task or a timer comes out of run()", "[engine]") {
  const EngineKind kind = each_engine();
  auto in_task = sim::make_engine(kind, {});
  in_task->spawn("bystander", false, [&] { in_task->park(); });
  in_task->spawn("thrower", false, [] { throw std::runtime_error("from a task"); });
  CHECK_THROWS_AS(in_task->run(1'000), std::runtime_error);
  auto in_timer = sim::make_engine(kind, {});
  in_timer->spawn("bystander", false, [&] { in_timer->park(); });
  in_timer->at(10, [] { throw std::runtime_error("from a timer"); });
  CHECK_THROWS_AS(in_timer->run(1'000), std::runtime_error);
}

TEST_CASE("timers can be cancelled, wakes replaced", "[engine]") {
  const EngineKind kind = each_engine();
  auto engine = sim::make_engine(kind, {});
  bool fired = false;
  const auto timer = engine->at(50, [&] { fired = true; });
  Picoseconds woke = 0;
  auto& task = engine->spawn("sleeper", false, [&] {
    engine->wake_at(*engine->current(), 900);
    engine->park();
    woke = engine->now();
  });
  engine->at(20, [&] { engine->cancel(timer); });
  engine->at(30, [&] { engine->wake_at(task, 40); });
  engine->run(1'000);
  CHECK_FALSE(fired);
  CHECK(woke == 40);
}

TEST_CASE("dates stay exact integers far out", "[engine]") {
  const EngineKind kind = each_engine();
  auto engine = sim::make_engine(kind, {});
  constexpr Picoseconds kFar = 2'000 * sim::kSecond + 1;
  Picoseconds seen = 0;
  engine->spawn("sleeper", false, [&] {
    sleep_until(*engine, kFar);
    seen = engine->now();
  });
  engine->run(kFar + 10);
  CHECK(seen == kFar);
}

TEST_CASE("tasks may be made while the run goes on, and there may be many", "[engine]") {
  const EngineKind kind = each_engine();
  auto engine = sim::make_engine(kind, {});
  int ended = 0;
  engine->spawn("maker", false, [&] {
    for (int i = 0; i < 200; ++i) {
      engine->spawn("made", false, [&, i] {
        sleep_until(*engine, 100 + i % 7);
        ++ended;
      });
    }
  });
  CHECK(engine->run(1'000) == RunOutcome::finished);
  CHECK(ended == 200);
}

TEST_CASE("a task may wait while an exception unwinds it", "[engine]") {
  const EngineKind kind = each_engine();
  auto engine = sim::make_engine(kind, {});
  std::vector<std::string> log;
  for (const char* name : {"a", "b"}) {
    engine->spawn(name, false, [&, name] {
      struct Unlocks {
        Engine* engine;
        ~Unlocks() { sleep_until(*engine, engine->now() + 100); }
      };
      try {
        const Unlocks guard{engine.get()};
        throw std::runtime_error(name);
      } catch (const std::runtime_error& error) {
        sleep_until(*engine, engine->now() + 100);
        log.push_back(error.what() + ("@" + std::to_string(engine->now())));
      }
    });
  }
  CHECK(engine->run(1'000) == RunOutcome::finished);
  CHECK(log == std::vector<std::string>{"a@200", "b@200"});
}

TEST_CASE("both engines do the same work", "[engine]") {
  Engine::Options options;
  options.tie_break = sim::TieBreak::shuffle;
  CHECK(rendezvous(EngineKind::fiber, options) == rendezvous(EngineKind::simgrid, options));
}

TEST_CASE("an engine of fibers may run inside another's task", "[engine][fiber]") {
  auto outer = sim::make_engine(EngineKind::fiber, {});
  RunOutcome inner_outcome = RunOutcome::stuck;
  outer->spawn("outer", false, [&] {
    auto inner = sim::make_engine(EngineKind::fiber, {});
    inner->spawn("inner", false, [&] { sleep_until(*inner, 500); });
    inner_outcome = inner->run(1'000);
  });
  CHECK(outer->run(1'000) == RunOutcome::finished);
  CHECK(inner_outcome == RunOutcome::finished);
}

TEST_CASE("an interrupt from the terminal is nobody's but the caller's", "[engine]") {
  const auto handler = [] {
    struct sigaction action {};
    ::sigaction(SIGINT, nullptr, &action);
    return action.sa_handler;
  };
  const auto before = handler();
  const auto engine = sim::make_engine(EngineKind::simgrid, {});
  CHECK(handler() == before);
}
