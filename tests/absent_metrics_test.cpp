// SPDX-License-Identifier: BSD-2-Clause
//
// A pair that never waited is 0, and a mean of nothing is no number, in all that looks at several
// runs.
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "cli/compare/compare.hpp"
#include "cli/plot/plot.hpp"
#include "cli/store/export.hpp"
#include "cli/store/store.hpp"
#include "cli/study/analysis.hpp"
#include "cli/study/expect.hpp"
#include "sim/observe/statistics.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_study.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;

constexpr const char* kPair = "locks.L.blame.a<b.wait_ns";
constexpr const char* kMean = "locks.L.wait_ns.mean_contended";

/// A run in which the threads of group a waited for those of b so often, 100 ns each time.
cli::StoredRun lock_run(const cli::Point& point, int replication, double contended) {
  cli::StoredRun run;
  run.point = point.hash;
  run.seed = point.seed;
  run.replication = replication;
  run.status = "ok";
  run.fingerprint = "00000000000000ff";
  std::vector<cli::StoredMetric> metrics = {
      {"locks.L.acquisitions", "", 1000.0},
      {"locks.L.contended", "", contended},
      {kMean, "ns", contended > 0.0 ? 100.0 + contended : 0.0},
      {"locks.L.points.p.contended", "", contended},
  };
  if (contended > 0.0) {
    metrics.push_back({kPair, "ns", 100.0 * contended});
    metrics.push_back({"locks.L.points.q.acquisitions", "", contended});
  }
  run.metrics = cli::StoredMetrics(metrics);
  return run;
}

/// The sample study with these contentions in the replications of its first point, none in the
/// others.
void make_lock_store(const std::string& path, const std::vector<double>& contended) {
  const cli::Study study = test::sample_study();
  cli::Store store(path);
  store.define(study, "1", std::vector<std::string>(study.points.size(), "again"));
  std::vector<cli::StoredRun> runs;
  for (std::size_t i = 0; i < study.points.size(); ++i) {
    for (std::size_t r = 0; r < contended.size(); ++r) {
      runs.push_back(lock_run(study.points[i], static_cast<int>(r), i == 0 ? contended[r] : 0.0));
    }
  }
  store.add(runs, "1");
}

/// The sample study with one run of each point, all with these metrics.
std::string make_store(const tests::TempDir& directory, const std::string& name,
                       const std::vector<cli::StoredMetric>& metrics) {
  const cli::Study study = test::sample_study();
  std::string path = directory.file(name);
  cli::Store store(path);
  store.define(study, "1", std::vector<std::string>(study.points.size(), "again"));
  std::vector<cli::StoredRun> runs;
  for (const cli::Point& point : study.points) {
    runs.push_back(lock_run(point, 0, 0));
    runs.back().metrics = cli::StoredMetrics(metrics);
  }
  store.add(runs, "1");
  return path;
}

std::string text_of(const cli::CompareResult& result) {
  std::ostringstream out;
  write_compare_text(out, result, false);
  return out.str();
}

cli::JudgedExpectation judged(const std::string& path, const char* metric, double max) {
  cli::Study study = test::sample_study();
  cli::Expectation expectation;
  expectation.metric = metric;
  expectation.max = max;
  study.expect = {expectation};
  return judge(study, cli::read_results(path, study.name, {metric})).at(0);
}

}  // namespace

TEST_CASE("a pair that did not wait in a run counts as 0 in means and intervals", "[store]") {
  const tests::TempDir directory;
  const std::string path = directory.file("a.db");
  make_lock_store(path, {4, 0, 2, 0});
  const sim::Interval expected = sim::confidence95(std::vector<double>{400, 0, 200, 0});
  for (const bool one_metric : {false, true}) {
    const cli::Results results =
        one_metric ? cli::read_results(path, "", {kPair}) : cli::read_results(path);
    const std::vector<cli::Cell> cells = cells_of(results, kPair);
    const cli::Estimate mean = mean_of(cells.at(0));
    CHECK(mean.n == 4);
    CHECK(mean.value == expected.mean);
    CHECK(mean.half_width() == Catch::Approx(expected.half_width));
    CHECK(mean_of(cells.at(1)).value == 0.0);
    CHECK(difference(cells[1], cells[0]).value == expected.mean);
  }
  CHECK(mean_of(cells_of(cli::read_results(path), "locks.L.points.q.acquisitions").at(0)).n == 4);
}

TEST_CASE("a mean over nothing is no number in means over runs", "[store]") {
  const tests::TempDir directory;
  const std::string path = directory.file("a.db");
  make_lock_store(path, {4, 0, 2, 0});
  for (const bool one_metric : {false, true}) {
    const cli::Results results =
        one_metric ? cli::read_results(path, "", {kMean}) : cli::read_results(path);
    const std::vector<cli::Cell> cells = cells_of(results, kMean);
    CHECK(mean_of(cells.at(0)).n == 2);
    CHECK(mean_of(cells.at(0)).value == 103.0);
    CHECK_FALSE(mean_of(cells.at(1)).has_value());
  }
}

