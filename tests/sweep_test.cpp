// SPDX-License-Identifier: BSD-2-Clause
//
// Sweeps within this process: what workers do to the store, and what it has in the end.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "cli/errors.hpp"
#include "cli/store/export.hpp"
#include "cli/store/merge.hpp"
#include "cli/store/store.hpp"
#include "cli/study/analysis.hpp"
#include "cli/sweep/plan.hpp"
#include "cli/sweep/sweep.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_study.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;

/// AddressSanitizer takes terabytes of address space for itself: no limit on it can be kept.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kHasShadowMemory = true;
#else
constexpr bool kHasShadowMemory = false;
#endif

int no_more(const cli::Precision&, const cli::PrecisionValues& values) {
  return static_cast<int>(values.size());
}

cli::SweepOptions options_for(const std::string& store, int jobs = 2) {
  cli::SweepOptions options;
  options.store = store;
  options.jobs = jobs;
  return options;
}

std::string csv_of(const std::string& store) {
  std::ostringstream out;
  cli::write_results_csv(out, cli::read_results(store));
  return out.str();
}

std::size_t failed_runs(const cli::Results& results) {
  return static_cast<std::size_t>(
      std::count_if(results.runs.begin(), results.runs.end(),
                    [](const cli::Run& run) { return !run.has_results(); }));
}

/// The real simulation, but where `trap` says so something else happens first.
using Trap = std::function<void(const models::RunRequest&)>;
cli::Simulate trapped(const Trap& trap) {
  return [trap](const models::RunRequest& request) {
    trap(request);
    return models::simulate(request);
  };
}

/// The sample's second point: two threads that hold for 400 ns.
bool is_second_point(const models::RunRequest& request) {
  return request.scenario->canonical().find("\"count\":2") != std::string::npos &&
         request.scenario->canonical().find("\"hold_ns\":400") != std::string::npos;
}

}  // namespace

TEST_CASE("a sweep makes what is missing, and then nothing", "[sweep]") {
  const tests::TempDir directory;
  const std::string path = directory.file("a.db");
  const cli::Study study = test::sample_study();
  const cli::SweepSummary first = cli::sweep(study, options_for(path), no_more);
  CHECK(first.made == 8);
  CHECK(first.there == 0);
  CHECK(first.failed.empty());
  CHECK(first.incidents.empty());
  const std::string csv = csv_of(path);
  CHECK(cli::sweep(study, options_for(path), no_more).made == 0);
  CHECK(csv_of(path) == csv);

  cli::SweepOptions more = options_for(path);
  more.plan.replications = 5;
  const cli::SweepSummary second = cli::sweep(study, more, no_more);
  CHECK(second.made == 12);
  CHECK(second.there == 8);
  CHECK(std::filesystem::file_size(path) > 0);
  CHECK_FALSE(std::filesystem::exists(path + "-wal"));
}

TEST_CASE("rows do not depend on jobs, shards, engine or worker", "[sweep]") {
  const tests::TempDir directory;
  const cli::Study study = test::sample_study();
  const std::string whole = directory.file("whole.db");
  cli::sweep(study, options_for(whole, 1), no_more);
  const std::string csv = csv_of(whole);
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 9);

  const std::string many = directory.file("many.db");
  cli::sweep(study, options_for(many, 7), no_more);
  CHECK(csv_of(many) == csv);

  std::vector<std::string> parts;
  for (std::size_t i = 1; i <= 3; ++i) {
    parts.push_back(directory.file("part" + std::to_string(i)));
    cli::SweepOptions options = options_for(parts.back());
    options.plan.shard = {i, 3};
    cli::sweep(study, options, no_more);
  }
  cli::merge_stores(parts, directory.file("merged.db"));
  CHECK(csv_of(directory.file("merged.db")) == csv);
  std::reverse(parts.begin(), parts.end());
  parts.push_back(whole);
  cli::merge_stores(parts, directory.file("again.db"));
  CHECK(csv_of(directory.file("again.db")) == csv);

  cli::SweepOptions simgrid = options_for(directory.file("simgrid.db"));
  simgrid.engine = "simgrid";
  cli::sweep(study, simgrid, no_more);
  const cli::Results slow = cli::read_results(simgrid.store);
  const cli::Results fast = cli::read_results(whole);
  REQUIRE(slow.runs.size() == fast.runs.size());
  for (std::size_t i = 0; i < slow.runs.size(); ++i) {
    CHECK(slow.runs[i].fingerprint == fast.runs[i].fingerprint);
    CHECK(slow.runs[i].metrics == fast.runs[i].metrics);
  }
}

