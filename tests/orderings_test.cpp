// SPDX-License-Identifier: BSD-2-Clause
//
// What must not get worse when something gets cheaper, and what theory says where all else is free.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/scenario_run.hpp"

namespace {

using test::Overrides;
using test::operator+;

const Overrides kBrief = {"duration_ms=12", "warmup_ms=2"};

/// What readers got in the window, also of what had come before it (goodput leaves that out).
double delivered_gbps(const models::Report& report) {
  return report.throughput.delivered_bytes * 8e-6 / report.run.measured_ms;
}

/// A read that ends just before or just after the end of the window moves the goodput by so much.
double one_read_gbps(const models::Report& report) { return 65536 * 8e-6 / report.run.measured_ms; }

Overrides algorithm(const char* name) { return {std::string("receive.algorithm=") + name}; }

double contended(const models::Report& report, const char* point) {
  for (const models::LockPartReport& part : test::find_lock(report, "so_rcv")->points) {
    if (part.name == point) return part.figures.contended_fraction;
  }
  return 0.0;
}

}  // namespace

TEST_CASE("with nothing but the copy to pay, every algorithm copies at the copy's rate",
          "[metamorphic]") {
  // 8 bits over so many ns: the reader is always copying, and so must all three be.
  for (const double ns_per_byte : {1.0, 1.6, 4.0}) {
    for (const char* name : test::kMailAlgorithms) {
      INFO(name << " at " << ns_per_byte << " ns a byte");
      const models::Report report = test::run(
          "10g-generic",
          kBrief + algorithm(name) +
              Overrides{R"(machine={"profile":"ideal","cores":4})", "traffic.rtt_us=10",
                        fmt::format("machine.costs.copy_cold_ns_per_byte={}", ns_per_byte),
                        fmt::format("machine.costs.copy_warm_ns_per_byte={}", ns_per_byte)});
      CHECK(delivered_gbps(report) ==
            Catch::Approx(8.0 / ns_per_byte).margin(one_read_gbps(report)));
      CHECK(report.cpus.at(1).fractions.at(static_cast<std::size_t>(sim::Work::copy)) > 0.999);
      // Free critical sections are never waited for.
      for (const models::LockReport& lock : report.locks) CHECK(lock.figures.wait_ns.total == 0);
    }
  }
}

TEST_CASE("on an ideal machine all algorithms deliver the same bytes", "[metamorphic]") {
  for (const char* traffic : {R"({"kind":"line_rate"})", R"({"kind":"poisson","rate_pps":500000})",
                              R"({"kind":"tcp","rtt_us":50})"}) {
    INFO(traffic);
    const Overrides what = kBrief + Overrides{R"(machine={"profile":"ideal","cores":4})",
                                              std::string("traffic=") + traffic};
    const models::Report generic = test::run("10g-generic", what);
    for (const char* name : test::kMailAlgorithms) {
      INFO(name);
      const models::Report report = test::run("10g-generic", what + algorithm(name));
      CHECK(report.throughput.delivered_bytes == generic.throughput.delivered_bytes);
      CHECK(report.throughput.goodput_gbps == generic.throughput.goodput_gbps);
    }
  }
}

TEST_CASE("cheaper copies never lower the throughput of jumbo frames or of one core",
          "[metamorphic][slow]") {
  for (const char* scenario : {"10g-jumbo", "one-cpu"}) {
    for (const char* name : test::kMailAlgorithms) {
      double before = 0.0;
      for (const char* rate : {"1.6", "1.2", "0.9", "0.6", "0.3", "0.1"}) {
        INFO(scenario << ", " << name << " at " << rate << " ns a byte");
        const models::Report report = test::run(
            scenario, kBrief + algorithm(name) +
                          Overrides{fmt::format("machine.costs.copy_cold_ns_per_byte={}", rate)});
        const double now = delivered_gbps(report);
        CHECK(now >= before - one_read_gbps(report));
        before = now;
      }
    }
  }
}

TEST_CASE("where cheaper copies lower the throughput, it is the wakeups that do",
          "[metamorphic][slow]") {
  // A faster reader of lowat empties the buffer and sleeps more often; sowakeup wakes a sleeper at
  // every append, whatever its low-water mark; the interrupt core pays for it, until it is busy all
  // the time. Where waking is free, the law holds.
  const auto run = [](const char* rate, const Overrides& wakeup) {
    return test::run("lowat",
                     kBrief +
                         Overrides{std::string("machine.costs.copy_cold_ns_per_byte=") + rate,
                                   std::string("duration_ms=30")} +
                         wakeup);
  };
  const auto core0 = [](const models::Report& report, sim::Work work) {
    return report.cpus.at(0).fractions.at(static_cast<std::size_t>(work));
  };
  const Overrides free_wakeups = {"machine.costs.sleepq_wake_cycles=0",
                                  "machine.costs.ipi_cycles=0"};
  double before = 0.0;
  for (const char* rate : {"1.2", "0.9", "0.6", "0.3", "0.1", "0.05"}) {
    INFO(rate << " ns a byte");
    const double now = delivered_gbps(run(rate, free_wakeups));
    CHECK(now >= before - 65536 * 8e-6 / 28);
    before = std::min(now, 9.4149);  // more than the wire's rate was buffered before the window
  }
  const models::Report usual = run("0.3", {});
  const models::Report cheap = run("0.05", {});
  CHECK(test::acquisitions(cheap, "so_rcv", "kern_mutex.c:141") >
        1.5 * test::acquisitions(usual, "so_rcv", "kern_mutex.c:141"));
  CHECK(core0(cheap, sim::Work::wakeup) > core0(usual, sim::Work::wakeup));
  CHECK(core0(cheap, sim::Work::idle) < 0.01);
  CHECK(core0(run("0.05", free_wakeups), sim::Work::idle) > 0.1);
}

