// SPDX-License-Identifier: BSD-2-Clause
//
// The machine against queueing theory: every row of tests/oracles/oracles.csv that a model can
// show, and more points. tests/support/oracle.hpp says what counts as agreement.
// SOCKBUFSIM_ORACLE_TABLE=1 sockbufsim_tests '[oracle]' prints theory, result and half-width.
#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/observe/statistics.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/queueing_theory.hpp"
#include "tests/support/scenario_run.hpp"

namespace {

using oracle::Experiment;
using Kind = oracle::Figure::Kind;
using Experiments = std::vector<Experiment>;

constexpr double kUsPerNs = 1e-3;
constexpr double kPerUs = 1e-6;  // of a rate per second

using test::Overrides;

/// Overrides that put an object in the place of another one: given alone, it would be merged.
Overrides replacing(const std::string& field, const std::string& value, Overrides others = {}) {
  others.push_back(field + "=null");
  others.push_back(field + "=" + value);
  return others;
}

// --- one server, Poisson arrivals; unit: S = 1 us, so that mu = 1 --------------------------------

const Experiment kMm1{
    "mm1.json",
    {},
    {{"mm1_L", "locks.L.number_mean", 1, theory::mm1_number(0.8)},
     {"mm1_Wq", "locks.L.wait_ns.mean", kUsPerNs, theory::mm1_wait(0.8, 1)},
     {"mm1_pN5", "locks.L.number_at_least.5_or_more.fraction", 1,
      theory::mm1_number_at_least(0.8, 5)},
     {"mm1_pWq5", "locks.L.wait_over.5000ns.fraction", 1, theory::mm1_wait_exceeds(0.8, 1, 5)},
     {"mm1_W99", "threads.jobs.response_ns.p99", kUsPerNs,
      theory::mm1_response_quantile(0.8, 1, 0.99)},
     {"", "locks.L.contended_fraction", 1, 0.8},
     {"", "locks.L.utilisation", 1, 0.8}}};

const Experiment kMm1HalfLoad{
    "mm1.json",
    {"threads.0.arrivals_per_s=500000", "duration_ms=52", "observe.number_at_least=[3]",
     "observe.wait_over_ns=[2000]", "observe.quantiles=[0.9]"},
    {{"", "locks.L.number_mean", 1, theory::mm1_number(0.5)},
     {"", "locks.L.wait_ns.mean", kUsPerNs, theory::mm1_wait(0.5, 1)},
     {"", "locks.L.number_at_least.3_or_more.fraction", 1, theory::mm1_number_at_least(0.5, 3)},
     {"", "locks.L.wait_over.2000ns.fraction", 1, theory::mm1_wait_exceeds(0.5, 1, 2)},
     {"", "threads.jobs.response_ns.quantiles.p90.value", kUsPerNs,
      theory::mm1_response_quantile(0.5, 1, 0.9)}}};

/// The variance of the time average of N over a time t is 1800 us / t for large t. Twenty
/// replications know it only roughly: 19 s^2 / sigma^2 is chi-square with 19 degrees of freedom,
/// outside of 3.6 to 56 with probability 7e-5.
void check_variance_of_number(const models::Report& report) {
  for (const models::SummaryReport& entry : report.summary) {
    if (entry.metric != "locks.L.number_mean") continue;
    REQUIRE(entry.n == 20);
    const double s = entry.half_width / sim::student_t_quantile(0.975, 19) * std::sqrt(20.0);
    const double measured_us = report.run.measured_ms * 1e3;
    const double chi_square = 19.0 * s * s * measured_us / oracle::read_rows().at("mm1_asymvar");
    CHECK(chi_square > 3.6);
    CHECK(chi_square < 56.0);
    return;
  }
  FAIL("the summary lacks the figure");
}

Experiments mg1() {
  return {
      {"md1.json",
       {},
       {{"md1_Wq", "locks.L.wait_ns.mean", kUsPerNs, theory::md1_wait(0.8, 1)},
        {"md1_p1", "locks.L.number_pmf.1", 1, theory::md1_p1(0.8)},
        {"md1_p2", "locks.L.number_pmf.2", 1, theory::md1_p2(0.8)}}},
      {"md1.json",
       {"threads.0.arrivals_per_s=500000"},
       {{"", "locks.L.wait_ns.mean", kUsPerNs, theory::md1_wait(0.5, 1)},
        {"", "locks.L.number_pmf.1", 1, theory::md1_p1(0.5)},
        {"", "locks.L.number_pmf.2", 1, theory::md1_p2(0.5)}}},
      {"mg1.json",
       {},
       {{"mg1_2pt_Wq", "locks.L.wait_ns.mean", 1,
         theory::mg1_wait(2.5e-3, 190, 0.9 * 100 * 100 + 0.1 * 1000 * 1000)}}},
      {"mg1.json",  // E[S^2] of a uniform from 0 to b is b^2 / 3
       replacing("threads.0.hold_ns", R"({"uniform":[0,1000]})",
                 {"threads.0.arrivals_per_s=1200000", "duration_ms=41"}),
       {{"", "locks.L.wait_ns.mean", 1, theory::mg1_wait(1.2e-3, 500, 1e6 / 3.0)}}},
      {"mg1.json",  // of a lognormal with coefficient of variation c it is m^2 (1 + c^2)
       replacing("threads.0.hold_ns", R"({"lognormal":{"mean":500,"cv":0.8}})",
                 {"threads.0.arrivals_per_s=1000000", "duration_ms=41"}),
       {{"", "locks.L.wait_ns.mean", 1, theory::mg1_wait(1e-3, 500, 250000 * 1.64)}}},
  };
}

Experiments bounded() {
  const auto blocking = [](std::string row, double rho, int k) {
    return oracle::Figure{std::move(row), "threads.jobs.rejected_fraction", 1,
                          theory::mm1k_blocking(rho, k)};
  };
  return {{"mm1k.json", {}, {blocking("mm1k8_09", 0.9, 8)}},
          {"mm1k.json", {"threads.0.arrivals_per_s=1000000"}, {blocking("mm1k8_10", 1.0, 8)}},
          {"mm1k.json", {"threads.0.arrivals_per_s=1200000"}, {blocking("mm1k8_12", 1.2, 8)}},
          {"mm1k.json",
           {"threads.0.arrivals_per_s=700000", "threads.0.queue_limit=3"},
           {blocking("", 0.7, 4)}},
          {"mm1k.json", {"threads.0.queue_limit=0"}, {blocking("", 0.9, 1)}}};
}

Experiments batches() {
  return {{"batch.json",
           {},
           {{"batch8_04", "locks.L.wait_ns.mean", kUsPerNs, theory::batch_wait(0.05, 8, 1)}}},
          {"batch.json",
           {"threads.0.arrivals_per_s=100000", "duration_ms=405", "warmup_ms=5"},
           {{"batch8_08", "locks.L.wait_ns.mean", kUsPerNs, theory::batch_wait(0.1, 8, 1)}}},
          {"batch.json",
           {"threads.0.arrivals_per_s=150000", "threads.0.batch=4"},
           {{"", "locks.L.wait_ns.mean", kUsPerNs, theory::batch_wait(0.15, 4, 1)}}}};
}

// --- the run queue -------------------------------------------------------------------------------

Experiments cores() {
  const auto figures = [](std::string row, int c, double lambda) -> std::vector<oracle::Figure> {
    return {
        {std::move(row), "threads.jobs.run_queue.waited_fraction", 1, theory::erlang_c(c, lambda)},
        {"", "threads.jobs.run_queue.wait_ns.mean", kUsPerNs, theory::mmc_wait(c, lambda, 1)}};
  };
  return {{"erlang-c.json", {}, figures("erlc", 4, 3.2)},
          {"erlang-c.json",
           {"machine.cores=2", "threads.0.arrivals_per_s=1200000", "duration_ms=62"},
           figures("", 2, 1.2)},
          {"erlang-c.json",
           {"machine.cores=8", "threads.0.arrivals_per_s=6000000", "duration_ms=52"},
           figures("", 8, 6.0)}};
}

Experiments priorities() {
  const auto figures = [](std::string high, std::string low,
                          theory::TwoResponses expected) -> std::vector<oracle::Figure> {
    return {{std::move(high), "threads.high.response_ns.mean", kUsPerNs, expected.high},
            {std::move(low), "threads.low.response_ns.mean", kUsPerNs, expected.low}};
  };
  return {
      {"priority.json", {}, figures("prio_T1", "prio_T2", theory::preemptive({0.3, 1}, {0.2, 2}))},
      {"priority.json",
       {"machine.preemption=false"},
       figures("", "", theory::non_preemptive({0.3, 1}, {0.2, 2}))},
      {"priority.json",
       {"threads.0.arrivals_per_s=500000", "threads.0.work_ns=500",
        "threads.1.arrivals_per_s=100000", "threads.1.work_ns=4000"},
       figures("", "", theory::preemptive({0.5, 0.5}, {0.1, 4}))}};
}

// --- closed: unit us -----------------------------------------------------------------------------

Experiments closed() {
  const auto figures = [](std::string x, std::string wait, std::string contended,
                          int n) -> std::vector<oracle::Figure> {
    const theory::Closed expected = theory::repairman(n, 1, 0.25);
    return {{std::move(x), "locks.L.acquisitions_per_s", kPerUs, expected.throughput},
            {std::move(wait), "locks.L.wait_ns.mean", kUsPerNs, expected.wait},
            {std::move(contended), "locks.L.contended_fraction", 1, expected.contended},
            {"", "locks.L.utilisation", 1, expected.utilisation},
            {"", "locks.L.number_mean", 1, expected.number}};
  };
  Experiments all{{"closed.json", {}, figures("fs2_X", "", "fs2_Pc", 2)},
                  {"closed.json", {"threads.0.count=4"}, figures("fs4_X", "", "", 4)},
                  {"closed.json", {"threads.0.count=8"}, figures("fs8_X", "fs8_Wq", "fs8_Pc", 8)},
                  {"closed.json", {"threads.0.count=16"}, figures("", "", "", 16)}};
  // Whatever the distribution of the think time, all of it stays.
  for (const char* think :
       {"1000", R"({"uniform":[0,2000]})", R"({"lognormal":{"mean":1000,"cv":2}})",
        R"({"choice":[[250,3],[3250,1]]})"}) {
    all.push_back({"closed.json", replacing("threads.0.think_ns", think, {"threads.0.count=8"}),
                   figures("", "", "", 8)});
  }
  return all;
}

Experiments closed_constant() {
  const auto figures = [](std::string x, std::string wait, int n) -> std::vector<oracle::Figure> {
    const theory::Closed expected = theory::deterministic(n, 1, 0.25);
    return {{std::move(x), "locks.L.acquisitions_per_s", kPerUs, expected.throughput, Kind::exact},
            {std::move(wait), "locks.L.wait_ns.mean", kUsPerNs, expected.wait, Kind::exact},
            {"", "locks.L.contended_fraction", 1, expected.contended, Kind::exact},
            {"", "locks.L.utilisation", 1, expected.utilisation, Kind::exact},
            {"", "locks.L.number_mean", 1, expected.number, Kind::exact}};
  };
  const std::string file = "closed-constant.json";
  return {{file, {}, figures("dd8_X", "dd8_Wq", 8)},
          {file, {"threads.0.count=4"}, figures("dd4_X", "", 4)},
          {file, {"threads.0.count=2"}, figures("", "", 2)},
          {file, {"threads.0.count=16"}, figures("", "", 16)},
          {file, {"threads.0.count=6", "duration_ms=4"}, figures("", "", 6)},
          {file, {"seed=99", "replications=5"}, figures("", "", 8)}};
}

struct TwoRows {
  std::string contended_a, wait_a, wait_b, contended;
};

std::vector<oracle::Figure> two(const theory::TwoThreads& expected, const TwoRows& rows = {}) {
  const double both = expected.x_a + expected.x_b;
  return {{"", "locks.L.points.A.acquisitions_per_s", kPerUs, expected.x_a},
          {"", "locks.L.points.B.acquisitions_per_s", kPerUs, expected.x_b},
          {rows.contended_a, "locks.L.points.A.contended_fraction", 1, expected.contended_a},
          {"", "locks.L.points.B.contended_fraction", 1, expected.contended_b},
          {rows.contended, "locks.L.contended_fraction", 1,
           (expected.x_a * expected.contended_a + expected.x_b * expected.contended_b) / both},
          {rows.wait_a, "locks.L.points.A.wait_ns.mean", kUsPerNs, expected.wait_a},
          {rows.wait_b, "locks.L.points.B.wait_ns.mean", kUsPerNs, expected.wait_b},
          {"", "locks.L.utilisation", 1, expected.utilisation}};
}

Experiments two_threads() {
  using theory::constant_hold;
  using theory::exponential_hold;
  return {{"two-exponential.json",
           {},
           two(theory::two_threads(1, exponential_hold(0.23), 0.6, exponential_hold(0.15)),
               {"two_exp_cA", "", "two_exp_WB", ""})},
          {"two-generic.json",
           {},
           two(theory::two_threads(1, constant_hold(0.25), 0.58, constant_hold(0.15)),
               {"two_gen_cA", "two_gen_WA", "", ""})},
          {"two-stream.json",
           {},
           two(theory::two_threads(1, constant_hold(0.25), 9, constant_hold(0.15)),
               {"two_str_cA", "two_str_WA", "", ""})},
          {"two-symmetric.json",
           {},
           two(theory::two_threads(1, constant_hold(0.25), 1, constant_hold(0.25)),
               {"", "", "", "two_sym_Pc"})},
          {"two-exponential.json",
           replacing("threads.0.hold_ns", R"({"uniform":[100,400]})",
                     replacing("threads.1.hold_ns", R"({"choice":[[50,0.8],[500,0.2]]})",
                               {"threads.0.think_ns.exponential=800",
                                "threads.1.think_ns.exponential=500"})),
           two(theory::two_threads(0.8, theory::uniform_hold(0.1, 0.4), 0.5,
                                   theory::choice_hold(0.05, 0.8, 0.5)))}};
}

Experiments tickets() {
  const auto cores = [](std::string row, int n, Overrides overrides = {}) {
    overrides.push_back("threads.0.count=" + std::to_string(n));
    return Experiment{"ticket.json",
                      std::move(overrides),
                      {{std::move(row), "locks.L.acquisitions_per_s", 1e-9 * 10000,
                        theory::ticket_speedup(n, 10000, 400, 120)}}};
  };
  Experiments all{cores("ticket8", 8), cores("", 12), cores("ticket16", 16, {"duration_ms=202"}),
                  cores("", 24), cores("ticket48", 48, {"duration_ms=52"})};
  all.push_back({"ticket.json",  // a ticket lock that scales: c = 0
                 {"threads.0.count=24", "locks.0.holder_slowdown_per_waiter=0",
                  "threads.0.hold_ns={\"exponential\":400}"},
                 {{"", "locks.L.acquisitions_per_s", 1e-9 * 10000,
                   theory::ticket_speedup(24, 10000, 400, 0)}}});
  return all;
}

// --- interrupts: unit us -------------------------------------------------------------------------

std::vector<oracle::Figure> moderated(const theory::Moderation& expected, std::string rate = {},
                                      std::string delay = {}) {
  return {{std::move(rate), "nic.interrupts_per_s", kPerUs, expected.rate},
          {std::move(delay), "nic.moderation_delay_ns_mean", kUsPerNs, expected.delay},
          {"", "nic.frames_per_interrupt_mean", 1, expected.batch}};
}

Experiments moderation() {
  const double line_rate = theory::line_rate_pps(10, 1500) * kPerUs;
  const std::string at_line_rate = "traffic.rate_pps=812743.823";
  return {{"coalesce-timer.json",
           {},
           moderated(theory::moderation_timer(0.1, 30), "coal_rate", "coal_delay")},
          {"coalesce-timer.json",
           {"traffic.rate_pps=50000", "nic.coalesce.delay_us=50"},
           moderated(theory::moderation_timer(0.05, 50))},
          {"coalesce-timer.json",
           {at_line_rate, "duration_ms=110"},
           moderated(theory::moderation_timer(line_rate, 30))},
          {"coalesce-throttle.json",
           {},
           moderated(theory::moderation_throttle(0.1, 30), "thr_rate", "thr_delay")},
          {"coalesce-throttle.json",
           {"traffic.rate_pps=20000", "nic.coalesce.delay_us=40"},
           moderated(theory::moderation_throttle(0.02, 40))},
          {"coalesce-count.json", {}, moderated(theory::moderation_count(0.1, 8))},
          {"coalesce-count.json",
           {at_line_rate, "nic.coalesce.frames=32", "duration_ms=110"},
           moderated(theory::moderation_count(line_rate, 32))}};
}

Experiments livelocks() {
  const auto rate = [](std::string row, double per_us, Overrides overrides,
                       Kind kind = Kind::statistical) {
    return Experiment{"livelock.json",
                      std::move(overrides),
                      {{std::move(row), "throughput.received_pps", 1,
                        1e6 * theory::livelock(per_us, 4, 6), kind}}};
  };
  return {rate("live150k", 0.15, {}), rate("", 0.05, {"traffic.rate_pps=50000"}),
          rate("", 0.20, {"traffic.rate_pps=200000"}),
          rate("", 0.30, {"traffic.rate_pps=300000", "replications=2"}, Kind::exact)};
}

// --- the wire ------------------------------------------------------------------------------------

Experiments wire() {
  const auto figures = [](std::string pps, std::string goodput, double mtu, bool timestamps) {
    return std::vector<oracle::Figure>{
        {std::move(pps), "throughput.offered_pps", 1, theory::line_rate_pps(10, mtu), Kind::exact},
        {"", "throughput.received_pps", 1, theory::line_rate_pps(10, mtu), Kind::exact},
        {std::move(goodput), "throughput.goodput_gbps", 1,
         theory::line_rate_goodput_gbps(10, mtu, timestamps), Kind::limit}};
  };
  const Overrides jumbo{"nic.mtu=9000", "warmup_ms=7.2304", "duration_ms=296.4464"};
  Overrides plain_jumbo = jumbo;
  plain_jumbo.emplace_back("nic.timestamps=false");
  const auto batch = [](double tau, double expected) {
    return std::vector<oracle::Figure>{
        {"", "nic.frames_per_interrupt_mean", 1, theory::constant_rate_batch(tau, 30), Kind::exact},
        {"", "nic.interrupts_per_s", 1e-6, 1 / (tau * expected), Kind::exact}};
  };
  return {{"line-rate.json", {}, figures("pps1500", "good1500ts", 1500, true)},
          {"line-rate.json", jumbo, figures("pps9000", "good9000ts", 9000, true)},
          {"line-rate.json", {"nic.timestamps=false"}, figures("", "", 1500, false)},
          {"line-rate.json", plain_jumbo, figures("", "", 9000, false)},
          {"line-rate-timer.json", {}, batch(1.2304, 25)},
          // 1000 frames of warm-up, then 2000 interrupts
          {"line-rate-timer.json",
           {"nic.mtu=9000", "warmup_ms=7.2304", "duration_ms=79.5344"},
           batch(7.2304, 5)}};
}

}  // namespace

