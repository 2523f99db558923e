// SPDX-License-Identifier: BSD-2-Clause
//
// Worked values of output analysis. The half-widths of the two worked examples were computed with
// Student's t as tables print it, to three decimals; they are compared at that t.
#include <cmath>
#include <numeric>
#include <vector>

#include "sim/base/assert.hpp"
#include "sim/base/random.hpp"
#include "sim/observe/statistics.hpp"
#include "sim/observe/time_weighted.hpp"
#include "tests/support/catch.hpp"

using Catch::Approx;

namespace {

const std::vector<double> kWarmUp = {9, 7, 5, 3, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0};
const std::vector<double> kBatches = {4.1, 3.7, 4.4, 3.9, 4.6, 4.0, 3.8, 4.3, 4.2, 4.0};

/// What the half-width would be with the t of a printed table in place of the exact one.
double half_width_at(const sim::Interval& interval, double table_t) {
  const double exact_t = sim::student_t_quantile(0.975, static_cast<double>(interval.n - 1));
  return interval.half_width / exact_t * table_t;
}

}  // namespace

TEST_CASE("Welford gives mean and unbiased variance", "[observe]") {
  sim::Welford w;
  CHECK(w.mean() == 0.0);
  CHECK(w.variance() == 0.0);
  for (const double x : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) {
    w.add(1e9 + x);  // an offset that sums of squares would not survive
  }
  CHECK(w.count() == 8);
  CHECK(w.mean() == Approx(1e9 + 5).epsilon(1e-15));
  CHECK(w.variance() == Approx(32.0 / 7).epsilon(1e-6));
  CHECK(w.standard_deviation() == Approx(std::sqrt(32.0 / 7)).epsilon(1e-6));
}

TEST_CASE("Student's quantiles are those of the tables", "[observe]") {
  CHECK(sim::student_t_quantile(0.975, 9) == Approx(2.2621571628).epsilon(1e-10));
  CHECK(sim::student_t_quantile(0.975, 1) == Approx(12.706204736174705).epsilon(1e-12));
  CHECK(sim::student_t_quantile(0.5, 4) == Approx(0.0).margin(1e-15));
  CHECK_THROWS_AS(sim::student_t_quantile(1.0, 9), sim::InternalError);
  CHECK_THROWS_AS(sim::student_t_quantile(0.975, 0), sim::InternalError);
}

TEST_CASE("a confidence interval of one value has no width to give", "[observe]") {
  const std::vector<double> one = {5.0};
  CHECK(sim::confidence95(one).mean == 5.0);
  CHECK(std::isnan(sim::confidence95(one).half_width));
  CHECK(std::isnan(sim::confidence95({}).mean));
  CHECK(sim::confidence95({}).n == 0);
}

TEST_CASE("batch means reproduce the worked example", "[observe]") {
  const auto result = sim::batch_means(kBatches, 10);
  CHECK(result.interval.mean == Approx(4.1).epsilon(1e-12));
  CHECK(half_width_at(result.interval, 2.262) == Approx(0.199489649).margin(1e-9));
  CHECK(result.interval.half_width == Approx(0.1995035093).margin(1e-9));
  CHECK(result.interval.n == 10);
  CHECK(result.interval.low() == Approx(4.1 - 0.1995035093).margin(1e-9));
  CHECK(result.interval.high() == Approx(4.1 + 0.1995035093).margin(1e-9));
  CHECK(result.lag1 == Approx(-0.5).margin(1e-9));
}

TEST_CASE("batches leave out the earliest values that do not fill one", "[observe]") {
  const std::vector<double> values = {100, 1, 3, 5, 7, 9, 11};
  const auto result = sim::batch_means(values, 3);
  CHECK(result.means == std::vector<double>{2, 6, 10});
  CHECK_THROWS_AS(sim::batch_means(values, 1), sim::InternalError);
  CHECK_THROWS_AS(sim::batch_means(values, 8), sim::InternalError);
}

TEST_CASE("pairing by common random numbers reproduces the worked example", "[observe]") {
  const std::vector<double> a = {9.31, 9.28, 9.35, 9.30, 9.27};
  const std::vector<double> b = {8.11, 8.09, 8.17, 8.08, 8.06};
  const auto paired = sim::paired_confidence95(a, b);
  CHECK(paired.mean == Approx(1.2).epsilon(1e-12));
  CHECK(half_width_at(paired, 2.776) == Approx(0.019629284).margin(1e-9));
  CHECK(paired.n == 5);
  CHECK_THROWS_AS(sim::paired_confidence95(a, kBatches), sim::InternalError);
}

