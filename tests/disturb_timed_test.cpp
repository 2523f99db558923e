// SPDX-License-Identifier: BSD-2-Clause
//
// Disturbances in timed runs: what they do depends on when they come.
#include <string>
#include <vector>

#include "models/simulation.hpp"
#include "tests/support/catch.hpp"

namespace {

models::Report run(const std::string& rest) {
  const std::string text = R"({"schema": "sockbufsim/scenario/1", "name": "disturbed",
    "duration_ms": 5, "machine": {"profile": "woodcrest-2007", "cores": 4}, )" +
                           rest + "}";
  const models::LoadedScenario loaded = models::load_scenario_text(text, "disturbed.json", ".", {});
  return models::simulate({&loaded}).report;
}

}  // namespace

TEST_CASE("a close while the application works lets no further read begin", "[disturb]") {
  // Reads at about 0 and 1000 us, each followed by 1000 us of work; the third would come at 2000.
  for (const bool kernel_user : {false, true}) {
    INFO((kernel_user ? "in-kernel user" : "close(2)"));
    const models::Report report =
        run(std::string(R"("traffic": {"kind": "line_rate", "rate_pps": 100000},
          "sockets": [{"readers": [{"core": 1, "process_ns": 1000000, "file_ref": )") +
            (kernel_user ? "false" : "true") + R"(}]}],
          "disturb": [{"do": ")" +
            (kernel_user ? "kernel_close" : "close") + R"(", "at_us": 1500}])");
    CHECK(report.verdict == models::Verdict::completed);
    CHECK(report.readers.at(0).reads == 2);
    CHECK(report.throughput.bytes.discarded.disconnect +
              report.throughput.bytes.discarded.shutdown >
          0);
  }
}

TEST_CASE("a signal ends a reader's sleep for data with EINTR", "[disturb][signal]") {
  const std::string algorithm = GENERATE("generic", "stream_inplace", "stream_putback");
  INFO(algorithm);
  const models::Report report = run(
      R"("traffic": {"kind": "line_rate", "rate_pps": 100000, "stop_us": 300},
         "receive": {"algorithm": ")" +
      algorithm +
      R"(", "sblock": "sx"}, "sockets": [{"readers": [{"count": 2}]}, {"readers": [{}]}],
         "disturb": [{"do": "signal", "at_us": 1000}, {"do": "signal", "at_us": 2000, "reader": 1}])");
  CHECK(report.verdict == models::Verdict::completed);
  CHECK(report.readers.at(0).interrupted == 1);
  CHECK(report.readers.at(1).interrupted == 2);
  CHECK(report.readers.at(2).interrupted == 0);  // of another socket
}

TEST_CASE("the old sblock lets an interrupted reader in, under its owner's copy",
          "[disturb][signal]") {
  // The first reader sleeps in the middle of a MSG_WAITALL read, with sblock held; the second waits
  // for sblock until the signal comes, then goes on as if it had it. The sx lock keeps it out.
  const std::string rest = R"(
    "traffic": {"kind": "burst", "burst_frames": 20, "off_us": 2000, "randomise_phase": false},
    "sockets": [{"readers": [{"core": 1, "read_bytes": 100000, "waitall": true}]}],
    "disturb": [{"do": "second_reader", "core": 2, "at_us": 500},
                {"do": "signal", "at_us": 1000, "reader": 1}], "receive": {"algorithm": "generic", )";
  const models::Report flag = run(rest + R"("era": "2007_03"})");
  REQUIRE(flag.verdict == models::Verdict::violation);
  CHECK(flag.violations.at(0).kind == "mbuf_use_after_free");
  bool ignored = false;
  for (const std::string& line : flag.violations.at(0).trail) {
    ignored = ignored || line.find("EINTR is discarded") != std::string::npos;
  }
  CHECK(ignored);
  const models::Report sx = run(rest + R"("era": "2007_05"})");
  CHECK(sx.verdict == models::Verdict::completed);
  CHECK(sx.readers.at(1).interrupted == 1);
}
