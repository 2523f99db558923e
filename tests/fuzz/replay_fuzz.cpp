// SPDX-License-Identifier: BSD-2-Clause
//
// libFuzzer target: any bytes as a schedule file. It must be refused with ScenarioErrors, or be
// executed to an end. `./dev fuzz` builds and runs it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "models/explore/explored_scenario.hpp"
#include "models/explore/schedule_file.hpp"
#include "models/scenario/errors.hpp"
#include "sim/explore/replay.hpp"
#include "sim/explore/turns.hpp"

// NOLINTNEXTLINE: the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes as text
  try {
    const models::ScheduleFile file = models::parse_schedule_file(text, "fuzz.json");
    models::ExploredScenario program(file.scenario, "fuzz.json");
    const auto turns = sim::make_fiber_turns();
    const sim::Replayed replayed = sim::replay(program, *turns, file.schedule);
    static_cast<void>(replayed);
  } catch (const models::ScenarioErrors&) {
    // Refused, as it should be.
  }
  return 0;
}