TEST_CASE("a run that crashes, hangs, throws or eats memory is one failed row", "[sweep]") {
  struct Case {
    std::string status;
    std::string reason;
    Trap trap;
  };
  const std::vector<Case> cases = {
      {"crashed", "signal 11", [](const models::RunRequest&) { std::raise(SIGSEGV); }},
      {"crashed", "exit status 3", [](const models::RunRequest&) { ::_exit(3); }},
      {"error", "out of order",
       [](const models::RunRequest&) { throw std::runtime_error("out of order"); }},
      {"timeout", "took longer than 0.5 s",
       [](const models::RunRequest&) {
         for (;;) ::pause();
       }},
      {"out_of_memory", "needed more than 600 MiB", [](const models::RunRequest&) {
         std::vector<std::string> all;
         for (;;) all.emplace_back(1U << 20U, 'x');
       }}};
  const cli::Study study = test::sample_study();
  for (const Case& item : cases) {
    INFO(item.reason);
    if (kHasShadowMemory && item.status == "out_of_memory") continue;
    const tests::TempDir directory;
    cli::SweepOptions options = options_for(directory.file("a.db"));
    if (item.status == "timeout") options.timeout_s = 0.5;
    if (item.status == "out_of_memory") options.memory_mib = 600;
    const cli::Simulate bad = trapped([&](const models::RunRequest& request) {
      if (is_second_point(request) && request.replication == 1) item.trap(request);
    });
    const cli::SweepSummary summary = cli::sweep(study, options, no_more, bad);
    REQUIRE(summary.failed.size() == 1);
    CHECK(summary.failed[0].point == 1);
    CHECK(summary.failed[0].replication == 1);
    const cli::Results results = cli::read_results(options.store);
    CHECK(results.runs.size() == 8);
    REQUIRE(failed_runs(results) == 1);
    const cli::Run& failed = results.runs[3];
    CHECK(failed.status == item.status);
    CHECK_THAT(failed.reason, ContainsSubstring(item.reason));
    CHECK(failed.metrics.empty());
    CHECK(failed.rerun ==
          "sockbufsim run locks.json --set threads.0.count=2 --set threads.0.hold_ns=400 --seed 7 "
          "--engine fiber --replication 1");

    cli::SweepOptions keep = options;
    keep.plan.keep_failed = true;
    CHECK(cli::sweep(study, keep, no_more).made == 0);
    const cli::SweepSummary again = cli::sweep(study, options, no_more);
    CHECK(again.made == 1);
    CHECK(again.failed.empty());
    const std::string whole = directory.file("whole.db");
    cli::sweep(study, options_for(whole), no_more);
    CHECK(csv_of(options.store) == csv_of(whole));
  }
}

TEST_CASE("a worker that is killed from outside costs nothing the first time", "[sweep]") {
  const tests::TempDir directory;
  const cli::Study study = test::sample_study();
  const std::string mark = directory.file("killed");
  const cli::Simulate once = trapped([&](const models::RunRequest& request) {
    if (!is_second_point(request) || std::filesystem::exists(mark)) return;
    std::ofstream(mark) << "x";
    std::raise(SIGKILL);
  });
  CHECK(cli::sweep(study, options_for(directory.file("a.db")), no_more, once).failed.empty());
  const cli::Simulate always = trapped([](const models::RunRequest& request) {
    if (is_second_point(request)) std::raise(SIGKILL);
  });
  const cli::SweepSummary summary =
      cli::sweep(study, options_for(directory.file("b.db")), no_more, always);
  CHECK(summary.failed.size() == 2);
  CHECK(cli::read_results(directory.file("b.db")).runs[2].status == "out_of_memory");
}

TEST_CASE("precision decides by results alone", "[sweep]") {
  const tests::TempDir directory;
  cli::Study study = test::sample_study();
  study.precision = cli::Precision{"locks.L.acquisitions", 0.01, 2, 7};
  // As many as the first value's digits say: differs from point to point.
  const cli::Wanted wanted = [](const cli::Precision&, const cli::PrecisionValues& values) {
    return 3 + static_cast<int>(*values.front()) % 6;
  };
  const std::string whole = directory.file("whole.db");
  cli::sweep(study, options_for(whole, 1), wanted);
  const std::string csv = csv_of(whole);
  const cli::Results results = cli::read_results(whole);
  for (const cli::Point& point : study.points) {
    std::vector<const cli::Run*> runs;
    for (const cli::Run& run : results.runs) {
      if (run.point == point.hash) runs.push_back(&run);
    }
    REQUIRE(runs.size() >= 2);
    const int expected =
        std::min(7, 3 + static_cast<int>(*runs[0]->metric("locks.L.acquisitions")) % 6);
    CHECK(static_cast<int>(runs.size()) == expected);
  }
  const std::string parts = directory.file("parts.db");
  cli::SweepOptions two = options_for(parts, 3);
  two.plan.replications = 2;
  cli::sweep(study, two, wanted);
  cli::sweep(study, options_for(parts, 3), wanted);
  CHECK(csv_of(parts) == csv);
  CHECK(cli::sweep(study, options_for(parts, 3), wanted).made == 0);
}

