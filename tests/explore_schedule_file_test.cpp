// SPDX-License-Identifier: BSD-2-Clause
//
// Schedule files: what is written is read back, and no damage crashes whoever reads it.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/explore/replay.hpp"
#include "models/explore/explored_scenario.hpp"
#include "models/explore/schedule_file.hpp"
#include "models/scenario/errors.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/load.hpp"
#include "sim/base/random.hpp"
#include "sim/engine/engines.hpp"
#include "sim/explore/engine_turns.hpp"
#include "sim/explore/execution.hpp"
#include "sim/explore/replay.hpp"
#include "sim/explore/search.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/here.hpp"
#include "tests/support/small_program.hpp"

namespace {

namespace fs = std::filesystem;

std::vector<std::string> corpus() {
  std::vector<std::string> texts;
  for (const auto& entry :
       fs::directory_iterator(SOCKBUFSIM_SOURCE_DIR "/tests/fuzz/corpus/replay")) {
    texts.push_back(models::read_text_file(entry.path().string()));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

/// As the program does: refuses the file, or executes it. True if it was executed.
bool load_and_replay(const std::string& text) {
  try {
    const models::ScheduleFile file = models::parse_schedule_file(text, "schedule.json");
    cli::replay_file(file, "schedule.json", sim::EngineKind::fiber);
    return true;
  } catch (const models::ScenarioErrors&) {
    return false;
  }
}

/// One place of `text` changed: a byte flipped, dropped or doubled, the rest cut off, a number made
/// long, or a piece copied elsewhere.
std::string damaged(std::string text, sim::Stream& draw) {
  const auto below = [&](std::size_t n) {
    return static_cast<std::size_t>(draw.uniform01() * static_cast<double>(n));
  };
  const std::size_t at = below(text.size());
  switch (below(6)) {
    case 0:
      text[at] = static_cast<char>(below(256));
      break;
    case 1:
      text.erase(at, 1 + below(20));
      break;
    case 2:
      text.insert(at, 1, text[at]);
      break;
    case 3:
      text.resize(at);
      break;
    case 4: {
      const std::size_t digit = text.find_first_of("0123456789", at);
      if (digit != std::string::npos) text.insert(digit, "99999");
      break;
    }
    default:
      text.insert(at, text.substr(below(text.size()), below(40)));
      break;
  }
  return text;
}

void check_same_steps(const sim::Replayed& one, const sim::Replayed& two) {
  REQUIRE(one.steps.size() == two.steps.size());
  for (std::size_t i = 0; i < one.steps.size(); ++i) {
    CHECK(one.steps[i].thread == two.steps[i].thread);
    CHECK(one.steps[i].operation == two.steps[i].operation);
    CHECK(one.steps[i].notes == two.steps[i].notes);
    CHECK(one.steps[i].racing == two.steps[i].racing);
  }
}

}  // namespace

TEST_CASE("what is written into a schedule file is read back", "[explore][replay]") {
  const auto loaded =
      models::load_scenario(SOCKBUFSIM_SOURCE_DIR "/scenarios/close-during-copyout.json");
  models::ScheduleFile file;
  file.scenario = loaded.scenario;
  file.threads = {"reader", "nic", "kernel_close"};
  file.schedule = sim::parse_schedule("a5b2a!3c7").value();
  file.expected = {"destroyed_lock", "panic: \"quoted\"\n\xff"};
  file.thread = "reader";
  file.strategy = "pct:3";
  file.version = "1.2.3";
  const std::string text = models::dump_schedule_file(file);
  const models::ScheduleFile read = models::parse_schedule_file(text, "x.json");
  CHECK(models::dump_scenario(read.scenario) == loaded.canonical());
  CHECK(read.threads == file.threads);
  CHECK(read.schedule == file.schedule);
  CHECK(read.expected.kind == "destroyed_lock");
  CHECK(read.expected.message == "panic: \"quoted\"\n\xef\xbf\xbd");
  CHECK(read.thread == "reader");
  CHECK(read.strategy == "pct:3");
  CHECK(read.version == "1.2.3");
  CHECK(models::dump_schedule_file(read) == text);
}

TEST_CASE("the corpus of schedule files is executed, on both engines alike", "[explore][replay]") {
  std::size_t executed = 0;
  for (const std::string& text : corpus()) {
    models::ScheduleFile file;
    try {
      file = models::parse_schedule_file(text, "schedule.json");
    } catch (const models::ScenarioErrors&) {
      continue;  // an input that must be refused
    }
    const auto one = cli::replay_file(file, "schedule.json", sim::EngineKind::simgrid).replayed;
    const auto two = cli::replay_file(file, "schedule.json", sim::EngineKind::fiber).replayed;
    ++executed;
    check_same_steps(one, two);
    REQUIRE(one.finding.has_value() == two.finding.has_value());
    if (one.finding) CHECK(one.finding->message == two.finding->message);
  }
  CHECK(executed >= 4);
}

TEST_CASE("no damage to a schedule file crashes its reader", "[explore][replay]") {
  std::size_t executed = 0;
  std::size_t refused = 0;
  sim::Stream draw(7, 0, "damage");
  for (const std::string& text : corpus()) {
    for (int i = 0; i < 150; ++i) {
      std::string changed = damaged(text, draw);
      while (draw.uniform01() < 0.3) changed = damaged(changed, draw);
      load_and_replay(changed) ? ++executed : ++refused;
    }
  }
  CHECK(executed > 0);
  CHECK(refused > 100);
}

TEST_CASE("threads take the same turns on an engine as on fibers of their own",
          "[explore][replay]") {
  int replayed = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    test::SmallProgram program(2, 2);
    test::add_random_threads(program, seed);
    sim::SearchOptions options;
    options.strategy = sim::parse_strategy("random").value();
    options.seed = seed;
    options.max_schedules = 50;
    for (const sim::FoundViolation& found : sim::search(program, options).violations) {
      const auto turns = sim::make_fiber_turns();
      const sim::Replayed own = sim::replay(program, *turns, found.schedule);
      for (const auto kind : {sim::EngineKind::simgrid, sim::EngineKind::fiber}) {
        const auto engine = sim::make_engine(kind, {});
        sim::Replayed other;
        sim::conduct_on(*engine, [&](sim::Turns& engine_turns) {
          other = sim::replay(program, engine_turns, found.schedule);
        });
        REQUIRE(own.finding.has_value());
        REQUIRE(other.finding.has_value());
        CHECK(other.finding->kind == own.finding->kind);
        check_same_steps(own, other);
        ++replayed;
      }
    }
  }
  CHECK(replayed > 40);
}

TEST_CASE("several executions, some abandoned, run in one engine", "[explore][replay]") {
  test::SmallProgram program(1, 1);
  for (int i = 0; i < 2; ++i) {
    program.thread([&](sim::KernelOps& k) {
      k.lock(program.mutex(0), test::kHere);
      program.write_along(k, 0);
      k.unlock(program.mutex(0));
    });
  }
  for (const auto kind : {sim::EngineKind::simgrid, sim::EngineKind::fiber}) {
    const auto engine = sim::make_engine(kind, {});
    std::vector<std::uint64_t> states;
    sim::conduct_on(*engine, [&](sim::Turns& turns) {
      sim::Execution execution(program, turns);
      for (const char* schedule : {"a2b2", "b", "b2a2", "a2b2", "a"}) {
        execution.begin();
        const auto steps = sim::parse_schedule(schedule).value();
        for (const sim::ScheduleStep step : steps) execution.step(step.thread, 0);
        if (execution.enabled() == 0) states.push_back(execution.final_state());
      }
    });
    REQUIRE(states.size() == 3);
    CHECK(states[0] == states[2]);
    CHECK(states[0] != states[1]);
  }
}

TEST_CASE("what leaves the conductor leaves the engine", "[explore][replay]") {
  const auto engine = sim::make_engine(sim::EngineKind::fiber, {});
  CHECK_THROWS_AS(sim::conduct_on(*engine, [](sim::Turns&) { throw std::runtime_error("x"); }),
                  std::runtime_error);
}