TEST_CASE("a precision over a pair of blame knows the runs in which it did not wait", "[store]") {
  const tests::TempDir directory;
  const std::string path = directory.file("a.db");
  make_lock_store(path, {4, 0});
  CHECK(cli::read_metric_values(path, "1", kPair).size() == 8);
  CHECK(cli::read_metric_values(path, "1", "locks.L.blame.b<a.wait_ns").size() == 8);
  CHECK(cli::read_metric_values(path, "1", "locks.M.blame.b<a.wait_ns").empty());
  CHECK(cli::read_metric_values(path, "1", kMean).size() == 1);
}

TEST_CASE("an expectation on a pair that never waited is judged over zeros", "[store]") {
  const tests::TempDir directory;
  const std::string path = directory.file("a.db");
  make_lock_store(path, {4, 0});
  CHECK(judged(path, kPair, 200).passed);
  CHECK_FALSE(judged(path, kPair, 199).passed);
  const cli::JudgedExpectation never = judged(path, "locks.L.blame.b<a.count", 0);
  CHECK(never.passed);
  CHECK_THAT(never.judgements.at(0).text, ContainsSubstring("no run has such a pair"));
  for (const char* wrong : {"locks.M.blame.b<a.count", "locks.L.blame.ab.count"}) {
    CAPTURE(wrong);
    const cli::JudgedExpectation unknown = judged(path, wrong, 1);
    CHECK_FALSE(unknown.passed);
    CHECK_THAT(unknown.judgements.at(0).text, ContainsSubstring("no such number"));
  }
  const cli::JudgedExpectation mean = judged(path, kMean, 1e9);
  CHECK_FALSE(mean.passed);
  CHECK_THAT(mean.judgements.at(1).text, ContainsSubstring("locks.L.contended is 0"));
}

TEST_CASE("a pair that no run has is told where it passes, too", "[store]") {
  const tests::TempDir directory;
  const std::string path = directory.file("a.db");
  make_lock_store(path, {4, 0});
  const cli::JudgedExpectation never = judged(path, "locks.L.blame.b<a.count", 0);
  REQUIRE(never.passed);
  const std::string note = "as no run has such a pair in its blame";
  CHECK_THAT(cli::verdict_text({never}), ContainsSubstring("at all 4 places, " + note));
  std::ostringstream junit;
  cli::write_junit_suite(junit, "sweep", cli::junit_cases({never}, {}), "");
  CHECK_THAT(junit.str(), ContainsSubstring("<system-out>" + note + "</system-out>"));
  CHECK(judged(path, kPair, 200).note.empty());
}

TEST_CASE("a point that lacks the count itself has no such number", "[store]") {
  const std::string mean = "readers.rb.delivery_latency_ns.mean";
  cli::Study study = test::sample_study();
  study.expect.resize(1);
  study.expect[0].metric = mean;
  study.expect[0].max = 1e9;
  cli::Results results;
  for (std::size_t i = 0; i < 2; ++i) {
    cli::Run& run = results.runs.emplace_back();
    run.point = study.points[i].hash;
    run.settings = study.points[i].settings;
    run.status = "ok";
    run.fingerprint = "f";
  }
  results.runs[0].metrics = {{"readers.rb.delivery_latency_ns.count", 0.0}};
  results.runs[1].metrics = {{"readers.ra.delivery_latency_ns.count", 9.0}};
  const cli::JudgedExpectation found = judge(study, results).at(0);
  CHECK_THAT(found.judgements.at(0).text, ContainsSubstring("_ns.count is 0"));
  CHECK_THAT(found.judgements.at(1).text, ContainsSubstring("no such number in the results"));
}

TEST_CASE("an export says 0 of a pair that did not wait, and nothing of a mean over nothing",
          "[store]") {
  const tests::TempDir directory;
  const std::string path = directory.file("a.db");
  make_lock_store(path, {4, 0});
  const cli::Results results = cli::read_results(path);
  CHECK(results.runs.at(1).metric(kPair) == 0.0);
  CHECK_FALSE(results.runs.at(1).metric(kMean));
  std::ostringstream table;
  cli::write_results_csv(table, results);
  CHECK_THAT(table.str(), ContainsSubstring(kMean));
  std::ostringstream rows;
  cli::write_results_jsonl(rows, results);
  std::string second;
  std::istringstream lines(rows.str());
  std::getline(lines, second);
  std::getline(lines, second);
  CHECK_THAT(second, ContainsSubstring(std::string("\"") + kPair + "\":0"));
  CHECK_THAT(second, !ContainsSubstring(kMean));
}