TEST_CASE("a precision that is not reached is told", "[sweep]") {
  const tests::TempDir directory;
  cli::Study study = test::sample_study();
  study.precision = cli::Precision{"locks.L.acquisitions", 1e-9, 2, 3};
  const cli::Wanted never = [](const cli::Precision&, const cli::PrecisionValues& values) {
    return static_cast<int>(values.size()) * 2;
  };
  const std::string store = directory.file("a.db");
  for (int time = 0; time < 2; ++time) {  // the second one has nothing to run
    const cli::SweepSummary summary = cli::sweep(study, options_for(store), never);
    REQUIRE(summary.imprecise.size() == study.points.size());
    const cli::Imprecise& first = summary.imprecise[0];
    CHECK(first.point == 0);
    CHECK(first.runs == 3);
    CHECK(first.half_width_rel > 0.0);
    CHECK(first.why.empty());
    CHECK_THAT(cli::imprecise_text(study, first),
               ContainsSubstring("threads.0.count=2, threads.0.hold_ns=100: locks.L.acquisitions "
                                 "is known to ") &&
                   ContainsSubstring(" %, not 1e-07 %, by 3 runs, the most allowed"));
  }
  study.precision->half_width_rel = 0.9;
  CHECK(cli::sweep(study, options_for(store), never).imprecise.empty());
  study.precision->half_width_rel = 1e-9;
  cli::SweepOptions counted = options_for(store);
  counted.plan.replications = 2;  // instead of the precision
  CHECK(cli::sweep(study, counted, never).imprecise.empty());
  study.precision->metric = "locks.L.nothing";
  const cli::SweepSummary nowhere = cli::sweep(study, options_for(store), never);
  REQUIRE(nowhere.imprecise.size() == study.points.size());
  CHECK_THAT(cli::imprecise_text(study, nowhere.imprecise[0]),
             ContainsSubstring("is not known to 1e-07 %: 2 of 2 runs have no such number"));
}

TEST_CASE("a precision goes on where some runs have the mean over nothing", "[sweep]") {
  cli::Study study = test::sample_study();
  study.points.resize(1);
  study.precision = cli::Precision{"locks.L.wait_ns.mean_contended", 0.1, 3, 6};
  const std::map<cli::RunKey, std::string> statuses;
  const std::map<cli::RunKey, double> values;
  cli::Plan plan(study, {}, statuses, values, [](const auto& precision, const auto& known) {
    return cli::replications_wanted(precision, known);
  });
  const std::vector<std::optional<double>> found = {std::nullopt, 10.0, std::nullopt, 90.0};
  std::size_t runs = 0;
  while (const auto task = plan.next()) {
    plan.note(*task, "ok", found[static_cast<std::size_t>(task->replication) % found.size()]);
    ++runs;
  }
  CHECK(runs == 6);
  REQUIRE(plan.imprecise().size() == 1);
  CHECK_THAT(cli::imprecise_text(study, plan.imprecise()[0]),
             ContainsSubstring("by 6 runs, the most allowed; it is over nothing in 3 of 6 runs"));

  cli::Plan nowhere(study, {}, statuses, values, [](const auto&, const auto&) { return 6; });
  while (const auto task = nowhere.next()) nowhere.note(*task, "ok", std::nullopt);
  REQUIRE(nowhere.imprecise().size() == 1);
  CHECK(nowhere.imprecise()[0].runs == 3);
  CHECK_THAT(cli::imprecise_text(study, nowhere.imprecise()[0]),
             ContainsSubstring("is not known to 10 %: it is over nothing in 3 of 3 runs"));
}

TEST_CASE("every point is in one shard", "[sweep]") {
  const cli::Study study = test::sample_study();
  for (std::size_t count = 1; count <= 6; ++count) {
    std::vector<int> times(study.points.size(), 0);
    for (std::size_t i = 1; i <= count; ++i) {
      const std::vector<bool> chosen = cli::points_of_shard(study, {i, count});
      for (std::size_t p = 0; p < chosen.size(); ++p) times[p] += chosen[p] ? 1 : 0;
    }
    CHECK(times == std::vector<int>(study.points.size(), 1));
  }
  CHECK(cli::parse_shard("2/8").index == 2);
  CHECK(cli::parse_shard("2/8").count == 8);
  for (const char* bad : {"", "1", "0/2", "3/2", "1/0", "a/2", "1/2/3", "-1/2", "1/2x"}) {
    INFO(bad);
    CHECK_THROWS_AS(cli::parse_shard(bad), cli::UsageError);
  }
}

