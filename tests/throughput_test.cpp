// SPDX-License-Identifier: BSD-2-Clause
//
// No wire carries more than it can, and no byte is lost without a reason.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/scenario_run.hpp"

namespace {

using test::Overrides;

/// Payload over wire time of full frames with timestamps at 10 Gb/s: Ethernet adds 38 bytes.
constexpr double kStandardGbps = 1448 * 8 / 1230.4;
constexpr double kJumboGbps = 8948 * 8 / 7230.4;

/// A socket's default is that of a run on 10g-generic's machine, made ideal.
models::Report ideal_line_rate(const Overrides& more) {
  Overrides overrides = {"duration_ms=60", "warmup_ms=10", R"(traffic={"kind":"line_rate"})",
                         R"(machine={"profile":"ideal"})"};
  overrides.insert(overrides.end(), more.begin(), more.end());
  return test::run("10g-generic", overrides);
}

void check_books(const models::Report& report) {
  const models::ByteReport& b = report.throughput.bytes;
  CHECK(b.appended == b.copied + b.buffered + b.in_call + b.discarded.efault +
                          b.discarded.shutdown + b.discarded.disconnect + b.discarded.destroyed);
  CHECK(report.mbufs.allocated == report.mbufs.freed + report.mbufs.live);
  CHECK(report.mbufs.live <= report.mbufs.peak);
  for (const models::CpuReport& cpu : report.cpus) {
    double sum = 0.0;
    for (const double fraction : cpu.fractions) sum += fraction;
    CHECK(sum == Catch::Approx(1.0).epsilon(1e-12));
  }
}

}  // namespace

TEST_CASE("line_rate on an ideal machine reaches the wire's goodput", "[throughput]") {
  for (const char* algorithm : test::kMailAlgorithms) {
    INFO(algorithm);
    const std::string receive = std::string("receive.algorithm=") + algorithm;
    const models::Report standard = ideal_line_rate({receive});
    CHECK(standard.throughput.goodput_gbps == Catch::Approx(kStandardGbps).epsilon(1e-3));
    CHECK(standard.throughput.goodput_gbps <= kStandardGbps);
    CHECK(standard.throughput.frames_dropped == 0);
    const models::Report jumbo = ideal_line_rate({receive, "nic.mtu=9000"});
    CHECK(jumbo.throughput.goodput_gbps == Catch::Approx(kJumboGbps).epsilon(1e-3));
    CHECK(jumbo.throughput.goodput_gbps <= kJumboGbps);
    const models::Report pages =
        ideal_line_rate({receive, "nic.mtu=9000", "nic.mbufs_per_frame=3"});
    CHECK(pages.throughput.goodput_gbps == jumbo.throughput.goodput_gbps);
  }
}

TEST_CASE("no traffic on any machine exceeds the wire", "[throughput]") {
  struct Kind {
    const char* traffic;
    double limit;
    double jumbo_limit;
  };
  // Poisson arrivals do not queue for the wire: they can only be held against their own number.
  for (const char* traffic :
       {R"({"kind":"line_rate"})", R"({"kind":"tcp","rtt_us":0})", R"({"kind":"tcp","rtt_us":200})",
        R"({"kind":"burst","on_us":400,"off_us":0})",
        R"({"kind":"burst","burst_frames":{"exponential":100},"off_us":{"exponential":5}})"}) {
    for (const char* machine : {"ideal", "athlon64-x2-2007", "woodcrest-2007", "modern-x86"}) {
      for (const bool jumbo : {false, true}) {
        INFO(traffic << " on " << machine << (jumbo ? ", jumbo frames" : ""));
        const models::Report report = test::run(
            "10g-stream", {"duration_ms=6", "warmup_ms=2", std::string("traffic=") + traffic,
                           fmt::format(R"(machine={{"profile":"{}","cores":4}})", machine),
                           jumbo ? "nic.mtu=9000" : "nic.mtu=1500"});
        CHECK(report.verdict == models::Verdict::completed);
        CHECK(report.throughput.goodput_gbps > 0.5);
        CHECK(report.throughput.goodput_gbps <= (jumbo ? kJumboGbps : kStandardGbps));
        check_books(report);
      }
    }
  }
}

