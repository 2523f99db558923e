// SPDX-License-Identifier: BSD-2-Clause
//
// The program itself: exit codes and messages, as a script sees them.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/bad_scenarios.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using tests::Outcome;
using tests::sockbufsim;

namespace {

std::string scenario(const std::string& name) {
  return "'" SOCKBUFSIM_SOURCE_DIR "/scenarios/" + name + ".json'";
}

}  // namespace

TEST_CASE("the program says what it is and what it can do", "[cli]") {
  const Outcome version = sockbufsim("--version");
  CHECK(version.status == 0);
  CHECK_THAT(version.text, StartsWith("sockbufsim "));
  const Outcome help = sockbufsim("--help");
  CHECK(help.status == 0);
  for (const char* part : {"run", "explore", "replay", "check", "schema", "list", "Exit codes"}) {
    CHECK_THAT(help.text, ContainsSubstring(part));
  }
  const Outcome run_help = sockbufsim("run --help");
  CHECK(run_help.status == 0);
  for (const char* option :
       {"--set", "--seed", "--replications", "--engine", "--out", "--tie-break", "--junit"}) {
    CHECK_THAT(run_help.text, ContainsSubstring(option));
  }
}

TEST_CASE("the help of a command has examples of that command alone", "[cli]") {
  for (const std::string command :
       {"run", "sweep", "export", "merge", "compare", "explore", "check", "schema", "list"}) {
    INFO(command);
    const std::string help = sockbufsim(command + " --help").text;
    const std::size_t at = help.find("Examples: sockbufsim " + command);
    CHECK(at != std::string::npos);
    CHECK_THAT(help, ContainsSubstring("Exit codes: 0 ") ||
                         ContainsSubstring("The last line of the text says"));
    for (std::size_t next = help.find("sockbufsim ", at); next != std::string::npos;
         next = help.find("sockbufsim ", next + 1)) {
      CHECK(help.substr(next + 11, command.size()) == command);
    }
  }
}

TEST_CASE("bad usage exits 2 and names the option", "[cli]") {
  for (const auto& [arguments, part] : std::vector<std::pair<std::string, std::string>>{
           {"", "subcommand"},
           {"fly", "\"fly\""},
           {"runn", "Did you mean \"run\"?"},
           {"run", "scenario"},
           {"run a b", "b"},
           {"run " + scenario("lock-loop") + " --sed 3", "--sed"},
           {"run " + scenario("lock-loop") + " --seed x", "--seed"},
           {"run " + scenario("lock-loop") + " --seed", "--seed"},
           {"run " + scenario("lock-loop") + " --engine fast", "simgrid"},
           {"run " + scenario("lock-loop") + " --tie-break lifo", "shuffle"},
           {"run " + scenario("lock-loop") + " --replications 0", "replications"},
           {"run " + scenario("lock-loop") + " --set nonsense", "--set"},
           {"run " + scenario("lock-loop") + " --out pdf:x", "lockprof"},
           {"run no-such-file.json", "no-such-file.json"},
           {"check no-such-file.json", "no-such-file.json"},
           {"schema nothing", "report"},
           {"schema report --markdown", "--markdown"},
           {"schema schedule --markdown", "--markdown"},
           {"list nothing", "list: found \"nothing\"; allowed: algorithms, machines"},
           {"list metric", "Did you mean \"metrics\"?"},
           {"schema studi", "schema: found \"studi\"; allowed: scenario, study"}}) {
    CAPTURE(arguments);
    const Outcome outcome = sockbufsim(arguments);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text, StartsWith("sockbufsim: "));
    CHECK_THAT(outcome.text, ContainsSubstring(part));
  }
}

TEST_CASE("a full standard output is an error", "[cli]") {
  for (const char* arguments : {"--version", "--help", "schema report", "list metrics"}) {
    CAPTURE(arguments);
    const Outcome outcome = sockbufsim(std::string(arguments) + " > /dev/full");
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text, ContainsSubstring("No space left on device"));
  }
}

TEST_CASE("schemas are JSON", "[cli]") {
  for (const char* of :
       {"", "scenario", "study", "report", "exploration", "matrix", "timed-search", "schedule"}) {
    const Outcome outcome = sockbufsim(std::string("schema ") + of);
    CHECK(outcome.status == 0);
    CHECK(nlohmann::json::parse(outcome.text).contains("properties"));
  }
}

