// SPDX-License-Identifier: BSD-2-Clause
#include <cmath>

#include "models/report/json.hpp"
#include "models/report/metrics.hpp"
#include "models/report/summarise.hpp"
#include "models/scenario/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_report.hpp"

using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

models::Expect expect_metric(const char* path, std::optional<double> min,
                             std::optional<double> max) {
  models::Expect item;
  item.metric = path;
  item.min = min;
  item.max = max;
  return item;
}

models::Expect expect_verdict(models::Verdict verdict, const char* kind = nullptr) {
  models::Expect item;
  item.verdict = verdict;
  if (kind != nullptr) item.kind = kind;
  return item;
}

models::Report violated(const char* kind) {
  models::Report report = tests::sample_report();
  report.verdict = models::Verdict::violation;
  report.violations.push_back({kind, "panic: " + std::string(kind), 5.0, "reader0", 0, {}});
  return report;
}

const models::SummaryReport* summary_of(const models::Report& report, const char* path) {
  for (const auto& item : report.summary) {
    if (item.metric == path) return &item;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("one replication is its own summary", "[report]") {
  const models::Report report = tests::sample_report();
  const models::Report merged = models::summarise({report});
  CHECK(models::report_json(merged) == models::report_json(report));
  CHECK(merged.summary.empty());
}

TEST_CASE("replications are averaged, with Student's half-width", "[report]") {
  std::vector<models::Report> runs(3, tests::sample_report());
  runs[0].throughput.goodput_gbps = 8;
  runs[1].throughput.goodput_gbps = 9;
  runs[2].throughput.goodput_gbps = 10;
  runs[1].locks[1].points[1].figures.acquisitions = 403;
  runs[2].simulator.peak_rss_mib = 50;
  const models::Report merged = models::summarise(runs);
  CHECK(merged.run.replications == 3);
  CHECK(merged.throughput.goodput_gbps == 9.0);
  CHECK(merged.locks[1].points[1].figures.acquisitions == 401.0);
  CHECK(merged.locks[1].figures.wait_ns.quantiles[0].q == 0.999);
  CHECK(merged.simulator.wall_s == 4.5);
  CHECK(merged.simulator.peak_rss_mib == 50.0);
  const models::SummaryReport* goodput = summary_of(merged, "throughput.goodput_gbps");
  REQUIRE(goodput != nullptr);
  CHECK(goodput->mean == 9.0);
  CHECK(goodput->n == 3);
  CHECK(goodput->half_width == Approx(4.302652729911275 / std::sqrt(3.0)));
}

TEST_CASE("histograms are merged bucket by bucket, and add up to the mean count", "[report]") {
  std::vector<models::Report> runs(2, tests::sample_report());
  auto& first = runs[0].locks[0].figures.wait_ns;
  auto& second = runs[1].locks[0].figures.wait_ns;
  first.count = 7;
  first.histogram = {{0, 0, 4}, {2, 3, 2}, {8, 9, 1}};
  second.count = 4;
  second.histogram = {{0, 0, 1}, {4, 5, 3}};
  const models::TimeStats merged = models::summarise(runs).locks[0].figures.wait_ns;
  CHECK(merged.count == 5.5);
  const std::vector<std::vector<double>> expected = {
      {0, 0, 2.5}, {2, 3, 1}, {4, 5, 1.5}, {8, 9, 0.5}};
  REQUIRE(merged.histogram.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(merged.histogram[i].lower_ns == expected[i][0]);
    CHECK(merged.histogram[i].upper_ns == expected[i][1]);
    CHECK(merged.histogram[i].count == expected[i][2]);
  }
  CHECK(models::summarise(runs).locks[0].figures.hold_ns.histogram.empty());
}

TEST_CASE("entries are matched by name, and one that is missing counts as zeros", "[report]") {
  std::vector<models::Report> runs(2, tests::sample_report());
  std::swap(runs[1].locks[0], runs[1].locks[1]);
  auto& points = runs[1].locks[0].points;
  points.erase(points.begin());  // tcp_input.c:1201, 600 acquisitions
  const models::Report merged = models::summarise(runs);
  REQUIRE(merged.locks.size() == 2);
  CHECK(merged.locks[1].name == "so_rcv");
  CHECK(merged.locks[1].figures.acquisitions == 1000.0);
  REQUIRE(merged.locks[1].points.size() == 2);
  CHECK(merged.locks[1].points[0].figures.acquisitions == 300.0);
  CHECK(merged.locks[1].points[1].figures.acquisitions == 400.0);
  const auto* missing = summary_of(merged, "locks.so_rcv.points.tcp_input.c:1201.acquisitions");
  REQUIRE(missing != nullptr);
  CHECK(missing->mean == 300.0);
  for (const models::SummaryReport& item : merged.summary) {
    CAPTURE(item.metric);
    CHECK(models::find_metric(merged, item.metric) == item.mean);
  }
}

TEST_CASE("replications that had nothing to measure do not count in means and quantiles",
          "[report]") {
  std::vector<models::Report> runs(3, tests::sample_report());
  auto& idle = runs[1].locks[1].figures;
  idle.contended = 0;
  idle.wait_ns.mean_contended = 0;
  idle.hold_ns = {};
  idle.hold_ns.quantiles = {{"p99.9", 0.999, 0}};
  const models::Report merged = models::summarise(runs);
  const auto& figures = merged.locks[1].figures;
  const auto& alone = runs[0].locks[1].figures;
  CHECK(figures.wait_ns.mean_contended == alone.wait_ns.mean_contended);
  CHECK(figures.hold_ns.mean == alone.hold_ns.mean);
  CHECK(figures.hold_ns.p99 == alone.hold_ns.p99);
  CHECK(figures.hold_ns.quantiles.at(0).value == alone.hold_ns.quantiles.at(0).value);
  CHECK(figures.hold_ns.total == Approx(alone.hold_ns.total * 2 / 3));
  CHECK(figures.hold_ns.count == Approx(alone.hold_ns.count * 2 / 3));
  const auto* mean = summary_of(merged, "locks.so_rcv.wait_ns.mean_contended");
  REQUIRE(mean != nullptr);
  CHECK(mean->n == 2);
  CHECK(mean->mean == alone.wait_ns.mean_contended);
  const auto* nothing = summary_of(merged, "locks.tcp.wait_ns.mean_contended");
  REQUIRE(nothing != nullptr);
  CHECK(nothing->n == 0);
  CHECK(nothing->mean == 0.0);
  CHECK(merged.locks[0].figures.wait_ns.mean_contended == 0.0);
}

TEST_CASE("shares and means of counts are over the replications that counted something",
          "[report]") {
  std::vector<models::Report> runs(3, tests::sample_report());
  for (models::Report& run : runs) run.locks[1].figures.wait_over = {{"500ns", 500, 0.125}};
  runs[0].nic.interrupts = runs[2].nic.interrupts = 10;
  runs[0].nic.frames_per_interrupt_mean = 4;
  runs[2].nic.frames_per_interrupt_mean = 6;
  runs[1].locks[1].figures = {};
  runs[1].locks[1].figures.wait_over = {{"500ns", 500, 0}};
  runs[1].locks[1].points.pop_back();
  const models::Report merged = models::summarise(runs);
  CHECK(merged.nic.frames_per_interrupt_mean == 5.0);
  CHECK(merged.locks[1].figures.contended_fraction == 0.25);
  CHECK(merged.locks[1].figures.wait_over.at(0).fraction == 0.125);
  CHECK(merged.locks[1].points.at(1).figures.contended_fraction == 0.5);
  CHECK(merged.locks[1].points.at(0).figures.contended_fraction == Approx(50.0 / 600));
  for (const char* path : {"nic.frames_per_interrupt_mean", "locks.so_rcv.contended_fraction",
                           "locks.so_rcv.points.uipc_socket.c:1669.contended_fraction"}) {
    CAPTURE(path);
    REQUIRE(summary_of(merged, path) != nullptr);
    CHECK(summary_of(merged, path)->n == 2);
  }
  CHECK(summary_of(merged, "tcp.frames_per_segment_mean")->n == 0);
}

TEST_CASE("numbers know the count that they rest on", "[report]") {
  using models::metric_basis;
  CHECK(metric_basis("locks.L.wait_over.500ns.fraction").count == "locks.L.acquisitions");
  CHECK(metric_basis("locks.L.points.a.c:1.wait_over.500ns.fraction").count ==
        "locks.L.points.a.c:1.acquisitions");
  CHECK(metric_basis("nic.moderation_delay_ns_mean").count == "nic.moderation_delay_ns.count");
  CHECK(metric_basis("readers.r.bytes_per_read_mean").count == "readers.r.reads");
  CHECK(metric_basis("threads.t.run_queue.waited_fraction").count ==
        "threads.t.run_queue.dispatches");
  CHECK(metric_basis("locks.L.number_at_least.5_or_more.fraction").count.empty());
  CHECK(metric_basis("locks.L.points.p.acquisitions").zero_with == "locks.L.acquisitions");
  CHECK(metric_basis("locks.L.per_instance.3.acquisitions").zero_with.empty());
  CHECK(metric_basis("locks.L.per_instance.3.wait_ns.count").zero_with.empty());
  CHECK(metric_basis("locks.L.per_instance.3.contended_fraction").count ==
        "locks.L.per_instance.3.acquisitions");
}

TEST_CASE("a pair that did not wait is 0 for expectations, a mean over nothing no number",
          "[report]") {
  const models::Report run = tests::sample_report();
  models::Report merged = run;
  models::check_expectations({expect_metric("locks.so_rcv.blame.irq1<reader0.count", 0.0, 0.0),
                              expect_metric("locks.udp.blame.irq1<reader0.count", 0.0, 0.0),
                              expect_metric("locks.tcp.wait_ns.mean_contended", 0.0, 100.0)},
                             {run}, merged);
  CHECK(merged.expectations[0].passed);
  CHECK(merged.expectations[0].actual == 0.0);
  CHECK_THAT(merged.expectations[0].message, ContainsSubstring("no such pair waited"));
  CHECK_FALSE(merged.expectations[1].passed);
  CHECK_FALSE(merged.expectations[2].passed);
  CHECK_THAT(merged.expectations[2].message, ContainsSubstring("locks.tcp.contended is 0"));
}

TEST_CASE("violations of all replications are kept, and the verdict is not averaged away",
          "[report]") {
  const models::Report merged =
      models::summarise({tests::sample_report(), violated("a"), violated("b")});
  CHECK(merged.verdict == models::Verdict::violation);
  REQUIRE(merged.violations.size() == 2);
  CHECK(merged.violations[0].kind == "a");
  CHECK(merged.violations[0].replication == 1);
  CHECK(merged.violations[1].replication == 2);
}

TEST_CASE("warnings of all replications are kept, each once", "[report]") {
  models::Report first = tests::sample_report();
  models::Report second = first;
  first.warnings = {"a"};
  second.warnings = {"a", "b"};
  CHECK(models::summarise({first, second}).warnings == std::vector<std::string>{"a", "b"});
}

TEST_CASE("expectations on metrics are judged on the bounds, both included", "[report]") {
  const std::vector<models::Report> runs = {tests::sample_report()};
  models::Report merged = runs[0];
  models::check_expectations({expect_metric("throughput.goodput_gbps", 9.25, std::nullopt),
                              expect_metric("throughput.goodput_gbps", std::nullopt, 9.25),
                              expect_metric("throughput.goodput_gbps", 9.26, std::nullopt),
                              expect_metric("throughput.goodput_gbps", 0.0, 9.0),
                              expect_metric("locks.so_rvc.contended", 0.0, std::nullopt)},
                             runs, merged);
  REQUIRE(merged.expectations.size() == 5);
  CHECK(merged.expectations[0].passed);
  CHECK(merged.expectations[0].actual == 9.25);
  CHECK(merged.expectations[1].passed);
  CHECK_FALSE(merged.expectations[2].passed);
  CHECK(merged.expectations[2].message == "throughput.goodput_gbps: 9.25, expected at least 9.26");
  CHECK_FALSE(merged.expectations[3].passed);
  CHECK_FALSE(merged.expectations[4].passed);
  CHECK_FALSE(merged.expectations[4].actual);
  CHECK_THAT(merged.expectations[4].message, ContainsSubstring("locks.so_rcv.contended"));
}

TEST_CASE("a verdict is met only when every replication met it", "[report]") {
  const std::vector<models::Report> runs = {violated("a"), violated("b")};
  models::Report merged = models::summarise(runs);
  models::check_expectations(
      {expect_verdict(models::Verdict::violation), expect_verdict(models::Verdict::violation, "a"),
       expect_verdict(models::Verdict::completed)},
      runs, merged);
  CHECK(merged.expectations[0].passed);
  CHECK_FALSE(merged.expectations[1].passed);
  CHECK_THAT(merged.expectations[1].message, ContainsSubstring("replication 1"));
  CHECK_FALSE(merged.expectations[2].passed);
}

TEST_CASE("an incident is unexpected unless an expectation names it", "[report]") {
  const auto completed = expect_verdict(models::Verdict::completed);
  const auto any = expect_verdict(models::Verdict::violation);
  const auto named = expect_verdict(models::Verdict::violation, "a");
  CHECK_FALSE(models::has_unexpected_incident({}, {tests::sample_report()}));
  CHECK(models::has_unexpected_incident({}, {violated("a")}));
  CHECK(models::has_unexpected_incident({completed}, {violated("a")}));
  CHECK_FALSE(models::has_unexpected_incident({any}, {violated("a")}));
  CHECK_FALSE(models::has_unexpected_incident({named}, {violated("a")}));
  CHECK(models::has_unexpected_incident({named}, {violated("a"), violated("b")}));
}

TEST_CASE("a misspelt metric is found before the run", "[report]") {
  try {
    models::check_metric_names({expect_verdict(models::Verdict::completed),
                                expect_metric("locks.so_rcv.contended_fracton", 0, 1)},
                               "x.json");
    FAIL("not noticed");
  } catch (const models::ScenarioErrors& errors) {
    REQUIRE(errors.errors().size() == 1);
    CHECK(errors.errors()[0].pointer == "/expect/1/metric");
    CHECK_THAT(errors.errors()[0].text(), ContainsSubstring("locks.so_rcv.contended_fraction"));
  }
  CHECK_NOTHROW(models::check_metric_names({expect_metric("locks.any.contended", 0, 1)}, "x"));
}
