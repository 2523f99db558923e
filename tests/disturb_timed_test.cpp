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
  const models::LoadedScenario loaded =
      models::load_scenario_text(text, "disturbed.json", ".", {});
  return models::simulate({&loaded}).report;
}

}  // namespace

TEST_CASE("a close while the application works lets no further read begin", "[disturb]") {
  // Reads at about 0 and 1000 us, each followed by 1000 us of work; the third would come at 2000.
  for (const bool kernel_user : {false, true}) {
    INFO((kernel_user ? "in-kernel user" : "close(2)"));
    const models::Report report = run(
        std::string(R"("traffic": {"kind": "line_rate", "rate_pps": 100000},
          "sockets": [{"readers": [{"core": 1, "process_ns": 1000000, "file_ref": )") +
        (kernel_user ? "false" : "true") + R"(}]}],
          "disturb": [{"do": ")" +
        (kernel_user ? "kernel_close" : "close") + R"(", "at_us": 1500}])");
    CHECK(report.verdict == models::Verdict::completed);
    CHECK(report.readers.at(0).reads == 2);
    CHECK(report.throughput.bytes.discarded.disconnect + report.throughput.bytes.discarded.shutdown >
          0);
  }
}
