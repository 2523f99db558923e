// SPDX-License-Identifier: BSD-2-Clause
//
// What changed between two stores, or two reports.
#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/compare/compare.hpp"
#include "cli/errors.hpp"
#include "cli/store/store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_study.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using cli::ChangeVerdict;
using Values = std::vector<double>;

constexpr const char* kMetric = "throughput.goodput_gbps";

/// A store with the sample study, and the metric's values of one point.
std::string store_with(const tests::TempDir& dir, const std::string& name, const Values& values,
                       std::int64_t seed = 7, std::size_t point = 0) {
  cli::Study study = test::sample_study();
  for (cli::Point& known : study.points) known.seed = seed;
  std::string path = dir.file(name);
  cli::Store store(path);
  store.define(study, "1", std::vector<std::string>(study.points.size(), "again"));
  std::vector<cli::StoredRun> runs;
  for (std::size_t i = 0; i < values.size(); ++i) {
    cli::StoredRun& run = runs.emplace_back();
    run.point = study.points[point].hash;
    run.seed = seed;
    run.replication = static_cast<int>(i);
    run.status = "ok";
    run.fingerprint = fmt::format("{:016x}", i);
    run.metrics = {{kMetric, "Gb/s", values[i]}};
  }
  store.add(runs, "1");
  return path;
}

/// Runs of the first point that ended without results.
void add_failures(const std::string& path, const std::vector<int>& replications,
                  const std::string& status) {
  std::vector<cli::StoredRun> runs;
  for (const int replication : replications) {
    cli::StoredRun& run = runs.emplace_back();
    run.point = test::sample_study().points[0].hash;
    run.seed = 7;
    run.replication = replication;
    run.status = status;
  }
  cli::Store(path).add(runs, "1");
}

std::string report_with(const tests::TempDir& dir, const std::string& name,
                        const std::string& rest) {
  std::string path = dir.file(name);
  std::ofstream(path) << R"({"schema": "sockbufsim/report/1", "throughput": )" << rest << "}";
  return path;
}

cli::CompareRequest request_for(const std::string& before, const std::string& after) {
  cli::CompareRequest request;
  request.old_file = before;
  request.new_file = after;
  return request;
}

std::string complaint(const cli::CompareRequest& request) {
  try {
    (void)cli::compare_files(request);
  } catch (const cli::UsageError& error) {
    return error.what();
  }
  return "";
}

// numbers.md 4.12: the same five replications of two variants.
const Values kA = {9.31, 9.28, 9.35, 9.30, 9.27};
const Values kB = {8.11, 8.09, 8.17, 8.08, 8.06};

}  // namespace

TEST_CASE("stores are compared replication by replication", "[compare]") {
  const tests::TempDir dir;
  auto request = request_for(store_with(dir, "a.db", kB), store_with(dir, "b.db", kA));
  request.tolerances.relative = 0.2;
  const cli::CompareResult result = cli::compare_files(request);
  REQUIRE(result.changes.size() == 1);
  const cli::Change& change = result.changes[0];
  CHECK(change.metric == kMetric);
  CHECK(change.difference.value == Approx(1.2));
  CHECK(change.difference.half_width() == Approx(0.019629).epsilon(2e-4));
  CHECK(change.difference.paired);
  CHECK(change.relative == Approx(1.2 / 8.102));
  CHECK(change.verdict == ChangeVerdict::within);
  CHECK_FALSE(result.failed());
}

// By hand: variances 0.00097 and 0.00177, standard error 0.023409, 7.371 degrees of freedom.
TEST_CASE("stores of other seeds do not pair up", "[compare]") {
  const tests::TempDir dir;
  const auto request =
      request_for(store_with(dir, "a.db", kB), store_with(dir, "b.db", kA, /*seed=*/8));
  const cli::Change change = cli::compare_files(request).changes.at(0);
  CHECK_FALSE(change.difference.paired);
  CHECK(change.difference.half_width() == Approx(0.05479).epsilon(1e-3));
}

TEST_CASE("only a proven difference beyond the tolerance fails", "[compare]") {
  const tests::TempDir dir;
  const std::string a = store_with(dir, "a.db", {1.0, 2.0, 3.0});
  const auto verdict = [&](const char* name, const Values& values, double tolerance) {
    auto request = request_for(a, store_with(dir, name, values));
    request.tolerances.relative = tolerance;
    return cli::compare_files(request).changes.at(0).verdict;
  };
  CHECK(verdict("same.db", {1.0, 2.0, 3.0}, 0.0) == ChangeVerdict::same);
  CHECK(verdict("noise.db", {1.5, 1.4, 3.2}, 0.0) == ChangeVerdict::unproven);
  CHECK(verdict("up.db", {1.2, 2.2, 3.2}, 0.05) == ChangeVerdict::beyond);
  CHECK(verdict("down.db", {0.8, 1.8, 2.8}, 0.05) == ChangeVerdict::beyond);
  CHECK(verdict("small.db", {1.2, 2.2, 3.2}, 0.15) == ChangeVerdict::within);
}

