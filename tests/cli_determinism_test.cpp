// SPDX-License-Identifier: BSD-2-Clause
//
// One seed, one result: the same bytes in every format. (Whoever compiled the program: see
// engine_reports_test.cpp.)
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

using tests::bytes_of;
using tests::sockbufsim;

namespace {

constexpr const char* kFormats[] = {"text", "csv", "lockprof", "lockstat", "trace", "html", "json"};

/// Runs the scenario with all formats written to `dir`.
void run(const std::string& scenario, const tests::TempDir& dir, const std::string& options) {
  std::string arguments = "run '" SOCKBUFSIM_SOURCE_DIR "/scenarios/" + scenario +
                          ".json' --set observe.timeline.max_events=20000 " + options;
  for (const char* format : kFormats) {
    arguments += " --out " + std::string(format) + ":'" + dir.file(format) + "'";
  }
  CAPTURE(arguments);
  REQUIRE(sockbufsim(arguments).status == 0);
}

void compare(const tests::TempDir& one, const tests::TempDir& other) {
  for (const char* format : kFormats) {
    CAPTURE(format);
    std::string a = bytes_of(one.file(format));
    std::string b = bytes_of(other.file(format));
    REQUIRE_FALSE(a.empty());
    if (std::string(format) == "json") {
      for (std::string* text : {&a, &b}) {
        auto tree = nlohmann::ordered_json::parse(*text);
        REQUIRE(tree.erase("simulator") == 1);
        *text = tree.dump();
      }
    }
    CHECK((a == b));  // not shown: megabytes
  }
}

}  // namespace

TEST_CASE("two runs of one seed give the same bytes in every format", "[cli][slow]") {
  for (const char* scenario : {"10g-generic", "lock-loop", "close-during-copyout"}) {
    CAPTURE(scenario);
    const tests::TempDir one;
    const tests::TempDir other;
    run(scenario, one, "--replications 2");
    run(scenario, other, "--replications 2");
    compare(one, other);
  }
}

TEST_CASE("another seed gives another result", "[cli]") {
  const tests::TempDir one;
  const tests::TempDir other;
  run("lock-loop", one, "--seed 11");
  run("lock-loop", other, "--seed 12");
  CHECK((bytes_of(one.file("csv")) != bytes_of(other.file("csv"))));
}

TEST_CASE("memory stays small and does not grow with simulated time", "[cli][slow]") {
  const auto peak_mib = [](const char* duration) {
    const tests::TempDir dir;
    const std::string scenario = "'" SOCKBUFSIM_SOURCE_DIR "/scenarios/10g-generic.json'";
    REQUIRE(sockbufsim("run " + scenario + " --set duration_ms=" + duration + " --out json:'" +
                       dir.file("json") + "'")
                .status == 0);
    const auto report = nlohmann::ordered_json::parse(bytes_of(dir.file("json")));
    return report.at("simulator").at("peak_rss_mib").get<double>();
  };
  const double short_run = peak_mib("100");
  const double long_run = peak_mib("1000");
  CHECK(long_run < 200.0);
  CHECK(long_run < short_run + 4.0);
}
