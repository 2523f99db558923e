// SPDX-License-Identifier: BSD-2-Clause
//
// At the end of a timed run somebody has every mbuf that is in use: a queue, or a thread in the
// middle of what it does.
#include <string>
#include <vector>

#include <fmt/format.h>

#include "models/receive/receive.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/mutated.hpp"
#include "tests/support/scenario_run.hpp"

using models::Mutation;
using test::Overrides;

namespace {

Overrides with(const Overrides& these, const Overrides& those) {
  return test::operator+(these, those);
}

const Overrides kOneMillisecond = {"warmup_ms=0", "duration_ms=1"};

std::string how_it_ended(const models::Report& report) {
  if (report.violations.empty()) return std::string(models::enum_name(report.verdict));
  return report.violations.front().kind + ": " + report.violations.front().message;
}

/// Runs `scenario` to many ends, each of which stops the machine in the middle of something else.
struct Ends {
  double after_us;
  double step_us;
  int count;
};
void check_every_end(const std::string& scenario, const Overrides& overrides, const Ends& ends) {
  for (int i = 1; i <= ends.count; ++i) {
    const double end_us = ends.after_us + i * ends.step_us;
    const std::string duration = fmt::format("duration_ms={:.6f}", end_us * 1e-3);
    const models::Report report =
        test::run(scenario, with(with(kOneMillisecond, overrides), {duration, "expect=[]"}));
    INFO(scenario << " " << fmt::format("{}", fmt::join(overrides, " ")) << " " << duration << ": "
                  << how_it_ended(report));
    // What else a run may end with is its scenario's to say.
    CHECK((report.violations.empty() || report.violations.front().kind != "mbuf_leaked"));
  }
}

}  // namespace

TEST_CASE("mbufs that nobody has are a violation of a timed run, too", "[races][leaks]") {
  struct Leak {
    Mutation mutation;
    Overrides overrides;
  };
  const std::vector<Leak> leaks = {
      {Mutation::list_leaked, {"receive.algorithm=steal_discard"}},
      {Mutation::backlog_dropped, {"receive.algorithm=linux_backlog"}},
      // Data that arrives after the close.
      {Mutation::segment_leaked,
       {R"(traffic={"kind":"line_rate"})", R"(disturb=[{"do":"kernel_close","at_us":300}])"}},
  };
  for (const Leak& leak : leaks) {
    INFO("mutation " << static_cast<int>(leak.mutation));
    CHECK(how_it_ended(test::run("10g-generic", with(kOneMillisecond, leak.overrides))) ==
          "completed");
    const test::Mutated mutated(leak.mutation);
    const models::Report report = test::run("10g-generic", with(kOneMillisecond, leak.overrides));
    CHECK(report.verdict == models::Verdict::violation);
    CHECK_THAT(how_it_ended(report), Catch::Matchers::StartsWith("mbuf_leaked: "));
  }
}

TEST_CASE("a leak is found while its call goes on, and says which mbufs", "[races][leaks]") {
  // One call: it steals what there is, loses it, and waits for more to the end of the run.
  const Overrides one_call = {"receive.algorithm=steal_discard",
                              R"(traffic={"kind":"line_rate","bytes":28960})",
                              R"(sockets=[{"readers":[{"read_bytes":100000,"waitall":true}]}])"};
  CHECK(how_it_ended(test::run("10g-generic", with(kOneMillisecond, one_call))) == "completed");
  const test::Mutated mutated(Mutation::list_leaked);
  const models::Report report = test::run("10g-generic", with(kOneMillisecond, one_call));
  REQUIRE(report.violations.size() == 1);
  CHECK(report.violations.front().thread.empty());
  CHECK_THAT(
      report.violations.front().message,
      Catch::Matchers::ContainsSubstring("of 20 mbufs in use no queue and no thread has 20: #"));
  CHECK(report.mbufs.live == 20);
}

TEST_CASE("a run may end in the middle of any call without a leak", "[races][leaks]") {
  for (const models::ReceiveAlgorithm& algorithm : models::algorithms()) {
    const Overrides by = {fmt::format("receive.algorithm={}", algorithm.name)};
    check_every_end("10g-generic", by, {0, 7.317, 60});
    check_every_end("10g-generic", with(by, {"sockets.0.readers.0.peek=true"}), {100, 31.73, 10});
    check_every_end("races/p1-shutdown-rd", by, {1000, 3.13, 40});
  }
  // A chain that is unlinked, and freed right after the unlock.
  check_every_end("10g-generic",
                  {"receive.algorithm=mark_inplace", R"(traffic={"kind":"line_rate"})"},
                  {73.5, 0.05, 40});
}

TEST_CASE("a run may end in the middle of the lower half without a leak", "[races][leaks]") {
  check_every_end("lro", {}, {0, 5.113, 60});
  check_every_end("livelock", {"traffic.rate_pps=250000"}, {0, 13.37, 40});
  check_every_end("10g-generic", {"nic.mbufs_per_frame=3", "nic.dispatch=netisr"}, {0, 7.31, 40});
  // A small ring drops, so that segments wait for what is before them.
  check_every_end("10g-generic", {"nic.rx_ring=24", "nic.coalesce.delay_us=60"}, {0, 51.7, 60});
  check_every_end("10g-generic", {"nic.rx_ring=24", "nic.coalesce.delay_us=60"}, {1110, 0.173, 60});
}

TEST_CASE("a run may end in the middle of a close without a leak", "[races][leaks]") {
  for (const std::string action : {"rst", "kernel_close", "shutdown_rd"}) {
    check_every_end("10g-generic", {fmt::format(R"(disturb=[{{"do":"{}","at_us":200}}])", action)},
                    {200, 0.317, 60});
  }
  // What sorflush took out is in no queue while it lets go of so_rcv, for some 10 ns.
  check_every_end("10g-generic",
                  {R"(disturb=[{"do":"shutdown_rd","at_us":80}])",
                   R"(traffic={"kind":"line_rate"})", "sockets.0.readers.0.process_ns=4000000"},
                  {88.2, 0.004, 20});
}