TEST_CASE("a tolerance for one metric goes before that for all", "[compare]") {
  const cli::Tolerances tolerances =
      cli::parse_tolerances({"5%", "locks.so_rcv.contended_fraction=0.5%"});
  CHECK(tolerances.of("x") == Approx(0.05));
  CHECK(tolerances.of("locks.so_rcv.contended_fraction") == Approx(0.005));
  for (const char* bad : {"5", "five%", "-1%", "%", "x=", "x=5", "nan%", "5%%"}) {
    INFO(bad);
    CHECK_THROWS_AS(cli::parse_tolerances({bad}), cli::UsageError);
  }
}

// The mean of all five old runs is 3: what is shown must be what the change is made of.
TEST_CASE("of unequal numbers of runs the pairs are shown and compared", "[compare]") {
  const tests::TempDir dir;
  const std::string three = store_with(dir, "three.db", {1.0, 2.0, 6.0});
  const std::string five = store_with(dir, "five.db", {1.1, 2.1, 6.1, 20.0, 30.0});
  const cli::CompareResult result = cli::compare_files(request_for(three, five));
  const cli::Change change = result.changes.at(0);
  CHECK(change.from == Approx(3.0));
  CHECK(change.to == Approx(3.1));
  CHECK(change.difference.value == Approx(change.to - change.from));
  CHECK(change.relative == Approx(0.1 / 3.0));
  CHECK(change.old_runs == 3);
  CHECK(change.new_runs == 3);
  CHECK(change.old_left_out == 0);
  CHECK(change.new_left_out == 2);
  std::ostringstream text;
  cli::write_compare_text(text, result, false);
  CHECK_THAT(text.str(), ContainsSubstring("3 pairs") &&
                             ContainsSubstring("2 new runs without a counterpart left out"));
  std::ostringstream json;
  cli::write_compare_json(json, request_for(three, five), result);
  CHECK_THAT(json.str(), ContainsSubstring("\"left_out\": {\n        \"old\": 0,\n"
                                           "        \"new\": 2\n"));
  std::ostringstream csv;
  cli::write_compare_csv(csv, result);
  CHECK_THAT(csv.str(), ContainsSubstring(",3,3,0,2,0,0,0\n"));

  // What has a counterpart is the same.
  const std::string more = store_with(dir, "more.db", {1.0, 2.0, 6.0, 20.0});
  CHECK(cli::compare_files(request_for(more, three)).changes.at(0).verdict == ChangeVerdict::same);
}

TEST_CASE("runs that failed are told, and lost where the old store had them", "[compare]") {
  const tests::TempDir dir;
  const std::string before = store_with(dir, "old.db", {1.0, 2.0, 3.0});
  const std::string two = store_with(dir, "two.db", {1.0, 2.0});
  const std::string one = store_with(dir, "one.db", {1.0});
  const std::string none = store_with(dir, "none.db", {});
  add_failures(two, {2}, "timeout");
  add_failures(one, {1, 2, 3}, "crashed");
  add_failures(none, {0, 1, 2}, "timeout");

  const cli::CompareResult some = cli::compare_files(request_for(before, two));
  REQUIRE(some.failures.size() == 1);
  CHECK(some.failures[0].in_new == 1);
  CHECK(some.failures[0].lost == 1);
  CHECK(some.failed());
  CHECK_FALSE(some.changes.at(0).failed());
  std::ostringstream text;
  cli::write_compare_text(text, some, false);
  CHECK_THAT(text.str(),
             ContainsSubstring("LOST threads.0.count=2, threads.0.hold_ns=100: failed in the new "
                               "store: 1 timeout; 1 of them has results in the old store\n") &&
                 ContainsSubstring("1 run lost\n"));
  CHECK_THAT(cli::compare_cases(some).back().failure, ContainsSubstring("1 timeout"));
  std::ostringstream json;
  cli::write_compare_json(json, request_for(before, two), some);
  CHECK_THAT(json.str(), ContainsSubstring("\"failures\": [") && ContainsSubstring("\"lost\": 1") &&
                             ContainsSubstring("\"passed\": false"));
  CHECK(cli::compare_files(request_for(before, one)).failures.at(0).lost == 2);

  // All of them: nothing is left to compare, which is no reason to say nothing.
  const cli::CompareResult all = cli::compare_files(request_for(before, none));
  CHECK(all.failures.at(0).lost == 3);
  REQUIRE(all.changes.size() == 1);
  CHECK(all.changes[0].verdict == ChangeVerdict::lost);
  CHECK(all.failed());

  // The other way round they are told, and nothing is lost.
  const cli::CompareResult back = cli::compare_files(request_for(two, before));
  CHECK(back.failures.at(0).in_old == 1);
  CHECK(back.lost_runs() == 0);
  CHECK_FALSE(back.failed());
  std::ostringstream note;
  cli::write_compare_text(note, back, false);
  CHECK_THAT(note.str(), ContainsSubstring("note: threads.0.count=2, threads.0.hold_ns=100: failed "
                                           "in the old store: 1 timeout\n"));
}