TEST_CASE("list knows the names that scenarios use", "[cli]") {
  for (const auto& [topic, name] : std::vector<std::pair<std::string, std::string>>{
           {"algorithms", "stream_inplace"},
           {"machines", "woodcrest-2007"},
           {"locks", "ticket"},
           {"traffic", "line_rate"},
           {"formats", "lockprof"},
           {"formats", "markdown"},
           {"measures", "ratio"},
           {"metrics", "locks.NAME.points.NAME.wait_ns.total"}}) {
    const Outcome outcome = sockbufsim("list " + topic);
    CHECK(outcome.status == 0);
    CHECK_THAT(outcome.text, ContainsSubstring("\n  " + name));
  }
}

TEST_CASE("check accepts what is shipped, and prints it in force", "[cli]") {
  const Outcome plain = sockbufsim("check " + scenario("10g-generic"));
  CHECK(plain.status == 0);
  CHECK_THAT(plain.text, ContainsSubstring("10g-generic.json: fine\n"));
  const Outcome printed = sockbufsim("check --print --set nic.mtu=9000 " + scenario("10g-generic"));
  CHECK(printed.status == 0);
  CHECK(nlohmann::json::parse(printed.text).at("nic").at("mtu") == 9000);
}

TEST_CASE("check accepts the study that docs/ci sweeps", "[cli][study][docs]") {
  const Outcome outcome = sockbufsim("check '" SOCKBUFSIM_SOURCE_DIR "/docs/ci/smoke.json'");
  CHECK(outcome.status == 0);
  CHECK_THAT(outcome.text, ContainsSubstring("smoke.json: fine, 4 points\n"));
}

TEST_CASE("several --set and --out are taken one by one", "[cli]") {
  const tests::TempDir dir;
  const Outcome outcome =
      sockbufsim("run --set duration_ms=0.2 --set warmup_ms=0.1 --out csv:" + dir.file("a.csv") +
                 " --out lockprof:- " + scenario("lock-loop"));
  CHECK((outcome.status == 0 || outcome.status == 1));
  CHECK_THAT(outcome.text, StartsWith("\n     max "));
  CHECK(std::filesystem::exists(dir.file("a.csv")));
}

TEST_CASE("bad scenarios exit 2 with the place, and nothing is written", "[cli]") {
  const tests::TempDir dir;
  const std::string good = dir.write("good.json", tests::good_scenario());
  int tried = 0;
  for (const tests::BadScenario& bad : tests::bad_scenarios()) {
    const std::string text =
        bad.is_fragment ? "{\"extends\": \"good.json\", " + bad.text + "}" : bad.text;
    const std::string file = dir.write("bad.json", text);
    CAPTURE(text);
    const Outcome outcome =
        sockbufsim("run '" + file + "' --out json:'" + dir.file("out.json") + "'");
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text, ContainsSubstring(dir.file("")));  // or the file it extends
    CHECK_THAT(outcome.text, ContainsSubstring("allowed: "));
    CHECK_FALSE(std::filesystem::exists(dir.file("out.json")));
    ++tried;
  }
  CHECK(tried >= 60);
}

TEST_CASE("check knows studies, and run says what to do with one", "[cli][study]") {
  const tests::TempDir dir;
  const std::string study = dir.write(
      "mtu.json", R"({"schema": "sockbufsim/study/1", "base": {"schema": "sockbufsim/scenario/1",
                      "traffic": {"kind": "tcp"}, "sockets": [{"readers": [{}]}]},
                      "factors": [{"path": "nic.mtu", "values": [1500, 9000]}]})");
  const Outcome plain = sockbufsim("check " + study);
  CHECK(plain.status == 0);
  CHECK_THAT(plain.text, ContainsSubstring("mtu.json: fine, 2 points\n"));
  const Outcome printed = sockbufsim("check --print " + study);
  CHECK(printed.status == 0);
  CHECK_THAT(printed.text, ContainsSubstring("mtu: 2 points, 1 replication; about "));
  const Outcome bad = sockbufsim("check --set nic.rx_ring=0 " + study);
  CHECK(bad.status == 2);
  CHECK_THAT(bad.text, StartsWith("sockbufsim: --set nic.rx_ring=0: /nic/rx_ring: found 0"));
  const Outcome run = sockbufsim("run " + study);
  CHECK(run.status == 2);
  CHECK_THAT(run.text, ContainsSubstring("found a study; allowed: a scenario"));
}