TEST_CASE("a column of an export stays when all its means are over nothing", "[store][plot]") {
  const tests::TempDir directory;
  const std::string path = directory.file("a.db");
  make_lock_store(path, {0, 0});
  std::ostringstream table;
  cli::write_results_csv(table, cli::read_results(path));
  CHECK_THAT(table.str(), ContainsSubstring(std::string(",") + kMean + ","));
  cli::PlotRequest request;
  request.inputs = {path};
  request.metric = kMean;
  CHECK_THROWS_WITH(make_figure(request), ContainsSubstring("locks.L.contended is 0 in all"));
}

TEST_CASE("compare knows a pair that waits on one side only", "[store]") {
  const tests::TempDir directory;
  make_lock_store(directory.file("old.db"), {0, 0, 0});
  make_lock_store(directory.file("new.db"), {4, 5, 4});
  cli::CompareRequest request;
  request.old_file = directory.file("old.db");
  request.new_file = directory.file("new.db");
  request.metrics = {kPair};
  const cli::CompareResult found = compare_files(request);
  REQUIRE(found.changes.size() == 4);
  CHECK(found.changes[0].from == 0.0);
  CHECK(found.changes[0].to == Catch::Approx(1300.0 / 3));
  CHECK(found.changes[0].verdict == cli::ChangeVerdict::beyond);
  CHECK(found.changes[1].verdict == cli::ChangeVerdict::same);
  std::swap(request.old_file, request.new_file);
  request.metrics = {kMean, "locks.L.contended"};
  for (const cli::Change& change : compare_files(request).changes) {
    CHECK(change.verdict != cli::ChangeVerdict::lost);
  }
}

TEST_CASE("compare loses a mean whose count is gone, too", "[store]") {
  const tests::TempDir directory;
  const cli::StoredMetric other = {"readers.ra.delivery_latency_ns.count", "", 10.0};
  const std::string mean = "readers.rb.delivery_latency_ns.mean";
  cli::CompareRequest request;
  request.old_file =
      make_store(directory, "old.db",
                 {other, {"readers.rb.delivery_latency_ns.count", "", 10.0}, {mean, "ns", 500.0}});
  request.new_file = make_store(directory, "new.db", {other});
  request.metrics = {mean};
  const cli::CompareResult found = compare_files(request);
  REQUIRE(found.changes.size() == 4);
  CHECK(found.changes[0].verdict == cli::ChangeVerdict::lost);
  CHECK(found.failed());
}

TEST_CASE("compare tells of a mean that a side has over nothing", "[store]") {
  const tests::TempDir directory;
  make_lock_store(directory.file("old.db"), {4, 4});
  make_lock_store(directory.file("new.db"), {0, 0});
  cli::CompareRequest request;
  request.old_file = directory.file("old.db");
  request.new_file = directory.file("new.db");
  request.metrics = {kMean};
  const std::string line = std::string("not compared: ") + kMean + ": locks.L.contended is 0 ";
  const cli::CompareResult gone = compare_files(request);
  CHECK_FALSE(gone.failed());
  CHECK(gone.changes.empty());
  REQUIRE(gone.not_compared.size() == 4);
  CHECK_THAT(text_of(gone), ContainsSubstring(line + "in the new store, at threads.0.count=2"));
  CHECK_THAT(text_of(gone), ContainsSubstring(line + "on both sides, at 3 points"));
  CHECK_THAT(cli::compare_cases(gone).at(0).skipped, ContainsSubstring("is 0 in the new store"));
  std::ostringstream json;
  write_compare_json(json, request, gone);
  CHECK_THAT(json.str(), ContainsSubstring("\"not_compared\"") && ContainsSubstring(kMean));
  std::swap(request.old_file, request.new_file);
  CHECK_THAT(text_of(compare_files(request)), ContainsSubstring(line + "in the old store"));
  request.metrics.clear();
  request.all = true;
  CHECK(compare_files(request).not_compared.size() == 1);
}

TEST_CASE("compare tells of a mean that a report has over nothing", "[store]") {
  const tests::TempDir directory;
  const auto report = [&](const char* name, const char* contended, const char* mean) {
    directory.write(
        name, std::string(R"({"schema": "sockbufsim/report/1", "locks": [{"name": "L",)") +
                  R"("contended": )" + contended + R"(, "wait_ns": {"mean_contended": )" + mean +
                  "}}]}");
    return directory.file(name);
  };
  cli::CompareRequest request;
  request.old_file = report("old.json", "4", "100");
  request.new_file = report("new.json", "0", "0");
  request.metrics = {kMean};
  const std::string line = std::string("not compared: ") + kMean + ": locks.L.contended is 0 ";
  CHECK_THAT(text_of(compare_files(request)), ContainsSubstring(line + "in the new report"));
  std::swap(request.old_file, request.new_file);
  CHECK_THAT(text_of(compare_files(request)), ContainsSubstring(line + "in the old report"));
}
