// SPDX-License-Identifier: BSD-2-Clause
#include <set>
#include <string>

#include "models/report/metrics.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_report.hpp"

using Catch::Matchers::ContainsSubstring;

TEST_CASE("metrics are found by dotted path", "[report]") {
  const models::Report report = tests::sample_report();
  const auto at = [&](const char* path) { return models::find_metric(report, path); };
  CHECK(at("throughput.goodput_gbps") == 9.25);
  CHECK(at("locks.so_rcv.contended_fraction") == 0.25);
  CHECK(at("locks.so_rcv.points.uipc_socket.c:1669.acquisitions") == 400.0);
  CHECK(at("locks.so_rcv.points.uipc_socket.c:1669.wait_ns.total") == 3e6);
  CHECK(at("locks.so_rcv.wait_ns.quantiles.p99.9.value") == 71999.0);
  CHECK(at("locks.so_rcv.blame.irq0<reader0.wait_ns") == 1e6);
  CHECK(at("locks.so_rcv.number_pmf.2") == 0.25);
  CHECK(at("readers.log.0, \"tail\".reads") == 3.0);
}

TEST_CASE("array entries are found by index, too", "[report]") {
  const models::Report report = tests::sample_report();
  const auto at = [&](const char* path) { return models::find_metric(report, path); };
  CHECK(at("cpus.1.spin") == 0.25);
  CHECK(at("readers.0.reads") == 176.0);
  CHECK(at("readers.1.reads") == 3.0);
  CHECK(at("locks.1.points.0.contended") == 50.0);
  CHECK_FALSE(at("readers.2.reads"));
}

TEST_CASE("a name wins over an index, and names used twice count for nothing", "[report]") {
  models::Report report;
  report.readers.resize(3);
  report.readers[0].name = "1";
  report.readers[0].reads = 10;
  report.readers[1].reads = 11;
  report.readers[2].reads = 12;
  CHECK(models::find_metric(report, "readers.1.reads") == 10.0);
  report.readers[1].name = report.readers[2].name = "same";
  CHECK_FALSE(models::find_metric(report, "readers.same.reads"));
  CHECK(models::find_metric(report, "readers.2.reads") == 12.0);
}

TEST_CASE("what is no metric is not found", "[report]") {
  const models::Report report = tests::sample_report();
  for (const char* path :
       {"", ".", "throughput", "throughput.", ".throughput.goodput_gbps", "throughput.goodput",
        "throughput.goodput_gbps.", "locks.so_rcv", "locks.so_rcv.name", "simulator.wall_s",
        "provenance.seed", "run.mtu", "cpus.1", "warmup.enough", "locks.so_rcv.number_pmf.x"}) {
    CAPTURE(path);
    CHECK_FALSE(models::find_metric(report, path));
  }
}

TEST_CASE("every metric of a report is found under its own path and is of a known kind",
          "[report]") {
  const models::Report report = tests::sample_report();
  const auto all = models::metrics(report);
  CHECK(all.size() > 200);
  std::set<std::string> paths;
  for (const models::Metric& metric : all) {
    CAPTURE(metric.path);
    CHECK(paths.insert(metric.path).second);
    CHECK(models::find_metric(report, metric.path) == metric.value);
    CHECK(models::is_metric_path(metric.path));
  }
}

TEST_CASE("a path is of a known kind or not, whatever the report", "[report]") {
  CHECK(models::is_metric_path("locks.never.points.kern_synch.c:218.hold_ns.max"));
  CHECK(models::is_metric_path("cpus.7.idle"));
  CHECK_FALSE(models::is_metric_path("locks.so_rcv.contendedfraction"));
  CHECK_FALSE(models::is_metric_path("cpus.idle"));
  CHECK_FALSE(models::is_metric_path("readers.reads"));
  CHECK_FALSE(models::is_metric_path("simulator.wall_s"));
}

TEST_CASE("a path that leads nowhere brings up the nearest one", "[report]") {
  CHECK_THAT(models::suggest_metric("throughput.godput_gbps"),
             ContainsSubstring("\"throughput.goodput_gbps\""));
  CHECK_THAT(models::suggest_metric("locks.so_rcv.contended_fracton"),
             ContainsSubstring("\"locks.so_rcv.contended_fraction\""));
  const models::Report report = tests::sample_report();
  CHECK_THAT(models::suggest_metric("locks.so_rvc.contended", &report),
             ContainsSubstring("\"locks.so_rcv.contended\""));
  CHECK(models::suggest_metric("nothing.like.it.at.all.anywhere").empty());
}

TEST_CASE("every kind of metric has a meaning", "[report]") {
  const auto kinds = models::metric_kinds();
  CHECK(kinds.size() > 100);
  for (const models::MetricKind& kind : kinds) {
    CAPTURE(kind.path);
    CHECK(kind.doc.size() > 5);
    CHECK(kind.doc.ends_with('.'));
  }
}
