// SPDX-License-Identifier: BSD-2-Clause
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/base/assert.hpp"
#include "sim/base/distribution.hpp"
#include "sim/base/fnv.hpp"
#include "sim/base/random.hpp"
#include "tests/support/catch.hpp"

using sim::Distribution;
using sim::Stream;

namespace {

constexpr int kDraws = 100'000;

struct Moments {
  double mean;
  double cv;
};

template <typename Draw>
Moments moments(Draw draw) {
  double sum = 0.0;
  double squares = 0.0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = draw();
    sum += x;
    squares += x * x;
  }
  const double mean = sum / kDraws;
  return {mean, std::sqrt(squares / kDraws - mean * mean) / mean};
}

}  // namespace

TEST_CASE("FNV-1a matches its published vectors", "[base]") {
  CHECK(sim::fnv1a("") == 0xcbf29ce484222325ULL);
  CHECK(sim::fnv1a("a") == 0xaf63dc4c8601ec8cULL);
  CHECK(sim::fnv1a("foobar") == 0x85944171f73967e8ULL);
  CHECK(sim::fnv1a("bar", sim::fnv1a("foo")) == sim::fnv1a("foobar"));
}

TEST_CASE("a stream is the same everywhere and for ever", "[base]") {
  // Golden values: a change here changes every published result, and breaks replays.
  Stream s(1, 0, "arrivals");
  CHECK(s.next_u64() == 0x7903be6c3db2464aULL);
  CHECK(s.next_u64() == 0x7ed61dad5be6e959ULL);
  CHECK(s.next_u64() == 0x9da705951fe6e418ULL);
  CHECK(s.next_u64() == 0x9bcf1a5160f1d779ULL);
  CHECK(s.next_u64() == 0x62c84832bfebd767ULL);
  CHECK(s.exponential(100) == 0x1.64ba7d21984b2p+2);
  CHECK(s.normal() == -0x1.932848f32ee7bp-1);
  CHECK(s.lognormal(10, 0.5) == 0x1.519ea19f93578p+3);
}

TEST_CASE("seed, replication and component each select another stream", "[base]") {
  const std::uint64_t reference = Stream(1, 0, "a").next_u64();
  CHECK(Stream(1, 0, "a").next_u64() == reference);
  CHECK(Stream(2, 0, "a").next_u64() != reference);
  CHECK(Stream(1, 1, "a").next_u64() != reference);
  CHECK(Stream(1, 0, "b").next_u64() != reference);
}

TEST_CASE("uniform numbers fill [0, 1) evenly and without serial correlation", "[base]") {
  Stream s(7, 3, "uniform");
  std::array<int, 16> cells{};
  double product = 0.0;
  double last = 0.5;
  for (int i = 0; i < kDraws; ++i) {
    const double u = s.uniform01();
    REQUIRE(u >= 0.0);
    REQUIRE(u < 1.0);
    ++cells[static_cast<std::size_t>(u * 16.0)];
    product += (u - 0.5) * (last - 0.5);
    last = u;
  }
  double chi2 = 0.0;
  for (const int n : cells) {
    const double expected = kDraws / 16.0;
    chi2 += (n - expected) * (n - expected) / expected;
  }
  CHECK(chi2 < 37.7);                               // 15 degrees of freedom, p = 0.001
  CHECK(std::abs(product / kDraws * 12) < 0.0104);  // 3.3 standard errors
}

