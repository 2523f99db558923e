// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/base/assert.hpp"
#include "sim/base/distribution.hpp"
#include "sim/observe/histogram.hpp"
#include "tests/support/catch.hpp"

using sim::Histogram;

namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

std::int64_t exact_quantile(const std::vector<std::int64_t>& sorted, double q) {
  const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

void check_against_sorted(const sim::Distribution& distribution, const char* name) {
  INFO(name);
  sim::Stream stream(3, 0, name);
  Histogram h;
  std::vector<std::int64_t> values;
  std::int64_t sum = 0;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(static_cast<std::int64_t>(distribution.sample(stream)));
    h.add(values.back());
    sum += values.back();
  }
  std::sort(values.begin(), values.end());
  CHECK(h.count() == values.size());
  CHECK(h.total() == sum);
  CHECK(h.min() == values.front());
  CHECK(h.max() == values.back());
  CHECK(h.mean() == static_cast<double>(sum) / 20'000);
  for (const double q : {0.0, 0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1.0}) {
    const auto exact = static_cast<double>(exact_quantile(values, q));
    CHECK(std::abs(static_cast<double>(h.quantile(q)) - exact) <= exact / 256.0);
    const auto threshold = exact_quantile(values, q);
    const auto above = values.end() - std::upper_bound(values.begin(), values.end(), threshold);
    // A bucket holds a few hundred of these values at most.
    CHECK(h.fraction_above(threshold) ==
          Catch::Approx(static_cast<double>(above) / 20'000).margin(0.01));
  }
}

}  // namespace

TEST_CASE("an empty histogram is all zero", "[observe]") {
  const Histogram h;
  CHECK(h.count() == 0);
  CHECK(h.total() == 0);
  CHECK(h.mean() == 0.0);
  CHECK(h.min() == 0);
  CHECK(h.max() == 0);
  CHECK(h.quantile(0.5) == 0);
  CHECK(h.fraction_above(0) == 0.0);
}

TEST_CASE("values below 256 are exact", "[observe]") {
  Histogram h;
  for (std::int64_t v = 1; v <= 100; ++v) {
    h.add(v);
  }
  for (int percent = 1; percent <= 100; ++percent) {
    CHECK(h.quantile(percent / 100.0) == percent);  // 0.07 * 100 is above 7 in floating point
    CHECK(h.fraction_above(percent) == (100 - percent) / 100.0);
  }
}

TEST_CASE("quantiles stay within 1/256 of the sorted values", "[observe]") {
  check_against_sorted(sim::Distribution::exponential(5e6), "exponential");
  check_against_sorted(sim::Distribution::lognormal(1e9, 3), "lognormal");
  check_against_sorted(sim::Distribution::uniform(0, 1000), "small");
  check_against_sorted(sim::Distribution::choice({{0, 1}, {100, 1}, {255, 1}, {1e15, 1}}), "few");
}

TEST_CASE("buckets tile the whole range without gap or overlap", "[observe]") {
  Histogram h;
  // The first and the last value of every power of two, and their neighbours.
  std::uint64_t added = 0;
  for (int bit = 0; bit < 63; ++bit) {
    for (const std::int64_t offset : {-1, 0, 1}) {
      h.add((std::int64_t{1} << bit) + offset);
      ++added;
    }
  }
  h.add(kMax);
  ++added;
  std::int64_t last_high = -1;
  std::uint64_t seen = 0;
  h.for_each_bucket([&](const Histogram::Bucket& b) {
    REQUIRE(b.low > last_high);
    REQUIRE(b.high >= b.low);
    // Width at most 1/128 of the lowest value: the middle is within 1/256.
    REQUIRE((b.high - b.low) <= b.low / 128);
    last_high = b.high;
    seen += b.count;
  });
  CHECK(seen == added);
  CHECK(last_high == kMax);
  CHECK(h.max() == kMax);
  CHECK(h.quantile(1.0) == kMax);
}

TEST_CASE("each value lies in the bucket that it is counted in", "[observe]") {
  sim::Stream stream(3, 0, "buckets");
  for (int i = 0; i < 2'000; ++i) {
    const auto v = static_cast<std::int64_t>(stream.next_u64() >> (1 + stream.below(60)));
    Histogram h;
    h.add(v);
    h.for_each_bucket([v](const Histogram::Bucket& b) {
      REQUIRE(b.low <= v);
      REQUIRE(v <= b.high);
      REQUIRE(b.count == 1);
    });
    REQUIRE(h.quantile(0.5) == v);  // the representative is clipped to [min, max]
  }
}

TEST_CASE("the total does not overflow", "[observe]") {
  Histogram h;
  h.add(kMax, 1'000'000);
  CHECK(h.total() == static_cast<sim::Int128>(kMax) * 1'000'000);
  CHECK(h.mean() == Catch::Approx(static_cast<double>(kMax)));
  CHECK(h.count() == 1'000'000);
}

TEST_CASE("merging equals adding everything to one", "[observe]") {
  Histogram a;
  Histogram b;
  Histogram both;
  for (std::int64_t v = 0; v < 5'000; v += 7) {
    a.add(v);
    both.add(v);
    b.add(v * v, 2);
    both.add(v * v, 2);
  }
  a.merge(b);
  a.merge(Histogram());
  CHECK(a.count() == both.count());
  CHECK(a.total() == both.total());
  CHECK(a.min() == both.min());
  CHECK(a.max() == both.max());
  for (const double q : {0.1, 0.5, 0.99}) {
    CHECK(a.quantile(q) == both.quantile(q));
  }
}

TEST_CASE("reset forgets, adding nothing changes nothing, negatives are refused", "[observe]") {
  Histogram h;
  h.add(1'000'000);
  h.reset();
  CHECK(h.count() == 0);
  CHECK(h.max() == 0);
  h.add(5'000, 0);
  CHECK(h.count() == 0);
  CHECK(h.min() == 0);
  h.add(7);
  CHECK(h.min() == 7);
  CHECK(h.max() == 7);
  CHECK(h.quantile(0.99) == 7);
  CHECK_THROWS_AS(h.add(-1), sim::InternalError);
  CHECK_THROWS_AS(h.quantile(1.01), sim::InternalError);
}
