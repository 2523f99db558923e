// SPDX-License-Identifier: BSD-2-Clause
//
// Figures of distributions against the times that they are made of.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/plot/curve.hpp"
#include "cli/plot/figures.hpp"
#include "models/report/measure.hpp"
#include "sim/base/random.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using tests::bytes_of;
using tests::sockbufsim;

namespace {

/// Exponential times of mean 100 ns, in ps, and as many zeros as `zeros`.
std::vector<std::int64_t> known_times(int count, int zeros) {
  sim::Stream draws(11, 0, "times");
  std::vector<std::int64_t> times(static_cast<std::size_t>(zeros), 0);
  for (int i = 0; i < count; ++i) {
    times.push_back(1 + static_cast<std::int64_t>(draws.exponential(1e5)));
  }
  return times;
}

/// What a report with histograms says of `times`.
cli::Distribution distribution_of(const std::vector<std::int64_t>& times) {
  sim::Histogram histogram;
  for (const std::int64_t ps : times) histogram.add(ps);
  models::Observe observe;
  observe.histograms = true;
  const models::TimeStats stats = models::time_stats(histogram, observe);
  cli::Distribution known;
  known.count = stats.count;
  known.value_of_quantile = {{0.5, stats.p50}, {0.99, stats.p99}, {1.0, stats.max}};
  for (const models::BucketReport& bucket : stats.histogram) {
    known.buckets[{bucket.lower_ns, bucket.upper_ns}] = bucket.count;
  }
  return known;
}

/// The share of `times` from `from_ns` on and before `to_ns`.
double share_within(const std::vector<std::int64_t>& times, double from_ns, double to_ns) {
  const auto within = std::count_if(times.begin(), times.end(), [&](std::int64_t ps) {
    return static_cast<double>(ps) >= from_ns * 1e3 - 1e-6 &&
           static_cast<double>(ps) < to_ns * 1e3 - 1e-6;
  });
  return static_cast<double>(within) / static_cast<double>(times.size());
}

cli::ReportCase case_of(const std::string& label, const cli::Distribution& time) {
  cli::ReportCase report;
  report.label = label;
  report.times["locks.l.wait_ns"] = time;
  return report;
}

constexpr double kPicosecond = 1e-3;  // ns

}  // namespace

TEST_CASE("A curve of buckets is the distribution function at all its points", "[plot]") {
  const std::vector<std::int64_t> times = known_times(5000, 1000);
  const cli::Curve curve = cli::curve_of("x", distribution_of(times));
  CHECK(curve.of_buckets);
  CHECK(curve.share_of_zero == Approx(1.0 / 6));
  REQUIRE(curve.points.size() > 500);
  for (const cli::KnownPoint& point : curve.points) {
    CHECK(point.share == Approx(share_within(times, 0.0, point.time + kPicosecond)).epsilon(1e-9));
  }
  CHECK(curve.points.back().share == 1.0);
}

TEST_CASE("Steps of buckets are counted, and add up", "[plot]") {
  const std::vector<std::int64_t> times = known_times(5000, 1000);
  const cli::Curve curve = cli::curve_of("x", distribution_of(times));
  double sum = curve.share_of_zero;
  double end = 0.0;
  for (const cli::ShareStep& step : curve.steps) {
    CHECK(step.from >= end);
    CHECK(step.to <= step.from * 1.126);  // an eighth of a power of two
    CHECK(step.share == Approx(share_within(times, step.from, step.to)).epsilon(1e-9));
    sum += step.share;
    end = step.to;
  }
  CHECK(sum == Approx(1.0));
}

TEST_CASE("Short times and lonely ones have points of their own", "[plot]") {
  // 1 ps twice, 3 ps, and 1 us; nothing in between.
  const cli::Curve curve = cli::curve_of("x", distribution_of({1, 1, 3, 1000000}));
  REQUIRE(curve.points.size() == 5);
  CHECK(curve.points[0].time == 0.001);
  CHECK(curve.points[0].share == 0.5);
  CHECK(curve.points[1].time == Approx(0.002));
  CHECK(curve.points[1].share == 0.5);
  CHECK(curve.points[2].share == 0.75);
  CHECK(curve.points[3].share == 0.75);
  CHECK(curve.points[4].time >= 1000.0);
  CHECK(curve.steps.size() == 3);
  CHECK(cli::curve_of("x", distribution_of({0, 0})).points.empty());
}

