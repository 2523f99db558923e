// SPDX-License-Identifier: BSD-2-Clause
//
// One scenario and one seed: the same report, byte for byte, however the engine goes about it; and
// what chance decides is the same for all algorithms.
#include <string>
#include <vector>

#include "models/report/json.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scenario_run.hpp"

namespace {

using test::Overrides;

/// Every shipped scenario, cut to a few milliseconds where it runs longer.
struct Shipped {
  const char* name;
  Overrides cut;
};
const std::vector<Shipped>& all_shipped() {
  static const Overrides kCut = {"duration_ms=4", "warmup_ms=1"};
  static const std::vector<Shipped> kAll = {{"10g-generic", kCut},
                                            {"10g-stream", kCut},
                                            {"10g-jumbo", kCut},
                                            {"lro", kCut},
                                            {"one-cpu", kCut},
                                            {"four-readers", kCut},
                                            {"livelock", {"duration_ms=20", "warmup_ms=1"}},
                                            {"small-reads", kCut},
                                            {"lowat", kCut},
                                            {"capture-replay", {}},
                                            {"lock-loop", {"duration_ms=10", "warmup_ms=1"}},
                                            {"close-during-copyout", {}}};
  return kAll;
}

/// The report's bytes, all but `simulator`.
std::string bytes_of(models::Report report) {
  report.simulator = {};
  return models::report_json(report);
}

std::string report_of(const models::LoadedScenario& loaded, std::uint32_t replication = 0,
                      bool timeline = false, bool every_step = false) {
  return bytes_of(models::simulate({&loaded, replication, timeline, every_step}).report);
}

}  // namespace

TEST_CASE("one seed gives one report, however the engine switches and whoever watches",
          "[determinism][slow]") {
  for (const Shipped& shipped : all_shipped()) {
    INFO(shipped.name);
    const models::LoadedScenario loaded =
        models::load_scenario(test::shipped(shipped.name), shipped.cut);
    const std::string once = report_of(loaded);
    REQUIRE(once.size() > 1000);
    CHECK((report_of(loaded) == once));
    CHECK((report_of(loaded, 0, true, false) == once));
    CHECK((report_of(loaded, 0, false, true) == once));
  }
}

TEST_CASE("drawn ties are drawn from the seed", "[determinism]") {
  for (const char* name : {"10g-generic", "four-readers", "lock-loop"}) {
    INFO(name);
    const models::LoadedScenario loaded = models::load_scenario(
        test::shipped(name), {"duration_ms=4", "warmup_ms=1", "tie_break=shuffle"});
    const std::string once = report_of(loaded);
    CHECK((report_of(loaded) == once));
    CHECK((report_of(loaded, 0, false, true) == once));
  }
}

TEST_CASE("another seed and another replication are other runs", "[determinism]") {
  // The results, not the provenance, which names the seed.
  const auto fingerprint = [](const char* name, const Overrides& overrides,
                              std::uint32_t replication) {
    const models::LoadedScenario loaded = models::load_scenario(test::shipped(name), overrides);
    return models::report_fingerprint(models::simulate({&loaded, replication}).report);
  };
  for (const char* name : {"10g-generic", "10g-jumbo", "livelock", "lock-loop"}) {
    INFO(name);
    const Overrides cut = {"duration_ms=4", "warmup_ms=1", "seed=5"};
    const Overrides other = {"duration_ms=4", "warmup_ms=1", "seed=6"};
    CHECK(fingerprint(name, cut, 0) != fingerprint(name, other, 0));
    CHECK(fingerprint(name, cut, 0) != fingerprint(name, cut, 1));
    CHECK(fingerprint(name, cut, 1) != fingerprint(name, other, 0));
  }
}

TEST_CASE("all algorithms see the same arrivals", "[determinism]") {
  // Open loop: what arrives depends on nothing that the machine does.
  struct Arrivals {
    double frames, bytes, pps;
    bool operator==(const Arrivals&) const = default;
  };
  const auto arrivals = [](const std::string& traffic, const Overrides& more) {
    Overrides overrides = {"duration_ms=6", "warmup_ms=1", "traffic=" + traffic};
    overrides.insert(overrides.end(), more.begin(), more.end());
    const models::Report report = test::run("10g-generic", overrides);
    const models::ThroughputReport& t = report.throughput;
    return Arrivals{t.frames_offered, t.bytes_offered, t.offered_pps};
  };
  for (const std::string traffic :
       {R"({"kind":"line_rate"})", R"({"kind":"poisson","rate_pps":600000})",
        R"({"kind":"burst","on_us":{"exponential":50},"off_us":{"exponential":70}})"}) {
    INFO(traffic);
    const Arrivals generic = arrivals(traffic, {});
    CHECK(generic.frames > 1000);
    CHECK(arrivals(traffic, {"receive.algorithm=stream_inplace"}) == generic);
    CHECK(arrivals(traffic, {"receive.algorithm=stream_putback"}) == generic);
    // Nor on its costs, its ties, or how often the costs' variation is drawn.
    CHECK(arrivals(traffic, {"machine.costs.copy_cold_ns_per_byte=1.5"}) == generic);
    CHECK(arrivals(traffic, {"machine.cost_cv=0", "tie_break=shuffle"}) == generic);
    // Constant spacing leaves but the phase to chance.
    if (traffic.find("line_rate") == std::string::npos) {
      CHECK_FALSE(arrivals(traffic, {"seed=2"}) == generic);
    }
  }
}

TEST_CASE("synthetic threads think and hold the same under every lock", "[determinism]") {
  // Each thread draws from a stream of its own: without contention the discipline changes nothing.
  const auto figures = [](const char* kind) {
    const models::Report report =
        test::run("lock-loop", {"duration_ms=10", "warmup_ms=0", "threads.0.count=1",
                                std::string("locks.0.kind=") + kind});
    const models::AcquisitionReport& lock = test::find_lock(report, "L")->figures;
    return std::vector<double>{lock.acquisitions, lock.hold_ns.total, lock.hold_ns.max};
  };
  const auto fifo = figures("fifo");
  CHECK(fifo.at(0) > 5000);
  for (const char* kind : {"adaptive", "spin", "ticket", "sleep"}) {
    INFO(kind);
    CHECK(figures(kind) == fifo);
  }
}
