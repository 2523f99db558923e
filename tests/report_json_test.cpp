// SPDX-License-Identifier: BSD-2-Clause
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "models/report/json.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/sample_report.hpp"

using nlohmann::ordered_json;

namespace {

ordered_json tree_of(const models::Report& report) {
  return ordered_json::parse(models::report_json(report));
}

}  // namespace

TEST_CASE("the JSON report has the agreed names", "[report]") {
  const ordered_json tree = tree_of(tests::sample_report());
  CHECK(tree.at("verdict") == "completed");
  CHECK(tree.at("throughput").at("goodput_gbps") == 9.25);
  CHECK(tree.at("throughput").at("frames_dropped") == 10);
  const ordered_json& lock = tree.at("locks").at(1);
  CHECK(lock.at("name") == "so_rcv");
  for (const char* name :
       {"kind", "acquisitions", "acquisitions_per_s", "contended", "contended_fraction",
        "utilisation", "spin_ns_total", "block_ns_total", "points", "blame", "instances"}) {
    CHECK(lock.contains(name));
  }
  for (const char* name : {"total", "mean", "mean_contended", "p50", "p99", "max"}) {
    CHECK(lock.at("wait_ns").contains(name));
    CHECK(lock.at("hold_ns").contains(name));
  }
  CHECK(lock.at("points").at(1).at("name") == "uipc_socket.c:1669");
  CHECK(lock.at("points").at(1).at("wait_ns").at("total") == 3000000);
  CHECK(tree.at("cpus").at(1).at("switch") == 0);
  CHECK(tree.at("cpus").at(1).at("copy") == 0.375);
}

TEST_CASE("numbers survive JSON, whole ones as integers", "[report]") {
  models::Report report;
  report.throughput.goodput_gbps = 0.1 + 0.2;
  report.throughput.offered_pps = 1e300;
  report.throughput.delivered_bytes = 9007199254740991.0;
  report.nic.interrupts = -0.0;
  const ordered_json tree = tree_of(report);
  CHECK(tree.at("throughput").at("goodput_gbps").get<double>() == 0.1 + 0.2);
  CHECK(tree.at("throughput").at("offered_pps").get<double>() == 1e300);
  CHECK(tree.at("throughput").at("delivered_bytes").is_number_integer());
  CHECK(tree.at("throughput").at("delivered_bytes") == 9007199254740991);
  CHECK(tree.at("nic").at("interrupts").dump() == "0");
}

TEST_CASE("what is no number is null, and broken names do not break the JSON", "[report]") {
  models::Report report;
  report.summary = {{"a", 1.0, std::numeric_limits<double>::quiet_NaN(), 1},
                    {"b", std::numeric_limits<double>::infinity(), 0.5, 2}};
  report.readers.resize(1);
  report.readers[0].name = "\xff\"\n";
  report.expectations.resize(1);
  const ordered_json tree = tree_of(report);
  CHECK(tree.at("summary").at(0).at("half_width").is_null());
  CHECK(tree.at("summary").at(1).at("mean").is_null());
  CHECK(tree.at("readers").at(0).at("name") == "\xEF\xBF\xBD\"\n");
  CHECK(tree.at("expectations").at(0).at("actual").is_null());
}

TEST_CASE("the fingerprint covers the results and nothing else", "[report]") {
  const models::Report report = tests::sample_report();
  const std::string fingerprint = models::report_fingerprint(report);
  CHECK(fingerprint.size() == 16);
  models::Report other = report;
  other.simulator.wall_s = 99;
  other.provenance.command = "something else";
  other.provenance.fingerprint = fingerprint;
  other.run.scenario = "another name";
  other.run.description = "in other words";
  other.run.replications = 99;
  other.expectations.clear();
  CHECK(models::report_fingerprint(other) == fingerprint);
  other.locks[1].points[0].figures.wait_ns.max += 1e-3;
  CHECK(models::report_fingerprint(other) != fingerprint);
}

TEST_CASE("the schema describes the report that is written", "[report]") {
  const auto schema = ordered_json::parse(models::report_json_schema());
  models::Report report = tests::sample_report();
  report.violations.push_back({"panic", "message", 1.5, "reader0", 0, {"step"}});
  report.expectations.resize(1);
  report.summary.resize(1);
  report.warnings.push_back("warning");
  report.threads.resize(1);
  report.sockets.resize(1);
  report.locks[0].per_instance.resize(1);
  report.locks[0].number_at_least.resize(1);
  report.locks[0].figures.wait_over.resize(1);
  report.warmup.series = {1, 2};
  CHECK(tests::schema_errors(tree_of(report), schema) == tests::kNoComplaint);
  report.locks[0].figures.wait_ns.histogram = {{0, 0, 7}, {1.5, 1.75, 2}};
  CHECK(tests::schema_errors(tree_of(report), schema) == tests::kNoComplaint);
  CHECK(tests::schema_gaps(schema) == tests::kNoComplaint);
}

TEST_CASE("a histogram is in the report only where there is one", "[report]") {
  models::Report report = tests::sample_report();
  CHECK(models::report_json(report).find("histogram") == std::string::npos);
  report.locks[0].figures.wait_ns.histogram = {{0, 0, 7}, {1.5, 1.75, 2}};
  const ordered_json lock = tree_of(report)["locks"][0];
  CHECK(lock["wait_ns"]["histogram"] == ordered_json::parse("[[0, 0, 7], [1.5, 1.75, 2]]"));
  CHECK_FALSE(lock["hold_ns"].contains("histogram"));
}
