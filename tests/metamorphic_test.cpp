// SPDX-License-Identifier: BSD-2-Clause
//
// What must hold between runs, whatever the figures are.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "models/report/json.hpp"
#include "models/report/summarise.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scenario_run.hpp"

namespace {

using test::Overrides;
using test::operator+;

const Overrides kShort = {"duration_ms=10", "warmup_ms=2"};

double goodput(const std::string& name, const Overrides& overrides) {
  return test::run(name, kShort + overrides).throughput.goodput_gbps;
}

}  // namespace

TEST_CASE("all times scaled by two: half the rates, the same fractions", "[metamorphic]") {
  // Half the clock doubles every cost in cycles; the rest is scaled one by one. Without variation
  // and random phases the runs are the same but for rounding to a picosecond.
  const Overrides plain = {"machine.cost_cv=0", "traffic.randomise_phase=false",
                           "machine.costs.sched_tick_cycles=0"};
  const models::LoadedScenario loaded = models::load_scenario(test::shipped("10g-generic"), {});
  Overrides slow = {"duration_ms=20",     "warmup_ms=4",        "traffic.link_gbps=5",
                    "traffic.rtt_us=200", "traffic.rto_ms=460", "nic.coalesce.delay_us=60"};
  for (const models::ConstantInfo& constant : models::profile_constants()) {
    const double value = loaded.profile.constants.at(std::string(constant.name)).value;
    slow.push_back(fmt::format("machine.costs.{}={}", constant.name, 2.0 * value));
  }
  for (const char* algorithm : {"generic", "stream_inplace"}) {
    INFO(algorithm);
    const Overrides both = plain + Overrides{fmt::format("receive.algorithm={}", algorithm)};
    const models::Report fast = test::run("10g-generic", kShort + both);
    const models::Report half = test::run("10g-generic", slow + both);
    CHECK(half.throughput.goodput_gbps ==
          Catch::Approx(fast.throughput.goodput_gbps / 2).epsilon(1e-6));
    const models::LockReport* lock = test::find_lock(fast, "so_rcv");
    const models::LockReport* scaled = test::find_lock(half, "so_rcv");
    CHECK(scaled->figures.acquisitions == Catch::Approx(lock->figures.acquisitions).epsilon(1e-6));
    // Holds of 20 cycles at 3 GHz are rounded by a third of a picosecond in 6,667.
    CHECK(scaled->utilisation == Catch::Approx(lock->utilisation).epsilon(1e-4));
    CHECK(scaled->figures.hold_ns.mean ==
          Catch::Approx(2 * lock->figures.hold_ns.mean).epsilon(1e-4));
  }
}

TEST_CASE("the names of cores do not matter", "[metamorphic]") {
  // Cores 0 and 1 share a cache, and so do 2 and 3.
  const models::Report low = test::run("10g-generic", kShort);
  const models::Report high = test::run(
      "10g-generic", kShort + Overrides{"nic.interrupt_core=3", "sockets.0.readers.0.core=2"});
  CHECK(high.throughput.goodput_gbps == low.throughput.goodput_gbps);
  CHECK(high.cpus.at(3).fractions == low.cpus.at(0).fractions);
  CHECK(high.cpus.at(2).fractions == low.cpus.at(1).fractions);
  for (std::size_t i = 0; i < low.locks.size(); ++i) {
    CHECK(high.locks[i].figures.wait_ns.total == low.locks[i].figures.wait_ns.total);
    CHECK(high.locks[i].figures.acquisitions == low.locks[i].figures.acquisitions);
  }
}

TEST_CASE("where locks and cache lines are free, the algorithms tie", "[metamorphic]") {
  // What is left of their difference is the length of the critical sections: free those, too.
  Overrides free = {"machine.cost_cv=0", "receive.sblock=sx", "receive.era=2007_05"};
  for (const char* constant :
       {"mutex_acquire_cycles", "mutex_release_cycles", "line_transfer_shared_cache_cycles",
        "line_transfer_package_cycles", "line_transfer_remote_cycles", "sx_acquire_cycles",
        "sx_release_cycles", "turnstile_block_cycles", "turnstile_wake_cycles", "mbuf_free_cycles",
        "mbuf_step_cycles", "mbuf_detach_cycles", "uiomove_setup_cycles"}) {
    free.push_back(fmt::format("machine.costs.{}=0", constant));
  }
  // A reader that is the bottleneck shows any difference between the algorithms in its goodput.
  free.emplace_back("machine.costs.copy_cold_ns_per_byte=1.0");
  const double reference = goodput("10g-generic", free);
  CHECK(reference < 9.0);
  for (const char* algorithm : test::kMailAlgorithms) {
    INFO(algorithm);
    CHECK(
        goodput("10g-generic", free + Overrides{fmt::format("receive.algorithm={}", algorithm)}) ==
        Catch::Approx(reference).epsilon(0.01));
  }
}

