// SPDX-License-Identifier: BSD-2-Clause
//
// The shipped races as timed runs, and what a run finds at its end.
#include <filesystem>
#include <string>
#include <vector>

#include "models/report/summarise.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/mutated.hpp"
#include "tests/support/scenario_run.hpp"

namespace {

constexpr const char* kPutBack = "uipc_socket.c:soreceive_stream(putback)";

std::string violation(const models::Report& report) {
  return report.violations.empty() ? "" : report.violations.front().kind;
}

}  // namespace

TEST_CASE("every shipped race ends as its scenario says", "[races]") {
  int races = 0;
  const std::string folder = std::string(SOCKBUFSIM_SOURCE_DIR) + "/scenarios/races";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    INFO(entry.path().string());
    const models::LoadedScenario loaded = models::load_scenario(entry.path().string(), {});
    REQUIRE_FALSE(loaded.scenario.expect.empty());
    models::Report report = models::simulate({&loaded}).report;
    models::check_expectations(loaded.scenario.expect, {report}, report);
    for (const models::ExpectationReport& expected : report.expectations) {
      INFO(expected.message);
      CHECK(expected.passed);
    }
    ++races;
  }
  CHECK(races >= 7);
}

TEST_CASE("where a race completes, the disturbance did strike within the copy", "[races]") {
  for (const char* name : {"races/p4-rst", "races/p5-rst-after-close", "races/p7-relink"}) {
    INFO(name);
    const models::Report report = test::run(name, {});
    CHECK(report.verdict == models::Verdict::completed);
    CHECK(test::acquisitions(report, "so_rcv", kPutBack) == 1);
  }
}

TEST_CASE("bytes that never came are found at the end of a run", "[races]") {
  // A RST during the copy: putback_recheck drops the rest of its chain. The second reader has got
  // what comes behind it. No read by itself is wrong.
  const models::Report report =
      test::run("races/p4-rst", {"receive.algorithm=putback_recheck",
                                 R"(sockets=[{"low_water":32768,"readers":[{"count":2}]}])"});
  CHECK(report.verdict == models::Verdict::violation);
  CHECK(violation(report) == "bytes_lost");
  CHECK(report.throughput.bytes.discarded.dropped > 0);
  REQUIRE_FALSE(report.violations.empty());
  CHECK(report.violations.front().message.find("was never delivered") != std::string::npos);
}

TEST_CASE("counters that do not fit the chain are found at the end of a run", "[races]") {
  // Three segments, of which one read takes two, and then nobody comes by any more.
  const std::vector<std::string> one_read = {"duration_ms=4",
                                             "warmup_ms=0",
                                             "traffic.bytes=4344",
                                             "sockets.0.readers.0.read_bytes=2896",
                                             "sockets.0.readers.0.start_us=3000",
                                             "sockets.0.readers.0.max_reads=1"};
  CHECK(test::run("10g-generic", one_read).verdict == models::Verdict::completed);
  const test::Mutated mutated(models::Mutation::sbfree_forgotten);
  const models::Report report = test::run("10g-generic", one_read);
  CHECK(report.verdict == models::Verdict::violation);
  CHECK(violation(report) == "sockbuf_accounting");
}
