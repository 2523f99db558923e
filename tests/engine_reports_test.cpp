// SPDX-License-Identifier: BSD-2-Clause
//
// One seed, one result, whatever runs the simulated threads.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/report/formats.hpp"
#include "models/report/json.hpp"
#include "sim/base/fnv.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scenario_run.hpp"

namespace {

/// All scenarios that come with the program, and none of the profiles they extend.
std::vector<std::string> shipped_scenarios() {
  std::vector<std::string> paths;
  for (const char* folder : {"/scenarios", "/scenarios/races"}) {
    const std::filesystem::path path = std::string(SOCKBUFSIM_SOURCE_DIR) + folder;
    if (!std::filesystem::exists(path)) continue;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// The shipped scenario, cut to a few milliseconds where it is longer.
models::LoadedScenario load_shortened(const std::string& path, const std::string& seed) {
  constexpr double kDurationMs = 30.0;
  std::vector<std::string> overrides = {"seed=" + seed, "expect=[]",
                                        "observe.timeline.max_events=20000"};
  if (models::load_scenario(path, {"expect=[]"}).scenario.duration_ms > kDurationMs) {
    overrides.insert(overrides.end(), {"duration_ms=30", "warmup_ms=5"});
  }
  return models::load_scenario(path, overrides);
}

struct Written {
  std::map<std::string, std::string> formats;
  std::string engine;
  std::string fingerprint;
};

/// The run in all formats; the report's provenance must not name the engine, or they differ in it.
Written write_all(models::RunRequest request) {
  request.record_timeline = true;
  models::RunOutput output = models::simulate(request);
  Written written;
  written.engine = std::exchange(output.report.provenance.engine, "");
  written.fingerprint = models::report_fingerprint(output.report);
  for (const cli::Format& format : cli::formats()) {
    std::ostringstream text;
    format.write(text, {output.report, output.timeline.get()});
    written.formats[std::string(format.name)] = text.str();
  }
  return written;
}

void compare(const Written& one, const Written& other) {
  CHECK(one.fingerprint == other.fingerprint);
  REQUIRE(one.formats.size() >= 6);
  for (const auto& [format, text] : one.formats) {
    CAPTURE(format);
    REQUIRE_FALSE(text.empty());
    CHECK((text == other.formats.at(format)));  // not shown: megabytes
  }
}

constexpr const char* kPins = SOCKBUFSIM_SOURCE_DIR "/tests/fingerprints.csv";

/// A row of tests/fingerprints.csv: what the run gave, and its timeline.
std::string pin(const std::string& path, const std::string& seed, const Written& written) {
  return fmt::format("{},{},{},{:016x}\n",
                     std::filesystem::relative(path, SOCKBUFSIM_SOURCE_DIR).string(), seed,
                     written.fingerprint, sim::fnv1a(written.formats.at("trace")));
}

std::string pins() {
  std::string table = "scenario,seed,fingerprint,timeline\n";
  for (const std::string& path : shipped_scenarios()) {
    for (const char* seed : {"1", "2"}) {
      const models::LoadedScenario loaded = load_shortened(path, seed);
      models::RunRequest request;
      request.scenario = &loaded;
      request.engine = sim::EngineKind::fiber;
      table += pin(path, seed, write_all(request));
    }
  }
  return table;
}

}  // namespace

TEST_CASE("both engines give the same bytes in every format on every scenario",
          "[engine][cli][slow]") {
  const std::vector<std::string> paths = shipped_scenarios();
  REQUIRE(paths.size() >= 12);
  const std::string pinned = tests::bytes_of(kPins);
  for (const std::string& path : paths) {
    for (const char* seed : {"1", "2"}) {
      CAPTURE(path, seed);
      const models::LoadedScenario loaded = load_shortened(path, seed);
      models::RunRequest request;
      request.scenario = &loaded;
      const Written simgrid = write_all(request);
      request.engine = sim::EngineKind::fiber;
      const Written fiber = write_all(request);
      CHECK(simgrid.engine == "simgrid");
      CHECK(fiber.engine == "fiber");
      compare(simgrid, fiber);
      // Whoever compiled it, and with whichever optimisation. A change of results shows here; when
      // it is meant, `sockbufsim_tests [pin]` writes the table anew, and CHANGELOG says why.
      CHECK_THAT(pinned, Catch::Matchers::ContainsSubstring(pin(path, seed, simgrid)));
    }
  }
}

TEST_CASE("fibers that switch at every step give the same bytes", "[engine][cli]") {
  for (const char* name : {"10g-generic", "lock-loop", "close-during-copyout"}) {
    CAPTURE(name);
    const models::LoadedScenario loaded = load_shortened(test::shipped(name), "1");
    models::RunRequest request;
    request.scenario = &loaded;
    request.engine = sim::EngineKind::fiber;
    const Written quick = write_all(request);
    request.switch_at_every_step = true;
    compare(quick, write_all(request));
  }
}

TEST_CASE("write the pinned results anew", "[.][pin]") {
  std::ofstream file(kPins);
  file << pins();
  REQUIRE(file.flush());
}
