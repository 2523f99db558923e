// SPDX-License-Identifier: BSD-2-Clause
//
// Symmetries: units of time and the names of cores. Both must leave a run the same, exactly.
#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "models/report/json.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scenario_run.hpp"

namespace {

using test::Overrides;
using test::operator+;

/// 10g-generic where every time is `s` times as long, on the profile `machine`. Clock ticks come
/// once a millisecond whatever the scale: they cost nothing here. Delayed ACKs never get as far as
/// their 100 ms.
Overrides slowed(const std::string& machine, int s) {
  Overrides overrides = {
      fmt::format(R"(machine={{"profile":"{}","cores":4,"cost_cv":0}})", machine),
      "traffic.randomise_phase=false",
      "machine.costs.sched_tick_cycles=0",
      fmt::format("duration_ms={}", 6 * s),
      fmt::format("warmup_ms={}", 2 * s),
      fmt::format("traffic.link_gbps={}", 10.0 / s),
      fmt::format("traffic.rtt_us={}", 100 * s),
      fmt::format("traffic.rto_ms={}", 230 * s),
      fmt::format("nic.coalesce.delay_us={}", 30 * s)};
  const models::LoadedScenario loaded = models::load_scenario(
      test::shipped("10g-generic"), {fmt::format("machine.profile={}", machine)});
  for (const models::ConstantInfo& constant : models::profile_constants()) {
    if (std::string(constant.name) == "sched_tick_cycles") continue;
    const double value = loaded.profile.constants.at(std::string(constant.name)).value;
    overrides.push_back(fmt::format("machine.costs.{}={}", constant.name, value * s));
  }
  return overrides;
}

void check_scaled(const models::Report& base, const models::Report& slow, double s, double eps) {
  const auto same = [&](double scaled, double value) {
    CHECK(scaled == Catch::Approx(value).epsilon(eps).margin(0));
  };
  same(slow.throughput.goodput_gbps * s, base.throughput.goodput_gbps);
  same(slow.throughput.delivered_bytes, base.throughput.delivered_bytes);
  same(slow.nic.interrupts, base.nic.interrupts);
  same(slow.nic.moderation_delay_ns.total, base.nic.moderation_delay_ns.total * s);
  same(slow.readers.at(0).reads, base.readers.at(0).reads);
  same(slow.readers.at(0).delivery_latency_ns.max, base.readers.at(0).delivery_latency_ns.max * s);
  REQUIRE(slow.locks.size() == base.locks.size());
  for (std::size_t i = 0; i < base.locks.size(); ++i) {
    INFO(base.locks[i].name);
    const models::AcquisitionReport& a = base.locks[i].figures;
    const models::AcquisitionReport& b = slow.locks[i].figures;
    same(b.acquisitions, a.acquisitions);
    same(b.contended, a.contended);
    same(b.wait_ns.total, a.wait_ns.total * s);
    same(b.hold_ns.total, a.hold_ns.total * s);
    same(b.hold_ns.max, a.hold_ns.max * s);
    same(slow.locks[i].utilisation, base.locks[i].utilisation);
  }
  for (std::size_t core = 0; core < base.cpus.size(); ++core) {
    for (std::size_t work = 0; work < sim::kWorkCount; ++work) {
      same(slow.cpus[core].fractions[work], base.cpus[core].fractions[work]);
    }
  }
}

/// Core `i` of the run becomes core `names[i]` of the report.
using Names = std::array<int, 4>;

/// The report with its cores called by their old names.
models::Report renamed_back(models::Report report, const Names& names) {
  std::vector<models::CpuReport> cpus = report.cpus;
  for (std::size_t i = 0; i < names.size(); ++i) {
    cpus[i] = report.cpus.at(static_cast<std::size_t>(names[i]));
    cpus[i].core = static_cast<std::int64_t>(i);
  }
  report.cpus = std::move(cpus);
  return report;
}

}  // namespace

TEST_CASE("all times twice and four times as long: exactly the same run", "[metamorphic]") {
  // At 2 GHz a cycle is 500 ps, and nothing in the run is rounded: equal to the last bit of the
  // sums. The ideal machine has no costs to round.
  for (const char* machine : {"athlon64-x2-2007", "ideal"}) {
    for (const char* traffic : {"traffic.kind=tcp", "traffic.kind=line_rate"}) {
      for (const char* algorithm : {"generic", "stream_inplace"}) {
        const Overrides what = {traffic, std::string("receive.algorithm=") + algorithm};
        const auto run = [&](int s) {
          Overrides all = slowed(machine, s);
          if (std::string(traffic) != "traffic.kind=tcp") {
            std::erase_if(all, [](const std::string& o) {
              return o.find("rtt_us") != std::string::npos || o.find("rto_ms") != std::string::npos;
            });
            all.insert(all.begin(), R"(traffic={"kind":"line_rate"})");
          }
          return test::run("10g-generic", all + what);
        };
        const models::Report base = run(1);
        CHECK(base.throughput.delivered_bytes > 1'000'000);
        for (const int s : {2, 4}) {
          INFO(machine << ", " << traffic << ", " << algorithm << ", scaled by " << s);
          check_scaled(base, run(s), s, 1e-12);
        }
      }
    }
  }
}

TEST_CASE("a machine with rounded costs scales to the rounding", "[metamorphic]") {
  // At 3 GHz a cycle is a third of a nanosecond: every cost is off by up to half a picosecond, in
  // 6667 for the smallest ones.
  const models::Report base = test::run("10g-generic", slowed("woodcrest-2007", 1));
  for (const int s : {2, 4}) {
    INFO("scaled by " << s);
    const models::Report slow = test::run("10g-generic", slowed("woodcrest-2007", s));
    CHECK(slow.throughput.goodput_gbps * s ==
          Catch::Approx(base.throughput.goodput_gbps).epsilon(1e-6));
    const models::AcquisitionReport& a = test::find_lock(base, "so_rcv")->figures;
    const models::AcquisitionReport& b = test::find_lock(slow, "so_rcv")->figures;
    CHECK(b.acquisitions == Catch::Approx(a.acquisitions).epsilon(1e-6));
    CHECK(b.hold_ns.total == Catch::Approx(a.hold_ns.total * s).epsilon(1e-4));
  }
}

TEST_CASE("any renaming of the cores that keeps their distances gives the same report",
          "[metamorphic]") {
  // Cores 0 and 1 share a cache, as do 2 and 3: all symmetries of that.
  const Names all[] = {{0, 1, 2, 3}, {1, 0, 2, 3}, {0, 1, 3, 2}, {1, 0, 3, 2},
                       {2, 3, 0, 1}, {3, 2, 0, 1}, {2, 3, 1, 0}, {3, 2, 1, 0}};
  for (const char* name : {"10g-generic", "10g-stream", "four-readers"}) {
    std::string reference;
    for (const Names& names : all) {
      INFO(name << " with core 0 called " << names[0] << ", core 1 " << names[1]);
      Overrides overrides = {"duration_ms=5", "warmup_ms=1",
                             fmt::format("nic.interrupt_core={}", names[0]),
                             fmt::format("sockets.0.readers.0.core={}", names[1])};
      if (std::string(name) == "four-readers") {
        overrides.push_back(fmt::format("sockets.0.readers.1.core={}", names[2]));
        overrides.push_back(fmt::format("sockets.0.readers.2.core={}", names[3]));
        overrides.push_back(fmt::format("sockets.0.readers.3.core={}", names[0]));
      }
      const std::string print =
          models::report_fingerprint(renamed_back(test::run(name, overrides), names));
      if (reference.empty()) reference = print;
      CHECK(print == reference);
    }
  }
}
