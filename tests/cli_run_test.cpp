// SPDX-License-Identifier: BSD-2-Clause
//
// `run` with a simulation that is made up: what it asks for, what it writes, how it exits.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/errors.hpp"
#include "cli/run.hpp"
#include "models/scenario/errors.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_report.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::ordered_json;

namespace {

/// A scenario of synthetic threads, with `members` added.
std::string loop_scenario(const std::string& members = "") {
  return R"({"schema": "sockbufsim/scenario/1", "name": "loop", "seed": 5, "duration_ms": 1,
             "machine": {"profile": "ideal"},
             "locks": [{"name": "L"}],
             "threads": [{"lock": "L", "think_ns": 1000, "hold_ns": 250}])" +
         (members.empty() ? "" : ", " + members) + "}";
}

/// Stands in for the simulation and remembers what it was asked for.
class Fake {
 public:
  models::Report report = tests::sample_report();
  std::vector<std::uint32_t> replications;
  std::vector<bool> timelines;
  std::int64_t seed = -1;
  sim::EngineKind engine = sim::EngineKind::simgrid;

  cli::Simulate function() {
    return [this](const models::RunRequest& request) {
      replications.push_back(request.replication);
      timelines.push_back(request.record_timeline);
      seed = request.scenario->scenario.seed;
      engine = request.engine;
      models::RunOutput output;
      output.report = report;
      output.report.throughput.goodput_gbps += request.replication;
      if (request.record_timeline) output.timeline = std::make_unique<sim::Timeline>();
      return output;
    };
  }
};

class Setup {
 public:
  explicit Setup(const std::string& members = "") {
    options.scenario = dir.write("loop.json", loop_scenario(members));
    options.outputs = {"json:" + dir.file("report.json")};
    quiet();
  }
  int run() { return cli::run(options, fake.function()); }
  ordered_json report() const {
    return ordered_json::parse(tests::bytes_of(dir.file("report.json")));
  }
  bool wrote_report() const { return std::filesystem::exists(dir.file("report.json")); }

  tests::TempDir dir;
  cli::RunOptions options;
  Fake fake;

 private:
  /// Keeps the report off the test's own output.
  void quiet() { options.outputs.push_back("lockprof:-"); }
};

constexpr const char* kExpectGoodput =
    R"("expect": [{"metric": "throughput.goodput_gbps", "min": 9, "max": 9.5}])";
constexpr const char* kExpectPanic =
    R"("expect": [{"verdict": "violation", "kind": "destroyed_lock"}])";

void make_violation(models::Report& report, const char* kind) {
  report.verdict = models::Verdict::violation;
  report.violations.push_back({kind, "panic", 1, "reader0", 0, {}});
}

}  // namespace

TEST_CASE("a run that goes as expected exits 0", "[cli]") {
  Setup setup(kExpectGoodput);
  CHECK(setup.run() == 0);
  CHECK(setup.fake.replications == std::vector<std::uint32_t>{0});
  CHECK(setup.fake.timelines == std::vector<bool>{false});
  const ordered_json report = setup.report();
  CHECK(report.at("expectations").at(0).at("passed") == true);
  CHECK(report.at("expectations").at(0).at("actual") == 9.25);
  CHECK(report.at("provenance").at("fingerprint").get<std::string>().size() == 16);
  CHECK_THAT(report.at("provenance").at("command").get<std::string>(),
             ContainsSubstring("loop.json --seed 5"));
}

TEST_CASE("a failed expectation exits 1, and the report is written", "[cli]") {
  Setup setup(kExpectGoodput);
  setup.fake.report.throughput.goodput_gbps = 8.9;
  CHECK(setup.run() == 1);
  CHECK(setup.report().at("expectations").at(0).at("passed") == false);
}