TEST_CASE("lag-1 autocorrelation knows its simple series", "[observe]") {
  const std::vector<double> alternating = {1, -1, 1, -1, 1, -1, 1, -1};
  CHECK(sim::lag1_autocorrelation(alternating) == Approx(-7.0 / 8));
  const std::vector<double> constant = {3, 3, 3};
  CHECK(sim::lag1_autocorrelation(constant) == 0.0);
  // AR(1) with phi = 0.9: the estimate is within 0.03 (over 4 standard errors) at n = 5000.
  sim::Stream stream(5, 0, "ar1");
  std::vector<double> series;
  double x = 0.0;
  for (int i = 0; i < 5'000; ++i) {
    series.push_back(x = 0.9 * x + stream.normal());
  }
  CHECK(sim::lag1_autocorrelation(series) == Approx(0.9).margin(0.03));
}

TEST_CASE("MSER reproduces the worked example", "[observe]") {
  const auto result = sim::mser(kWarmUp);
  CHECK(result.d == 4);
  CHECK(result.statistic == Approx(0.015625).epsilon(1e-12));
  CHECK(result.mean == Approx(0.5));
  CHECK_FALSE(result.at_limit);
  // The values before the minimum, each seen as the best d of a series that starts there.
  const std::vector<double> expected = {.302000, .174953, .085734, .034195};
  for (std::size_t d = 0; d < expected.size(); ++d) {
    double mean = 0.0;
    for (std::size_t i = d; i < kWarmUp.size(); ++i) {
      mean += kWarmUp[i] / static_cast<double>(kWarmUp.size() - d);
    }
    double sum = 0.0;
    for (std::size_t i = d; i < kWarmUp.size(); ++i) {
      sum += (kWarmUp[i] - mean) * (kWarmUp[i] - mean);
    }
    const auto kept = static_cast<double>(kWarmUp.size() - d);
    CHECK(sum / (kept * kept) == Approx(expected[d]).margin(5e-7));
    CHECK(result.statistic < sum / (kept * kept));
  }
}

TEST_CASE("MSER keeps at least half of the run and says when it hit that limit", "[observe]") {
  std::vector<double> ramp(20);
  std::iota(ramp.begin(), ramp.end(), 0.0);
  const auto result = sim::mser(ramp);
  CHECK(result.d == 10);
  CHECK(result.at_limit);

  const std::vector<double> steady(20, 1.5);
  CHECK(sim::mser(steady).d == 0);  // the first of equals
  CHECK(sim::mser(steady).mean == 1.5);
  CHECK_FALSE(sim::mser(steady).at_limit);
  CHECK_THROWS_AS(sim::mser({}), sim::InternalError);
}

TEST_CASE("MSER-5 works on means of five and counts single values", "[observe]") {
  std::vector<double> values;
  for (const double x : kWarmUp) {
    for (const double offset : {-0.2, -0.1, 0.0, 0.1, 0.2}) {
      values.push_back(x + offset);
    }
  }
  values.push_back(1e6);  // the remainder is not used
  const auto result = sim::mser5(values);
  CHECK(result.d == 20);
  CHECK(result.statistic == Approx(0.015625).epsilon(1e-9));
  CHECK_THROWS_AS(sim::mser5(std::vector<double>(4)), sim::InternalError);
}

TEST_CASE("a time-weighted level integrates exactly", "[observe]") {
  sim::TimeWeighted level(3);
  level.set(10, 2);  // 0 for 10 ps
  level.add(30, 5);  // 2 for 20 ps
  level.set(31, 1);  // 7 for 1 ps
  CHECK(level.integral(41) == 0 * 10 + 2 * 20 + 7 * 1 + 1 * 10);
  CHECK(level.mean(41) == Approx(57.0 / 41));
  CHECK(level.max() == 7);
  CHECK(level.time_at_level(41) == std::vector<sim::Picoseconds>{10, 10, 21});

  level.reset(40);
  CHECK(level.level() == 1);
  CHECK(level.max() == 1);
  CHECK(level.mean(40) == 1.0);
  CHECK(level.integral(100) == 60);
  CHECK(level.mean(100) == 1.0);
  CHECK(level.time_at_level(100) == std::vector<sim::Picoseconds>{0, 60, 0});
}

TEST_CASE("a time-weighted level neither overflows nor runs backwards", "[observe]") {
  sim::TimeWeighted bytes;
  bytes.set(0, 1'000'000'000'000);
  const auto expected = static_cast<sim::Int128>(1'000'000'000'000) * (100 * sim::kSecond);
  CHECK(bytes.integral(100 * sim::kSecond) == expected);
  CHECK(bytes.mean(100 * sim::kSecond) == 1e12);
  CHECK(bytes.time_at_level(5).empty());
  bytes.set(100, 5);
  CHECK_THROWS_AS(bytes.set(99, 1), sim::InternalError);
  CHECK_THROWS_AS(bytes.integral(99), sim::InternalError);
  CHECK_THROWS_AS(bytes.reset(99), sim::InternalError);

  sim::TimeWeighted counted(2);
  counted.set(0, -1);
  CHECK_THROWS_AS(counted.set(1, 0), sim::InternalError);
}