TEST_CASE("cheaper copies never lower the throughput", "[metamorphic][slow]") {
  // A faster reader sleeps more often, and the interrupt core pays for waking it (orderings_test):
  // here waking is free.
  for (const char* algorithm : test::kMailAlgorithms) {
    double before = 0.0;
    for (const char* rate : {"1.4", "1.0", "0.8", "0.6", "0.4", "0.2", "0.0"}) {
      INFO(algorithm << " at " << rate << " ns a byte");
      const double now = goodput(
          "10g-generic", {fmt::format("receive.algorithm={}", algorithm),
                          fmt::format("machine.costs.copy_cold_ns_per_byte={}", rate),
                          "machine.costs.sleepq_wake_cycles=0", "machine.costs.ipi_cycles=0"});
      // The bytes under way at the end of the window are a few tenths of a per cent.
      CHECK(now >= before * 0.995);
      before = now;
    }
  }
}

TEST_CASE("more mbufs a frame never help generic", "[metamorphic]") {
  double before = 1e9;
  for (const int mbufs : {1, 2, 3, 6}) {
    INFO(mbufs << " mbufs a frame");
    const double now = goodput("10g-jumbo", {fmt::format("nic.mbufs_per_frame={}", mbufs),
                                             "machine.costs.copy_cold_ns_per_byte=0.9"});
    CHECK(now <= before * 1.002);
    before = now;
  }
}

TEST_CASE("drawn ties leave every expectation of the shipped scenarios standing",
          "[metamorphic][slow]") {
  for (const char* name :
       {"10g-generic", "10g-stream", "10g-jumbo", "lro", "one-cpu", "four-readers", "livelock",
        "small-reads", "lowat", "capture-replay", "lock-loop", "close-during-copyout"}) {
    for (const char* seed : {"1", "2"}) {
      INFO(name << ", ties drawn from seed " << seed);
      const models::LoadedScenario loaded = models::load_scenario(
          test::shipped(name), {"tie_break=shuffle", fmt::format("seed={}", seed)});
      std::vector<models::Report> reports;
      reports.push_back(models::simulate({&loaded}).report);
      models::Report report = models::summarise(reports);
      models::check_expectations(loaded.scenario.expect, reports, report);
      for (const models::ExpectationReport& expectation : report.expectations) {
        INFO(expectation.message);
        CHECK(expectation.passed);
      }
    }
  }
}

TEST_CASE("no goodput exceeds the wire", "[metamorphic]") {
  const double standard = 1448 * 8 / 1230.4;
  const double jumbo = 8948 * 8 / 7230.4;
  for (const char* kind : {"line_rate", "tcp"}) {
    for (const char* machine : {"ideal", "woodcrest-2007", "modern-x86"}) {
      INFO(kind << " on " << machine);
      const Overrides what = {fmt::format("traffic={{\"kind\":\"{}\"}}", kind),
                              fmt::format("machine={{\"profile\":\"{}\",\"cores\":4}}", machine)};
      CHECK(goodput("10g-generic", what) <= standard);
      CHECK(goodput("10g-generic", what + Overrides{"nic.mtu=9000"}) <= jumbo);
    }
  }
}

TEST_CASE("the mail's race: a panic with the proof of concept, none with the others", "[race]") {
  const models::Report broken = test::run("close-during-copyout", {});
  REQUIRE(broken.verdict == models::Verdict::violation);
  CHECK(broken.violations.at(0).kind == "destroyed_lock");
  CHECK(broken.violations.at(0).message.find("so_rcv") != std::string::npos);
  CHECK(broken.violations.at(0).thread == "reader");
  CHECK(broken.violations.at(0).trail.size() > 10);
  for (const char* algorithm : {"generic", "stream_inplace"}) {
    INFO(algorithm);
    const models::Report fine =
        test::run("close-during-copyout", {fmt::format("receive.algorithm={}", algorithm)});
    CHECK(fine.verdict == models::Verdict::completed);
    const models::ByteReport& bytes = fine.throughput.bytes;
    CHECK(bytes.appended > 0);
    CHECK(bytes.appended == bytes.copied + bytes.in_call + bytes.buffered + bytes.discarded.efault +
                                bytes.discarded.shutdown + bytes.discarded.disconnect +
                                bytes.discarded.destroyed);
    CHECK(bytes.in_call == 0);
    CHECK(fine.mbufs.allocated == fine.mbufs.freed + fine.mbufs.live);
    CHECK(fine.mbufs.live == 0);
  }
}

TEST_CASE("switching at every step gives the same report", "[engine]") {
  for (const char* name : {"10g-generic", "10g-stream", "four-readers", "lock-loop"}) {
    INFO(name);
    const models::LoadedScenario loaded =
        models::load_scenario(test::shipped(name), {"duration_ms=3", "warmup_ms=1"});
    const std::string quick = models::report_fingerprint(models::simulate({&loaded}).report);
    const std::string stepped =
        models::report_fingerprint(models::simulate({&loaded, 0, false, true}).report);
    CHECK(stepped == quick);
    const std::string drawn =
        models::report_fingerprint(models::simulate({&loaded, 0, true, false}).report);
    CHECK(drawn == quick);
  }
}

TEST_CASE("a share is at most the whole, wherever the measured time begins", "[metamorphic]") {
  // A segment that tcp_input has taken before the end of the warm-up and predicts after it.
  for (const char* warmup : {"warmup_ms=1.1", "warmup_ms=1.2", "warmup_ms=1.3", "warmup_ms=1.4"}) {
    const models::Report report = test::run("four-readers", {"duration_ms=8", warmup});
    CHECK(report.tcp.fast_path_fraction > 0.99);
    CHECK(report.tcp.fast_path_fraction <= 1.0);
  }
}