TEST_CASE("a violation exits 3, unless the scenario expects it", "[cli]") {
  Setup unexpected;
  make_violation(unexpected.fake.report, "destroyed_lock");
  CHECK(unexpected.run() == 3);
  Setup expected(kExpectPanic);
  make_violation(expected.fake.report, "destroyed_lock");
  CHECK(expected.run() == 0);
  Setup another(kExpectPanic);
  make_violation(another.fake.report, "sbflush_counters");
  CHECK(another.run() == 3);
  Setup missing(kExpectPanic);
  CHECK(missing.run() == 1);
}

TEST_CASE("a deadlock that nobody expects exits 3", "[cli]") {
  Setup setup;
  setup.fake.report.verdict = models::Verdict::deadlock;
  CHECK(setup.run() == 3);
}

TEST_CASE("options override the scenario and stand in the rerun command", "[cli]") {
  Setup setup;
  setup.options.seed = 9;
  setup.options.replications = 3;
  setup.options.tie_break = "shuffle";
  setup.options.engine = "fiber";
  setup.options.overrides = {"description=it's new"};
  CHECK(setup.run() == 0);
  CHECK(setup.fake.seed == 9);
  CHECK(setup.fake.engine == sim::EngineKind::fiber);
  CHECK(setup.fake.replications == std::vector<std::uint32_t>{0, 1, 2});
  const ordered_json report = setup.report();
  CHECK(report.at("throughput").at("goodput_gbps") == 10.25);
  CHECK(report.at("summary").at(0).at("n") == 3);
  CHECK_THAT(report.at("provenance").at("command").get<std::string>(),
             ContainsSubstring(" --set 'description=it'\\''s new' --seed 9 --replications 3 "
                               "--tie-break shuffle --engine fiber"));
}

TEST_CASE("a timeline is recorded when a format needs it, of the first replication", "[cli]") {
  Setup setup;
  setup.options.replications = 2;
  setup.options.outputs.push_back("trace:" + setup.dir.file("trace.json"));
  CHECK(setup.run() == 0);
  CHECK(setup.fake.timelines == std::vector<bool>{true, false});
  CHECK(ordered_json::parse(tests::bytes_of(setup.dir.file("trace.json"))).contains("traceEvents"));
}

TEST_CASE("bad outputs are found before anything is simulated or written", "[cli]") {
  for (const auto& [output, problem] : std::vector<std::pair<std::string, std::string>>{
           {"jsn:x", "Did you mean \"json\"?"},
           {"json", "allowed: json:FILE"},
           {"csv:", "no file named"},
           {"csv:/no/such/directory/x", "No such file or directory"},
           {"csv:/", "Is a directory"},
           {"csv:-", "write to one file"}}) {
    CAPTURE(output);
    Setup setup;
    setup.options.outputs.push_back(output);
    CHECK_THROWS_WITH(setup.run(), ContainsSubstring(problem));
    CHECK(setup.fake.replications.empty());
    CHECK_FALSE(setup.wrote_report());
  }
}

TEST_CASE("a bad scenario or expectation is found before anything is written", "[cli]") {
  Setup unknown_metric(R"("expect": [{"metric": "throughput.godput_gbps", "min": 9}])");
  CHECK_THROWS_AS(unknown_metric.run(), models::ScenarioErrors);
  CHECK(unknown_metric.fake.replications.empty());
  CHECK_FALSE(unknown_metric.wrote_report());
  Setup bad_override;
  bad_override.options.overrides = {"duration_ms=-1"};
  CHECK_THROWS_AS(bad_override.run(), models::ScenarioErrors);
  CHECK_FALSE(bad_override.wrote_report());
}

TEST_CASE("JUnit goes where it is asked to", "[cli]") {
  Setup setup(kExpectGoodput);
  setup.fake.report.throughput.goodput_gbps = 1;
  setup.options.junit = setup.dir.file("junit.xml");
  CHECK(setup.run() == 1);
  CHECK_THAT(tests::bytes_of(setup.options.junit), ContainsSubstring("failures=\"1\""));
}