TEST_CASE("shards are added to a store that has more already", "[store]") {
  const tests::TempDir directory;
  const cli::Study study = test::sample_study();
  cli::Study other = study;
  other.name = "other";
  const std::string whole = directory.file("whole.db");
  const std::string first = directory.file("1.db");
  const std::string second = directory.file("2.db");
  cli::sweep(other, options_for(whole), no_more);
  const std::string kept = csv_of(whole);
  for (const auto& [path, index] : {std::pair(first, 1), std::pair(second, 2)}) {
    cli::SweepOptions options = options_for(path);
    options.plan.shard = {static_cast<std::size_t>(index), 2};
    options.plan.replications = 3;
    cli::sweep(study, options, no_more);
  }
  cli::merge_into({first, second}, whole);
  const auto csv = [&](const std::string& name) {
    std::ostringstream out;
    cli::write_results_csv(out, cli::read_results(whole, name));
    return out.str();
  };
  CHECK(cli::read_results(whole, study.name).runs.size() == study.points.size() * 3);
  const std::string added = csv(study.name);
  cli::merge_into({second, first}, whole);  // again, after an interruption
  CHECK(csv(study.name) == added);
  const std::string others = csv("other");
  CHECK(others.substr(0, kept.find('\n')) == kept.substr(0, kept.find('\n')));
  CHECK(cli::study_names(whole) == std::vector<std::string>{"other", study.name});
  // The same parts into nothing.
  const std::string fresh = directory.file("fresh.db");
  cli::merge_into({first, second}, fresh);
  CHECK(csv_of(fresh) == added);
  CHECK(std::distance(std::filesystem::directory_iterator(directory.file("")),
                      std::filesystem::directory_iterator()) == 4);
}

TEST_CASE("what contradicts the store is not added to it", "[store]") {
  const tests::TempDir directory;
  cli::Study study = test::sample_study();
  const std::string whole = directory.file("whole.db");
  const std::string part = directory.file("part.db");
  cli::sweep(study, options_for(whole), no_more);
  const std::string version = cli::read_results(whole).version;
  const auto run_with = [&](int replication, const char* status, const char* fingerprint) {
    cli::StoredRun run;
    run.point = study.points[0].hash;
    run.seed = 7;
    run.replication = replication;
    run.status = status;
    run.fingerprint = fingerprint;
    return run;
  };
  {
    cli::Store store(part);
    store.define(study, version, std::vector<std::string>(study.points.size(), "again"));
    store.add({run_with(0, "crashed", "")}, version);
  }
  cli::merge_into({part}, whole);  // a failed run takes nothing away
  CHECK(failed_runs(cli::read_results(whole)) == 0);
  {
    cli::Store store(part);
    store.add({run_with(0, "ok", "0000000000000001")}, version);
  }
  std::ifstream file(whole, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  CHECK_THROWS_WITH(cli::merge_into({part}, whole), ContainsSubstring("one run has two results"));
  std::ifstream again(whole, std::ios::binary);
  CHECK(std::string{std::istreambuf_iterator<char>(again), {}} == bytes);
}

TEST_CASE("stores that contradict each other are not merged", "[store]") {
  const tests::TempDir directory;
  cli::Study study = test::sample_study();
  const std::string a = directory.file("a.db");
  const std::string b = directory.file("b.db");
  const std::string out = directory.file("out.db");
  cli::sweep(study, options_for(a), no_more);
  std::filesystem::copy_file(a, b);
  CHECK_THROWS_WITH(cli::merge_stores({a, b}, b), ContainsSubstring("allowed: a new file"));
  {
    cli::Store store(b);
    cli::StoredRun other;
    other.point = study.points[0].hash;
    other.seed = 7;
    other.replication = 4;
    other.status = "ok";
    other.fingerprint = "0000000000000001";
    store.add({other}, cli::read_results(a).version);
  }
  {
    cli::SweepOptions options = options_for(a);
    options.plan.replications = 5;
    cli::sweep(study, options, no_more);
  }
  CHECK_THROWS_WITH(cli::merge_stores({a, b}, out),
                    ContainsSubstring("one run has two results") &&
                        ContainsSubstring(study.points[0].hash + ", seed 7, replication 4"));
  study.points.pop_back();
  const std::string c = directory.file("c.db");
  cli::sweep(study, options_for(c), no_more);
  CHECK_THROWS_WITH(cli::merge_stores({a, c}, out),
                    ContainsSubstring("different factors or points"));
  CHECK_FALSE(std::filesystem::exists(out));
  CHECK(std::distance(std::filesystem::directory_iterator(directory.file("")),
                      std::filesystem::directory_iterator()) == 3);
}
