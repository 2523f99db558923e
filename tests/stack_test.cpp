// SPDX-License-Identifier: BSD-2-Clause
#include <string>
#include <vector>

#include "models/scenario/errors.hpp"
#include "models/simulation.hpp"
#include "tests/support/catch.hpp"

namespace {

models::Report run(const std::string& name, std::vector<std::string> overrides) {
  const std::string path = std::string(SOCKBUFSIM_SOURCE_DIR) + "/scenarios/" + name + ".json";
  overrides.insert(overrides.begin(), {"duration_ms=10", "warmup_ms=2"});
  const models::LoadedScenario loaded = models::load_scenario(path, overrides);
  return models::simulate({&loaded}).report;
}

double copy_fraction(const models::Report& report, std::size_t core) {
  return report.cpus.at(core).fractions.at(static_cast<std::size_t>(sim::Work::copy));
}

}  // namespace

TEST_CASE("data that DMA wrote is cold, though its mbuf's memory is an old one", "[stack]") {
  const models::Report report = run("10g-jumbo", {"machine.costs.uiomove_setup_cycles=0",
                                                  "machine.costs.copy_cold_ns_per_byte=0.5",
                                                  "machine.costs.copy_warm_ns_per_byte=0.1"});
  const double bytes_per_s = report.throughput.goodput_gbps * 1e9 / 8.0;
  CHECK(copy_fraction(report, 1) == Catch::Approx(bytes_per_s * 0.5e-9).epsilon(0.02));
}

TEST_CASE("of an mbuf that two reads share only what was touched is warm", "[stack]") {
  for (const char* algorithm : {"generic", "stream_inplace", "per_packet"}) {
    for (const bool peek : {false, true}) {
      INFO(algorithm << (peek ? ", peek" : ""));
      const models::Report report =
          run("10g-jumbo",
              {"machine.costs.uiomove_setup_cycles=0", "machine.cost_cv=0",
               "machine.costs.copy_cold_ns_per_byte=0.5", "machine.costs.copy_warm_ns_per_byte=0.1",
               "traffic.link_gbps=1", "sockets.0.readers.0.read_bytes=2000",
               "sockets.0.readers.0.peek=" + std::string(peek ? "true" : "false"),
               "receive.algorithm=" + std::string(algorithm)});
      const double bytes_per_s = report.throughput.goodput_gbps * 1e9 / 8.0;
      const double ns_per_byte = peek ? 0.5 + 0.1 : 0.5;
      CHECK(copy_fraction(report, 1) ==
            Catch::Approx(bytes_per_s * ns_per_byte * 1e-9).epsilon(0.02));
    }
  }
}

TEST_CASE("the calibration point of 2007 is met", "[stack]") {
  // A. Gallatin, cvs-src, May 2007: soreceive_generic at MTU 9000, one 9 KB cluster a frame:
  // about 8.2 Gb/s on a 2.0 GHz Athlon64 X2, line rate on a Woodcrest. The first fixed
  // copy_cold_ns_per_byte of that profile, so this is no prediction.
  const models::Report athlon =
      run("10g-generic", {"nic.mtu=9000", "machine.profile=athlon64-x2-2007", "machine.cores=2",
                          "duration_ms=60", "warmup_ms=10"});
  CHECK(athlon.throughput.goodput_gbps == Catch::Approx(8.2).epsilon(0.02));
  const models::Report woodcrest = run("10g-generic", {"nic.mtu=9000"});
  CHECK(woodcrest.throughput.goodput_gbps == Catch::Approx(9.9004).epsilon(0.01));
}

TEST_CASE("costs may vary, but never fall below zero", "[stack]") {
  CHECK_THROWS_AS(run("10g-generic", {"machine.cost_cv=0.6"}), models::ScenarioErrors);
  CHECK(run("10g-generic", {"machine.cost_cv=0.5"}).verdict == models::Verdict::completed);
}

TEST_CASE("arrivals a picosecond apart are as many as asked for", "[stack]") {
  // 2e6 on average, with a standard deviation of 0.07 %: more than 0.5 % off once in 1e11 seeds.
  const models::LoadedScenario loaded = models::load_scenario_text(
      R"({"schema": "sockbufsim/scenario/1", "duration_ms": 0.002,
          "machine": {"profile": "ideal", "cores": 1},
          "threads": [{"name": "q", "count": 1000, "arrivals_per_s": 1e9, "work_ns": 1e6,
                       "queue_limit": 1}]})",
      "dense");
  const models::Report report = models::simulate({&loaded}).report;
  CHECK(report.threads.at(0).arrivals == Catch::Approx(2e6).epsilon(0.005));
}

TEST_CASE("a request without a lock stays in the system until its work is done", "[stack]") {
  // M/M/1/8 at full load on one core: one request in nine finds the line full.
  const models::LoadedScenario loaded = models::load_scenario_text(
      R"({"schema": "sockbufsim/scenario/1", "duration_ms": 200, "warmup_ms": 1,
          "machine": {"profile": "ideal", "cores": 1},
          "threads": [{"name": "q", "arrivals_per_s": 1e6, "work_ns": {"exponential": 1000},
                       "queue_limit": 7}]})",
      "mm1k");
  const models::Report report = models::simulate({&loaded}).report;
  CHECK(report.threads.at(0).rejected_fraction == Catch::Approx(1.0 / 9.0).epsilon(0.04));
}