TEST_CASE("points that are missing fail and are named", "[compare]") {
  const tests::TempDir dir;
  const cli::Study study = test::sample_study();
  const std::string both = store_with(dir, "both.db", {1.0, 2.0});
  {
    cli::Store store(both);
    cli::StoredRun run;
    run.point = study.points[3].hash;
    run.seed = 7;
    run.status = "ok";
    run.fingerprint = "1";
    run.metrics = {{kMetric, "Gb/s", 4.0}};
    store.add({run}, "1");
  }
  const std::string one = store_with(dir, "one.db", {1.0, 2.0});
  const cli::CompareResult less = cli::compare_files(request_for(both, one));
  REQUIRE(less.only_old.size() == 1);
  CHECK_THAT(less.only_old[0], ContainsSubstring("threads.0.count=4"));
  CHECK(less.failed());
  const cli::CompareResult more = cli::compare_files(request_for(one, both));
  CHECK(more.only_new.size() == 1);
  CHECK_FALSE(more.failed());
}

TEST_CASE("reports are compared by their summaries, or number by number", "[compare]") {
  const tests::TempDir dir;
  const std::string one = report_with(dir, "one.json", R"({"goodput_gbps": 9.0})");
  const std::string two = report_with(dir, "two.json", R"({"goodput_gbps": 8.0})");
  const cli::Change single = cli::compare_files(request_for(one, two)).changes.at(0);
  CHECK(single.difference.value == Approx(-1.0));
  CHECK_FALSE(single.difference.has_interval());
  CHECK(single.verdict == ChangeVerdict::beyond);
  CHECK(cli::compare_files(request_for(one, one)).changes.at(0).verdict == ChangeVerdict::same);

  // Half-widths of kA and kB by Student's t; their difference is Welch's.
  const auto summary = [&](const char* name, double mean, double half_width) {
    return report_with(dir, name,
                       fmt::format(R"({{}}, "summary": [{{"metric": "{}", "mean": {},)"
                                   R"( "half_width": {}, "n": 5}}])",
                                   kMetric, mean, half_width));
  };
  const cli::Change means = cli::compare_files(request_for(summary("b.json", 8.102, 0.0522382),
                                                           summary("a.json", 9.302, 0.0386706)))
                                .changes.at(0);
  CHECK(means.difference.value == Approx(1.2));
  CHECK(means.difference.half_width() == Approx(0.05479).epsilon(1e-3));
  CHECK_FALSE(means.difference.paired);
}

TEST_CASE("what cannot be compared is refused", "[compare]") {
  const tests::TempDir dir;
  const std::string store = store_with(dir, "a.db", kA);
  const std::string report = report_with(dir, "a.json", R"({"goodput_gbps": 9.0})");
  const std::string other = dir.write("b.json", "{\"schema\": \"something\"}");
  CHECK_THAT(complaint(request_for(store, report)),
             ContainsSubstring("a store and something else"));
  CHECK_THAT(complaint(request_for(report, other)), ContainsSubstring("no report"));
  CHECK_THAT(complaint(request_for(report, dir.file("none"))),
             ContainsSubstring("found no such file"));
  const std::string odd =
      dir.write("odd.json", R"({"schema": "sockbufsim/report/1", "summary": [5]})");
  CHECK_THAT(complaint(request_for(report, odd)), ContainsSubstring("no report that this version"));
  CHECK_THAT(complaint(request_for(store, store_with(dir, "c.db", kA, 7, 2))),
             ContainsSubstring("no point in common"));
  auto request = request_for(store, store);
  request.metrics = {"throughput.goodput_gbp"};
  CHECK_THAT(complaint(request), ContainsSubstring("Did you mean \"throughput.goodput_gbps\"?"));
  request.metrics.clear();
  request.tolerances.by_metric["nic.interrupts"] = 0.1;
  CHECK_THAT(complaint(request), EndsWith("a metric that is compared: throughput.goodput_gbps"));
  request.tolerances.by_metric.clear();
  request.metrics = {"nope"};
  CHECK_THAT(complaint(request), EndsWith("; --all compares them all"));
}

TEST_CASE("a comparison as text, CSV and JUnit", "[compare]") {
  const tests::TempDir dir;
  const auto request = request_for(store_with(dir, "a.db", kA), store_with(dir, "b.db", kB));
  const cli::CompareResult result = cli::compare_files(request);
  CHECK(result.failed());
  std::ostringstream text;
  cli::write_compare_text(text, result, false);
  CHECK_THAT(text.str(), ContainsSubstring("LOWER by more than 0 %"));
  CHECK_THAT(text.str(), ContainsSubstring("1 of 1 figures beyond their tolerance"));
  std::ostringstream csv;
  cli::write_compare_csv(csv, result);
  CHECK_THAT(csv.str(), ContainsSubstring(",throughput.goodput_gbps,9.302,8.102,"));
  const std::vector<cli::TestCase> cases = cli::compare_cases(result);
  REQUIRE(cases.size() == 3);
  CHECK_THAT(cases[0].failure, ContainsSubstring("old 9.302, new 8.102, -12.90 %"));
  CHECK(cases[1].failure.empty());
}