TEST_CASE("M/M/1 on a lock", "[oracle][slow]") {
  check_variance_of_number(oracle::check(kMm1));
  oracle::check(kMm1HalfLoad);
}
TEST_CASE("M/D/1 and M/G/1 on a lock", "[oracle][slow]") { oracle::check_all(mg1()); }
TEST_CASE("M/M/1/K on a lock", "[oracle][slow]") { oracle::check_all(bounded()); }
TEST_CASE("Arrivals in batches", "[oracle][slow]") { oracle::check_all(batches()); }
TEST_CASE("Erlang's C on the run queue", "[oracle][slow]") { oracle::check_all(cores()); }
TEST_CASE("Two priorities on one core", "[oracle][slow]") { oracle::check_all(priorities()); }
TEST_CASE("The machine repairman, whatever the think time", "[oracle][slow]") {
  oracle::check_all(closed());
}
TEST_CASE("Constant thinking and holding is met exactly", "[oracle]") {
  oracle::check_all(closed_constant());
}
TEST_CASE("Two unlike threads on a lock", "[oracle][slow]") { oracle::check_all(two_threads()); }
TEST_CASE("The collapse of a ticket lock", "[oracle][slow]") { oracle::check_all(tickets()); }
TEST_CASE("Interrupt moderation", "[oracle][slow]") { oracle::check_all(moderation()); }
TEST_CASE("Receive livelock", "[oracle][slow]") { oracle::check_all(livelocks()); }
TEST_CASE("Line rate is met and never passed", "[oracle]") { oracle::check_all(wire()); }

