// SPDX-License-Identifier: BSD-2-Clause
//
// Statistics over the runs of a study, against worked values.
#include "cli/study/analysis.hpp"

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "cli/study/fieller.hpp"
#include "cli/study/lines.hpp"
#include "sim/observe/statistics.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/results.hpp"

using Catch::Approx;
using cli::Cell;
using cli::Crossovers;
using cli::Estimate;
using cli::Precision;
using test::number;
using test::ResultsBuilder;
using test::word;

namespace {

// Ten runs of two variants with common random numbers: difference 1.2; at the t that tables print
// (2.776 for 4, 2.306 for 8 degrees of freedom) paired half-width 0.019629, unpaired 0.053982.
const std::vector<double> kFirst = {9.31, 9.28, 9.35, 9.30, 9.27};
const std::vector<double> kSecond = {8.11, 8.09, 8.17, 8.08, 8.06};

std::vector<Cell> two_variants(std::int64_t seed_of_b) {
  return cells_of(ResultsBuilder({"variant"})
                      .point({word("variant", "a")}, kFirst, 1)
                      .point({word("variant", "b")}, kSecond, seed_of_b)
                      .results(),
                  "m");
}

double exact_t(double dof) { return sim::student_t_quantile(0.975, dof); }

}  // namespace

TEST_CASE("cells gather the runs of a point", "[study]") {
  const cli::Results results = ResultsBuilder({"variant"})
                                   .point({word("variant", "a")}, {3, 1, 2})
                                   .failed({word("variant", "b")}, "timeout")
                                   .results();
  const std::vector<Cell> cells = cells_of(results, "m");
  REQUIRE(cells.size() == 2);
  CHECK(cells[0].samples.size() == 3);
  CHECK(cells[0].setting("variant")->text == "a");
  CHECK(cells[0].setting("other") == nullptr);
  CHECK(cells[1].failed == 1);
  CHECK(cells[1].reason == "timeout");
  const Estimate mean = mean_of(cells[0]);
  CHECK(mean.value == 2.0);
  CHECK(mean.half_width() == Approx(exact_t(2) / std::sqrt(3.0)));
  CHECK_FALSE(mean_of(cells[1]).has_value());
  CHECK(cells_of(results, "other")[0].samples.empty());
}

TEST_CASE("common seeds pair the replications", "[study]") {
  const std::vector<Cell> cells = two_variants(1);
  const Estimate estimate = difference(cells[1], cells[0]);
  CHECK(estimate.paired);
  CHECK(estimate.n == 5);
  CHECK(estimate.value == Approx(1.2).epsilon(1e-12));
  CHECK(estimate.half_width() / exact_t(4) * 2.776 == Approx(0.019629).margin(1e-6));
}

TEST_CASE("different seeds give Welch's interval", "[study]") {
  const std::vector<Cell> cells = two_variants(2);
  const Estimate estimate = difference(cells[1], cells[0]);
  CHECK_FALSE(estimate.paired);
  CHECK(estimate.value == Approx(1.2).epsilon(1e-12));
  // The worked value pools the variances; Welch's degrees of freedom are less than its 8.
  double variance[2];
  for (int i = 0; i < 2; ++i) {
    sim::Welford welford;
    for (const double x : i == 0 ? kFirst : kSecond) welford.add(x);
    variance[i] = welford.variance() / 5;
  }
  const double sum = variance[0] + variance[1];
  const double dof = sum * sum / ((variance[0] * variance[0] + variance[1] * variance[1]) / 4);
  CHECK(dof < 8.0);
  CHECK(dof > 7.0);
  CHECK(estimate.half_width() / exact_t(dof) * 2.306 == Approx(0.053982).margin(1e-6));
}

TEST_CASE("pairs are the replications that both points have", "[study]") {
  const cli::Results results = ResultsBuilder({"v"})
                                   .point({word("v", "a")}, {1, 2, 3, 100})
                                   .point({word("v", "b")}, {2, 3, 5})
                                   .results();
  const std::vector<Cell> cells = cells_of(results, "m");
  const Estimate estimate = difference(cells[0], cells[1]);
  CHECK(estimate.n == 3);
  CHECK(estimate.value == Approx(4.0 / 3));
  const Estimate single = difference(
      cells[0], cells_of(ResultsBuilder({"v"}).point({word("v", "b")}, {7}).results(), "m")[0]);
  CHECK(single.value == 6.0);
  CHECK_FALSE(single.has_interval());
}

TEST_CASE("Fieller's interval solves its equation", "[study]") {
  const std::vector<double> from = {10, 12, 11, 13, 9};
  const std::vector<double> to = {2.1, 2.3, 2.4, 2.5, 1.9};
  const Estimate estimate = cli::ratio_of_means(from, to);
  CHECK(estimate.value == Approx(11.2 / 55));
  // At a bound r, the paired interval of `to - r from` just touches zero.
  for (const double bound : {estimate.low, estimate.high}) {
    std::vector<double> scaled;
    scaled.reserve(from.size());
    for (const double x : from) scaled.push_back(bound * x);
    const sim::Interval touch = sim::paired_confidence95(to, scaled);
    CHECK(std::fabs(touch.mean) == Approx(touch.half_width).epsilon(1e-9));
  }
  CHECK(estimate.low < estimate.value);
  CHECK(estimate.value < estimate.high);
}