TEST_CASE("more mbufs a frame never help generic, wherever the reader is the bottleneck",
          "[metamorphic]") {
  for (const char* machine : {"athlon64-x2-2007", "woodcrest-2007"}) {
    for (const char* rate : {"0.9", "1.2"}) {
      double before = 1e9;
      for (const int mbufs : {1, 2, 3}) {
        INFO(machine << ", " << rate << " ns a byte, " << mbufs << " mbufs a frame");
        const models::Report report = test::run(
            "10g-jumbo",
            kBrief + Overrides{fmt::format(R"(machine={{"profile":"{}","cores":2}})", machine),
                               fmt::format("machine.costs.copy_cold_ns_per_byte={}", rate),
                               fmt::format("nic.mbufs_per_frame={}", mbufs)});
        CHECK(delivered_gbps(report) < 9.5);
        CHECK(delivered_gbps(report) <= before);
        before = delivered_gbps(report);
      }
    }
  }
}

TEST_CASE("stream takes so_rcv less often, and gets in the lower half's way less",
          "[metamorphic]") {
  const models::Report generic = test::run("10g-generic", kBrief + algorithm("generic"));
  const models::Report inplace = test::run("10g-generic", kBrief + algorithm("stream_inplace"));
  const models::Report putback = test::run("10g-generic", kBrief + algorithm("stream_putback"));
  const auto per_byte = [](const models::Report& report) {
    return test::find_lock(report, "so_rcv")->figures.acquisitions /
           report.throughput.delivered_bytes;
  };
  CHECK(per_byte(generic) > per_byte(inplace));
  CHECK(per_byte(inplace) > per_byte(putback));
  CHECK(contended(generic, "tcp_input.c:1201") > contended(inplace, "tcp_input.c:1201"));
  // What the patch does not touch: the lower half's own acquisitions, one a segment.
  CHECK(test::acquisitions(generic, "so_rcv", "tcp_input.c:1201") ==
        Catch::Approx(test::acquisitions(inplace, "so_rcv", "tcp_input.c:1201")).epsilon(0.01));
}

TEST_CASE("larger reads never cost more locks a byte", "[metamorphic][slow]") {
  for (const char* name : test::kMailAlgorithms) {
    double before = 1e9;
    for (const int read_bytes : {512, 1448, 4096, 16384, 65536}) {
      INFO(name << ", reads of " << read_bytes);
      const models::Report report =
          test::run("10g-generic",
                    kBrief + algorithm(name) +
                        Overrides{fmt::format("sockets.0.low_water={}", read_bytes),
                                  fmt::format("sockets.0.readers.0.read_bytes={}", read_bytes)});
      const double per_byte = test::by_reader(report) / report.throughput.delivered_bytes;
      CHECK(per_byte <= before);
      before = per_byte;
    }
  }
}

TEST_CASE("a larger ring never drops more", "[metamorphic]") {
  // Frames of 100 bytes at line rate: more than the machine can take.
  double before = 1e18;
  for (const char* ring : {"64", "256", "1024", "4096"}) {
    INFO("ring of " << ring);
    const models::Report report =
        test::run("10g-generic", {"duration_ms=6", "warmup_ms=0", "machine.cost_cv=0",
                                  R"(traffic={"kind":"line_rate","payload_bytes":100})",
                                  std::string("nic.rx_ring=") + ring});
    CHECK(report.throughput.drops.ring > 0);
    CHECK(report.throughput.drops.ring <= before);
    before = report.throughput.drops.ring;
  }
}

TEST_CASE("a machine twice as fast never delivers less", "[metamorphic]") {
  const models::LoadedScenario loaded = models::load_scenario(test::shipped("10g-generic"), {});
  const auto machine_at = [&](double factor) {
    Overrides overrides;
    for (const models::ConstantInfo& constant : models::profile_constants()) {
      const double value = loaded.profile.constants.at(std::string(constant.name)).value;
      overrides.push_back(fmt::format("machine.costs.{}={}", constant.name, value * factor));
    }
    return overrides;
  };
  for (const char* scenario : {"10g-generic", "10g-jumbo", "one-cpu", "small-reads"}) {
    double before = 0.0;
    for (const double factor : {4.0, 2.0, 1.0, 0.5}) {
      INFO(scenario << ", costs times " << factor);
      const models::Report report = test::run(scenario, kBrief + machine_at(factor));
      CHECK(delivered_gbps(report) >= before - one_read_gbps(report));
      before = delivered_gbps(report);
    }
  }
}