TEST_CASE("no more is delivered than arrived", "[throughput]") {
  for (const char* traffic :
       {R"({"kind":"poisson","rate_pps":812000})", R"({"kind":"poisson","rate_pps":200000})",
        R"({"kind":"line_rate","payload_bytes":100})"}) {
    INFO(traffic);
    const models::Report report = test::run(
        "10g-generic", {"duration_ms=6", "warmup_ms=0", std::string("traffic=") + traffic});
    const models::ThroughputReport& t = report.throughput;
    CHECK(t.delivered_bytes > 0);
    CHECK(t.delivered_bytes <= t.bytes_offered);
    CHECK(t.frames_received + t.drops.ring <= t.frames_offered);
    check_books(report);
  }
}

TEST_CASE("the shipped scenarios keep to the wire and lose no byte", "[throughput]") {
  for (const char* name : {"10g-generic", "10g-stream", "10g-jumbo", "lro", "one-cpu",
                           "four-readers", "livelock", "small-reads", "lowat", "capture-replay"}) {
    INFO(name);
    const models::Report report = test::run(name, std::string(name) == "capture-replay"
                                                      ? Overrides{}
                                                      : Overrides{"duration_ms=10", "warmup_ms=2"});
    CHECK(report.verdict == models::Verdict::completed);
    CHECK(report.throughput.goodput_gbps <=
          (std::string(name) == "10g-jumbo" ? kJumboGbps : kStandardGbps));
    check_books(report);
  }
}

TEST_CASE("the mail's race needs the private chain, whatever the seed", "[throughput][race]") {
  for (const char* seed : {"seed=1", "seed=2", "seed=3", "seed=4", "seed=5"}) {
    INFO(seed);
    const models::Report race = test::run("close-during-copyout", {seed});
    REQUIRE(race.verdict == models::Verdict::violation);
    CHECK(race.violations.at(0).kind == "destroyed_lock");
    CHECK(race.violations.at(0).message.find("so_rcv") != std::string::npos);
    for (const char* algorithm : {"generic", "stream_inplace"}) {
      INFO(algorithm);
      const models::Report fine =
          test::run("close-during-copyout", {seed, std::string("receive.algorithm=") + algorithm});
      CHECK(fine.verdict == models::Verdict::completed);
      CHECK(fine.throughput.bytes.appended > 100'000);
      CHECK(fine.throughput.bytes.in_call == 0);
      CHECK(fine.throughput.bytes.buffered == 0);
      CHECK(fine.mbufs.live == 0);
      check_books(fine);
    }
  }
}

TEST_CASE("a file reference keeps the mail's race away", "[throughput][race]") {
  // soclose cannot run while the reader's fhold lasts: stream_putback finds its buffer.
  const models::Report held = test::run(
      "close-during-copyout",
      {"sockets.0.readers.0.file_ref=true",
       R"(disturb.1={"do":"close","core":2,"when":{"event":"nth_copyout","n":5,"after_us":1000}})"});
  CHECK(held.verdict == models::Verdict::completed);
  check_books(held);
}

TEST_CASE("disturbed connections keep their books", "[throughput]") {
  for (const char* disturbance :
       {R"({"do":"shutdown_rd","at_us":2000})", R"({"do":"fin","at_us":2000})",
        R"({"do":"rst","at_us":2000})", R"({"do":"close","at_us":2000})",
        R"({"do":"copy_fault","probability":0.02,"at_us":500})",
        R"({"do":"page_fault","sleep_us":80,"probability":0.02,"at_us":500})"}) {
    for (const char* algorithm : {"generic", "stream_inplace"}) {
      INFO(disturbance << " with " << algorithm);
      const models::Report report = test::run(
          "10g-generic", {"duration_ms=5", "warmup_ms=0", "receive.sblock=sx",
                          "receive.era=2007_05", std::string("receive.algorithm=") + algorithm,
                          std::string("disturb=[") + disturbance + "]"});
      CHECK(report.verdict == models::Verdict::completed);
      CHECK(report.throughput.bytes.appended > 100'000);
      check_books(report);
    }
  }
}