TEST_CASE("ratios of what may be zero have no bounds", "[study]") {
  const Estimate open =
      cli::ratio_of_means(std::vector<double>{-1, 1, 0.5}, std::vector<double>{1, 1, 1});
  CHECK(open.has_value());
  CHECK(open.low == -std::numeric_limits<double>::infinity());
  CHECK(open.high == std::numeric_limits<double>::infinity());
  CHECK_FALSE(
      cli::ratio_of_means(std::vector<double>{-1, 1}, std::vector<double>{1, 1}).has_value());
  const Estimate exact =
      cli::ratio_of_means(std::vector<double>{4, 4, 4}, std::vector<double>{1, 1, 1});
  CHECK(exact.low == 0.25);
  CHECK(exact.high == 0.25);
}

TEST_CASE("relative differences are ratios less one, whatever the sign", "[study]") {
  const auto cell = [](const std::vector<double>& values) {
    return cells_of(ResultsBuilder({"v"}).point({word("v", "a")}, values).results(), "m")[0];
  };
  const Estimate rise = relative_difference(cell({10, 11, 12}), cell({15, 17, 18}));
  const Estimate fell = relative_difference(cell({-10, -11, -12}), cell({-15, -17, -18}));
  CHECK(rise.value == Approx(50.0 / 33 - 1));
  CHECK(fell.value == Approx(1 - 50.0 / 33));
  CHECK(fell.low == Approx(-rise.high));
  CHECK(fell.high == Approx(-rise.low));
}

TEST_CASE("points are compared where all else is equal", "[study]") {
  const cli::Results results = ResultsBuilder({"variant", "mtu"})
                                   .point({word("variant", "a"), number("mtu", 1500)}, {1, 2})
                                   .point({word("variant", "a"), number("mtu", 9000)}, {3, 4})
                                   .point({word("variant", "b"), number("mtu", 9000)}, {5, 7})
                                   .point({word("variant", "c"), number("mtu", 1500)}, {5, 7})
                                   .results();
  const std::vector<Cell> cells = cells_of(results, "m");
  const std::vector<cli::Comparison> pairs = compare(cells, "variant", "a", "b");
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].others == std::vector<cli::Setting>{number("mtu", 9000)});
  CHECK(difference(*pairs[0].from, *pairs[0].to).value == 2.5);
  CHECK(compare(cells, "variant", "a", "x").empty());
  CHECK(compare(cells, "none", "a", "b").empty());
}

TEST_CASE("slopes are fitted replication by replication", "[study]") {
  ResultsBuilder builder({"x", "v"});
  for (const int x : {1, 2, 4}) {
    // y = 3 x + offset of the replication: the slope is exact in spite of the noise.
    builder.point({number("x", x), word("v", "a")}, {3.0 * x, 3.0 * x + 5, 3.0 * x - 9});
    builder.point({number("x", x), word("v", "b")}, {2.0 * x * x, 2.0 * x * x});
  }
  const std::vector<Cell> cells = cells_of(builder.results(), "m");
  const std::vector<cli::Line> lines = lines_along(cells, "x");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].x == std::vector<double>{1, 2, 4});
  const Estimate linear = slope(lines[0], cli::Scale::linear);
  CHECK(linear.value == Approx(3.0));
  CHECK(linear.half_width() == Approx(0.0).margin(1e-12));
  CHECK(linear.n == 3);
  CHECK(slope(lines[1], cli::Scale::log).value == Approx(2.0));
  CHECK_FALSE(slope(lines[0], cli::Scale::log).has_value());  // some value is negative
  CHECK(lines_along(cells, "v").empty());
}

TEST_CASE("crossovers are found, interpolated and proven", "[study]") {
  ResultsBuilder builder({"v", "x"});
  // b - a = x - 3 + noise: zero at 3, between 2 and 4.
  for (const int x : {1, 2, 4, 8}) {
    builder.point({word("v", "a"), number("x", x)}, {10, 11, 12});
    builder.point({word("v", "b"), number("x", x)}, {7.0 + x, 8.1 + x, 8.9 + x});
  }
  const std::vector<Cell> cells = cells_of(builder.results(), "m");
  const auto all = crossovers(cells, "v", "a", "b", "x", cli::Scale::linear);
  REQUIRE(all.size() == 1);
  CHECK(all[0].others.empty());
  CHECK(all[0].x == std::vector<double>{1, 2, 4, 8});
  REQUIRE(all[0].crossings.size() == 1);
  const cli::Crossing& crossing = all[0].crossings[0];
  CHECK(crossing.at.value == Approx(3.0));
  CHECK(crossing.rises);
  CHECK(crossing.proven);
  CHECK(crossing.at.low < 3.0);
  CHECK(crossing.at.low > 2.5);
  CHECK(crossing.at.high > 3.0);
  CHECK(crossing.at.high < 3.5);
  CHECK_FALSE(all[0].same_sign_proven());
  const auto logarithmic = crossovers(cells, "v", "a", "b", "x", cli::Scale::log);
  CHECK(logarithmic[0].crossings[0].at.value == Approx(std::sqrt(8.0)));
  CHECK_FALSE(crossovers(cells, "v", "b", "a", "x", cli::Scale::linear)[0].crossings[0].rises);
}