TEST_CASE("Figures say whether a distribution was counted or guessed at", "[plot]") {
  const cli::Distribution counted = distribution_of(known_times(500, 0));
  cli::Distribution guessed = counted;
  guessed.buckets.clear();
  const std::string metric = "locks.l.wait_ns";
  const cli::Figure exact = cli::ecdf_figure({case_of("a", counted)}, metric);
  CHECK_THAT(exact.notes.front(), ContainsSubstring("from histograms: exact"));
  CHECK_THAT(exact.script(), ContainsSubstring("with lines ") && !ContainsSubstring("linespoints"));
  const cli::Figure rough = cli::ecdf_figure({case_of("a", guessed)}, metric);
  CHECK_THAT(rough.notes.front(), ContainsSubstring("known at the marks alone"));
  CHECK_THAT(rough.script(), ContainsSubstring("linespoints"));
  const cli::Figure both = cli::ecdf_figure({case_of("a", counted), case_of("b", guessed)}, metric);
  CHECK_THAT(both.notes.front(), ContainsSubstring("without marks: from histograms"));
  CHECK_THAT(cli::histogram_figure({case_of("a", counted)}, metric).notes.front(),
             ContainsSubstring("counted"));
  CHECK_THAT(cli::histogram_figure({case_of("a", guessed)}, metric).notes.front(),
             ContainsSubstring("known quantiles"));
}

TEST_CASE("A histogram goes down to nothing where nothing is", "[plot]") {
  const cli::Figure figure = cli::histogram_figure(
      {case_of("a", distribution_of({1024, 1024, 4194304}))}, "locks.l.wait_ns");
  // Two thirds of the times over an eighth of 1024 ps, from nothing up and down to nothing.
  const double density = 2.0 / 3.0 / std::log10(1.125);
  const std::string up = "1.024 0\n1.024 " + cli::gnuplot_number(density);
  const std::string down = "1.152 " + cli::gnuplot_number(density) + "\n1.152 0\n4194.304 0";
  CHECK_THAT(figure.data(), ContainsSubstring(up) && ContainsSubstring(down));
}

TEST_CASE("plot takes histograms from reports, from their means and from stores", "[plot]") {
  const tests::TempDir directory;
  directory.write("s.json", R"({"schema": "sockbufsim/scenario/1", "name": "one", "duration_ms": 3,
    "warmup_ms": 1, "machine": {"profile": "woodcrest-2007", "cores": 2, "cost_cv": 0.1},
    "traffic": {"kind": "line_rate"}, "sockets": [{"readers": [{"core": 1}]}],
    "observe": {"histograms": true}})");
  directory.write("study.json", R"({"schema": "sockbufsim/study/1", "name": "s", "base": "s.json",
    "factors": {"receive.algorithm": ["generic", "stream_inplace"]}, "replications": 2})");
  REQUIRE(sockbufsim(directory, "run s.json --out json:one.json").status == 0);
  REQUIRE(sockbufsim(directory, "run s.json --replications 2 --out json:two.json").status == 0);
  REQUIRE(sockbufsim(directory, "sweep study.json --store s.db --jobs 1").status == 0);
  for (const std::string input : {"one.json", "two.json", "s.db"}) {
    for (const std::string figure : {"ecdf", "histogram"}) {
      const auto plot = sockbufsim(directory, "plot " + input + " -o f.svg --keep --figure " +
                                                  figure + " --metric locks.so_rcv.hold_ns");
      INFO(input << " " << figure << ": " << plot.text);
      REQUIRE(plot.status == 0);
      CHECK_THAT(bytes_of(directory.file("f.gp")), ContainsSubstring("from histograms"));
      const std::string data = bytes_of(directory.file("f.dat"));
      CHECK(std::count(data.begin(), data.end(), '\n') > 60);
    }
  }
  // A report without them beside one with.
  REQUIRE(sockbufsim(directory, "run s.json --set observe.histograms=false --out json:none.json")
              .status == 0);
  CHECK(bytes_of(directory.file("none.json")).find("histogram\"") == std::string::npos);
  const auto plot = sockbufsim(
      directory, "plot one.json none.json -o f.svg --keep --metric locks.so_rcv.hold_ns");
  INFO(plot.text);
  REQUIRE(plot.status == 0);
  CHECK_THAT(bytes_of(directory.file("f.gp")), ContainsSubstring("with marks: known there alone"));
}