TEST_CASE("below() is even, stays below, and rejects nothing valid", "[base]") {
  Stream s(7, 0, "below");
  std::array<int, 6> cells{};
  for (int i = 0; i < 60'000; ++i) {
    const auto n = s.below(6);
    REQUIRE(n < 6);
    ++cells[n];
  }
  for (const int n : cells) {
    CHECK(std::abs(n - 10'000) < 400);  // > 4 standard deviations
  }
  CHECK(s.below(1) == 0);
  // A bound just over 2^63 is rejected half the time: the loop must end and stay unbiased.
  const std::uint64_t big = (1ULL << 63) + 1;
  int upper_half = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto n = s.below(big);
    REQUIRE(n < big);
    upper_half += n >= (1ULL << 62) ? 1 : 0;
  }
  CHECK(std::abs(upper_half - 5'000) < 200);
  CHECK_THROWS_AS(s.below(0), sim::InternalError);
}

TEST_CASE("chance() has its probability and its certain ends", "[base]") {
  Stream s(7, 0, "chance");
  int hits = 0;
  for (int i = 0; i < kDraws; ++i) {
    hits += s.chance(0.25) ? 1 : 0;
    REQUIRE_FALSE(s.chance(0.0));
    REQUIRE(s.chance(1.0));
  }
  CHECK(std::abs(hits - kDraws / 4) < 600);  // > 4 standard deviations
}

TEST_CASE("distributions have their mean and their variation", "[base]") {
  Stream s(11, 0, "distribution");
  const auto measure = [&s](const Distribution& d) { return moments([&] { return d.sample(s); }); };
  // Tolerances are over four standard errors at this number of draws.
  const auto exponential = measure(Distribution::exponential(1000));
  CHECK(exponential.mean == Catch::Approx(1000).epsilon(0.013));
  CHECK(exponential.cv == Catch::Approx(1).epsilon(0.02));
  const auto uniform = measure(Distribution::uniform(2, 4));
  CHECK(uniform.mean == Catch::Approx(3).epsilon(0.003));
  CHECK(uniform.cv == Catch::Approx(std::sqrt(1.0 / 3) / 3).epsilon(0.01));
  const auto lognormal = measure(Distribution::lognormal(500, 0.3));
  CHECK(lognormal.mean == Catch::Approx(500).epsilon(0.004));
  CHECK(lognormal.cv == Catch::Approx(0.3).epsilon(0.02));
  const auto normal = moments([&] { return 10.0 + s.normal(); });
  CHECK(normal.mean == Catch::Approx(10).margin(0.013));
  CHECK(normal.cv * normal.mean == Catch::Approx(1).epsilon(0.01));
  CHECK(moments([&] { return s.lognormal(500, 0.3); }).mean == Catch::Approx(500).epsilon(0.004));
}

TEST_CASE("choice draws by weight and never a value of weight zero", "[base]") {
  Stream s(11, 0, "choice");
  const auto d = Distribution::choice({{1, 1}, {10, 3}, {99, 0}, {100, 4}});
  CHECK(d.mean() == Catch::Approx((1 + 30 + 400) / 8.0));
  int ones = 0;
  int tens = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = d.sample(s);
    REQUIRE((x == 1 || x == 10 || x == 100));
    ones += x == 1 ? 1 : 0;
    tens += x == 10 ? 1 : 0;
  }
  CHECK(std::abs(ones - kDraws / 8) < 450);
  CHECK(std::abs(tens - 3 * kDraws / 8) < 650);
}

TEST_CASE("means are exact and degenerate kinds are constants", "[base]") {
  CHECK(Distribution().mean() == 0.0);
  CHECK(Distribution::constant(42).mean() == 42);
  CHECK(Distribution::exponential(7).mean() == 7);
  CHECK(Distribution::uniform(2, 5).mean() == 3.5);
  CHECK(Distribution::lognormal(9, 2).mean() == 9);
  CHECK(Distribution::constant(42).is_constant());
  CHECK(Distribution::uniform(3, 3).is_constant());
  CHECK(Distribution::lognormal(9, 0).is_constant());
  CHECK(Distribution::choice({{5, 1}, {5, 2}, {6, 0}}).is_constant());
  CHECK_FALSE(Distribution::exponential(7).is_constant());

  Stream s(1, 0, "constant");
  Stream untouched(1, 0, "constant");
  CHECK(Distribution::constant(42).sample(s) == 42);
  CHECK(s.next_u64() == untouched.next_u64());
}

TEST_CASE("every kind but the constant draws exactly one word a sample", "[base]") {
  const std::vector<Distribution> kinds = {
      Distribution::exponential(7), Distribution::uniform(2, 5), Distribution::lognormal(9, 2),
      Distribution::choice({{1, 1}, {2, 1}})};
  for (const Distribution& d : kinds) {
    Stream s(1, 0, "words");
    Stream counted(1, 0, "words");
    for (int i = 0; i < 10; ++i) {
      d.sample(s);
      counted.next_u64();
    }
    CHECK(s.next_u64() == counted.next_u64());
  }
}

TEST_CASE("impossible parameters are refused", "[base]") {
  CHECK_THROWS_AS(Distribution::exponential(-1), sim::InternalError);
  CHECK_THROWS_AS(Distribution::uniform(2, 1), sim::InternalError);
  CHECK_THROWS_AS(Distribution::lognormal(0, 1), sim::InternalError);
  CHECK_THROWS_AS(Distribution::lognormal(1, -1), sim::InternalError);
  CHECK_THROWS_AS(Distribution::choice({}), sim::InternalError);
  CHECK_THROWS_AS(Distribution::choice({{1, 0}}), sim::InternalError);
  CHECK_THROWS_AS(Distribution::choice({{1, -1}, {2, 2}}), sim::InternalError);
  CHECK_THROWS_AS(Distribution::constant(std::numeric_limits<double>::quiet_NaN()),
                  sim::InternalError);
}