TEST_CASE("Every row of oracles.csv is tested", "[oracle]") {
  // Rows of the statistics, not of a model: tests/observe_statistics_test.cpp has mser_d, bm_hw and
  // crn_hw.
  std::set<std::string> tested{"mm1_asymvar", "mser_d", "bm_hw", "crn_hw"};
  std::set<std::string> files;
  int own_points = 0;
  for (const auto& experiments :
       {Experiments{kMm1, kMm1HalfLoad}, mg1(), bounded(), batches(), cores(), priorities(),
        closed(), closed_constant(), two_threads(), tickets(), moderation(), livelocks(), wire()}) {
    for (const Experiment& experiment : experiments) {
      files.insert(experiment.file);
      own_points += experiment.overrides.empty() ? 0 : 1;
      for (const oracle::Figure& figure : experiment.figures) {
        if (!figure.row.empty()) CHECK(tested.insert(figure.row).second);
      }
    }
  }
  for (const auto& [row, value] : oracle::read_rows()) {
    INFO(row << " = " << value);
    CHECK(tested.erase(row) == 1);
  }
  CHECK(tested.empty());
  CHECK(own_points >= 10);
  for (const auto& entry :
       std::filesystem::directory_iterator(SOCKBUFSIM_SOURCE_DIR "/tests/oracles")) {
    if (entry.path().extension() != ".json") continue;
    INFO(entry.path());
    CHECK(files.count(entry.path().filename().string()) == 1);
  }
}