TEST_CASE("a crossover may be at a point, unproven, or nowhere", "[study]") {
  const auto differences = [](const std::vector<std::vector<double>>& by_x) {
    ResultsBuilder builder({"v", "x"});
    for (std::size_t i = 0; i < by_x.size(); ++i) {
      const int x = static_cast<int>(i);
      builder.point({word("v", "a"), number("x", x)}, std::vector<double>(by_x[i].size(), 0.0));
      builder.point({word("v", "b"), number("x", x)}, by_x[i]);
    }
    return crossovers(cells_of(builder.results(), "m"), "v", "a", "b", "x", cli::Scale::linear)[0];
  };
  const Crossovers touch = differences({{-1, -1.1}, {0, 0}, {1, 1.1}});
  REQUIRE(touch.crossings.size() == 1);
  CHECK(touch.crossings[0].at.value == 1.0);
  CHECK(touch.crossings[0].proven);
  const Crossovers noise = differences({{-1, 0.9}, {-0.9, 1}});
  REQUIRE(noise.crossings.size() == 1);
  CHECK_FALSE(noise.crossings[0].proven);
  CHECK(noise.crossings[0].at.low == 0.0);
  CHECK(noise.crossings[0].at.high == 1.0);
  const Crossovers none = differences({{1, 1.1}, {0, 0}, {1, 1.1}});
  CHECK(none.crossings.empty());
  CHECK_FALSE(none.same_sign_proven());
  CHECK(differences({{1, 1.1}, {2, 2.1}}).same_sign_proven());
}

TEST_CASE("precision asks for as many replications as it takes", "[study]") {
  const Precision precision{"m", 0.05, 3, 40};
  const auto wanted = [&](const std::vector<std::optional<double>>& values) {
    return cli::replications_wanted(precision, values);
  };
  CHECK(wanted({}) == 3);
  CHECK(wanted({10.0, 10.1}) == 3);
  CHECK(wanted({10.0, 10.1, 9.9}) == 3);                   // half-width 0.25
  CHECK(wanted({10.0, 10.5, 9.5}) == 6);                   // 1.24: twice as many at most
  CHECK(wanted({10.0, 10.5, 9.5, 10.0, 10.2, 9.8}) == 6);  // 0.35
  CHECK(wanted({10.0, 10.5, 9.5, 10.0, 10.2}) == 6);       // the round is not complete
  CHECK(wanted({10.0, 10.1, 9.9, 50.0, -30.0}) == 3);      // decided before the last two
  CHECK(wanted({0.0, 0.0, 0.0}) == 3);                     // known exactly
  CHECK(wanted({1.0, -1.0, 0.0}) == 6);                    // the mean is zero
  CHECK(wanted({std::nullopt, std::nullopt, std::nullopt}) == 3);
  CHECK(wanted({10.0, std::nullopt, 10.5, 9.5}) == 6);
  CHECK(wanted({std::nullopt, std::nullopt, 10.0}) == 6);  // one of three: more may have it
  std::vector<std::optional<double>> wild;
  wild.reserve(100);
  for (int i = 0; i < 100; ++i) wild.emplace_back(i % 2 == 0 ? 1.0 : -1.0);
  CHECK(wanted(wild) == 40);
}

TEST_CASE("a point is done when it is precise, or has all replications", "[study]") {
  cli::Study study;
  study.replications = 3;
  cli::Point point;
  point.hash = "v=a";
  const auto runs = [](const std::vector<double>& values) {
    return ResultsBuilder({"v"})
        .point({word("v", "other")}, {1, 2, 3})
        .point({word("v", "a")}, values)
        .results()
        .runs;
  };
  CHECK(replications_wanted(study, point, runs({1})) == 3);
  CHECK_FALSE(precision_reached(study, point, runs({1, 5})));
  CHECK(precision_reached(study, point, runs({1, 5, 9})));
  study.precision = Precision{"m", 0.05, 3, 40};
  CHECK_FALSE(precision_reached(study, point, runs({1, 5, 9})));
  CHECK(precision_reached(study, point, runs({10, 10.1, 9.9})));
  CHECK(replications_wanted(study, point, runs({1, 5, 9})) == 6);
}

TEST_CASE("estimates have a text", "[study]") {
  CHECK(cli::estimate_text({}) == "no value");
  CHECK(cli::estimate_text({0.5, std::nan(""), std::nan(""), 1, false}) == "0.5");
  CHECK(cli::estimate_text({0.0521, 0.04921, 0.0551, 5, true}) == "0.0521 [0.04921, 0.0551]");
}
