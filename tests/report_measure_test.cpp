// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "models/report/measure.hpp"
#include "sim/base/random.hpp"
#include "sim/machine/locks.hpp"
#include "tests/support/catch.hpp"

using Catch::Approx;
using sim::kNanosecond;

namespace {

const sim::LockPoint kReader{"uipc_socket.c:1669"};
const sim::LockPoint kInput{"tcp_input.c:1201"};
const sim::LockPoint kNever{"uipc_socket.c:1825"};
const std::vector<std::string> kRoles = {"reader", "irq0"};

/// Two rounds: the reader holds 0-100 ns; the interrupt thread asks at 40, spins 50 and blocks 10,
/// holds 100-130; the reader again 200-300.
class Story {
 public:
  explicit Story(sim::LockProfile::Options options) : profile_(std::move(options)) {
    sim::LockClass& cls = profile_.add_class("so_rcv", sim::LockKind::adaptive);
    lock_.cls = &cls;
    acquire(kReader, {}, 0);
    profile_.wait_begins(lock_, 40 * kNanosecond);
    profile_.released(lock_, 100 * kNanosecond);
    sim::Acquisition waited;
    waited.contended = true;
    waited.arrived_at = 40 * kNanosecond;
    waited.spin_ps = 50 * kNanosecond;
    waited.block_ps = 10 * kNanosecond;
    waited.waiter_role = 1;
    waited.holder_role = 0;
    waited.holder_point = &kReader;
    profile_.acquired(lock_, kInput, waited, 100 * kNanosecond);
    profile_.released(lock_, 130 * kNanosecond);
    acquire(kReader, {}, 200);
    profile_.released(lock_, 300 * kNanosecond);
    profile_.close(400 * kNanosecond);
  }

  models::LockReport report(const models::Observe& observe) const {
    return models::lock_report(profile_.profile(0), {0, 400 * kNanosecond}, observe, kRoles);
  }

 private:
  void acquire(const sim::LockPoint& point, sim::Acquisition how, sim::Picoseconds at_ns) {
    how.arrived_at = at_ns * kNanosecond;
    profile_.acquired(lock_, point, how, at_ns * kNanosecond);
  }

  sim::LockProfile profile_;
  sim::LockRecord lock_;
};

models::WarmupReport warmup(double given_ms, std::vector<double> series) {
  models::WarmupReport report;
  report.given_ms = given_ms;
  report.interval_ms = 1;
  report.series = std::move(series);
  models::judge_warmup(report);
  return report;
}

/// `ramp` values that climb to 10, then 10 with noise of +-1.
std::vector<double> climbing(std::size_t ramp, std::size_t length) {
  sim::Stream stream(1, 0, "climbing");
  std::vector<double> series;
  for (std::size_t i = 0; i < length; ++i) {
    const double level = i < ramp ? 10.0 * static_cast<double>(i) / static_cast<double>(ramp) : 10;
    series.push_back(level + stream.uniform(-1, 1));
  }
  return series;
}

}  // namespace

TEST_CASE("a lock's report has the profile's figures in nanoseconds", "[report]") {
  sim::LockProfile::Options options;
  options.wait_thresholds_ps = {50 * kNanosecond, 60 * kNanosecond};
  options.per_instance = true;
  models::Observe observe;
  observe.wait_over_ns = {50, 60};
  observe.number_at_least = {1, 2, 100};
  const models::LockReport lock = Story(options).report(observe);
  CHECK(lock.name == "so_rcv");
  CHECK(lock.kind == "adaptive");
  CHECK(lock.instances == 1);
  CHECK(lock.figures.acquisitions == 3);
  CHECK(lock.figures.acquisitions_per_s == Approx(3 / 400e-9));
  CHECK(lock.figures.contended == 1);
  CHECK(lock.figures.wait_ns.total == 60);
  CHECK(lock.figures.wait_ns.mean == 20);
  CHECK(lock.figures.wait_ns.mean_contended == 60);
  CHECK(lock.figures.wait_ns.max == 60);
  CHECK(lock.figures.hold_ns.total == 230);
  CHECK(lock.figures.hold_ns.mean_contended == 30);
  CHECK(lock.figures.spin_ns_total == 50);
  CHECK(lock.figures.block_ns_total == 10);
  CHECK(lock.figures.failed_while_held == 1);
  CHECK(lock.utilisation == Approx(230.0 / 400));
  CHECK(lock.number_mean == Approx(290.0 / 400));
  CHECK(lock.waiting_mean == Approx(60.0 / 400));
  CHECK(lock.sojourn_ns.total == 290);
  CHECK(lock.number_pmf == std::vector<double>{170.0 / 400, 170.0 / 400, 60.0 / 400});
  REQUIRE(lock.number_at_least.size() == 3);
  CHECK(lock.number_at_least[0].name == "1_or_more");
  CHECK(lock.number_at_least[0].fraction == Approx(230.0 / 400));
  CHECK(lock.number_at_least[1].fraction == Approx(60.0 / 400));
  CHECK(lock.number_at_least[2].fraction == 0);
  REQUIRE(lock.figures.wait_over.size() == 2);
  CHECK(lock.figures.wait_over[0].name == "50ns");
  CHECK(lock.figures.wait_over[0].fraction == Approx(1.0 / 3));
  CHECK(lock.figures.wait_over[1].fraction == 0);
  REQUIRE(lock.per_instance.size() == 1);
  CHECK(lock.per_instance[0].figures.acquisitions == 3);
}

TEST_CASE("points and blame say where and whose", "[report]") {
  const models::LockReport lock = Story({}).report({});
  REQUIRE(lock.points.size() == 2);
  CHECK(lock.points[0].name == "uipc_socket.c:1669");
  CHECK(lock.points[0].figures.acquisitions == 2);
  CHECK(lock.points[0].figures.failed_while_held == 1);
  CHECK(lock.points[0].figures.hold_ns.total == 200);
  CHECK(lock.points[1].figures.wait_ns.total == 60);
  REQUIRE(lock.blame.size() == 1);
  CHECK(lock.blame[0].waiter == "irq0");
  CHECK(lock.blame[0].holder == "reader");
  CHECK(lock.blame[0].count == 1);
  CHECK(lock.blame[0].wait_ns == 60);
  CHECK(lock.blame[0].waiter_point == "tcp_input.c:1201");
  CHECK(lock.blame[0].holder_point == "uipc_socket.c:1669");
  CHECK(lock.per_instance.empty());
}

TEST_CASE("blame names the pair of points with the longest wait", "[report]") {
  sim::LockBlame blame;
  blame.add(&kReader, &kInput, 5);
  blame.add(&kNever, &kInput, 6);
  blame.add(&kReader, &kInput, 5);
  CHECK(blame.count == 3);
  CHECK(blame.wait_ps == 16);
  REQUIRE(blame.places.size() == 2);
  CHECK(blame.places[0].wait_ps == 10);
}

TEST_CASE("quantiles are named in percent", "[report]") {
  CHECK(models::quantile_name(0.5) == "p50");
  CHECK(models::quantile_name(0.999) == "p99.9");
  CHECK(models::quantile_name(0.9999) == "p99.99");
  sim::Histogram histogram;
  for (int i = 1; i <= 100; ++i) histogram.add(i * kNanosecond);
  models::Observe observe;
  observe.quantiles = {0.0, 1.0};
  const models::TimeStats stats = models::time_stats(histogram, observe);
  CHECK(stats.count == 100);
  CHECK(stats.mean == 50.5);
  CHECK(stats.p50 == Approx(50).epsilon(1.0 / 256));
  CHECK(stats.quantiles[0].value == 1);
  CHECK(stats.quantiles[1].value == 100);
  CHECK(stats.histogram.empty());
}

TEST_CASE("the buckets of a time are all of it", "[report]") {
  sim::Stream draws(5, 0, "times");
  std::vector<std::int64_t> times(1000, 0);  // some of them stay 0
  for (std::size_t i = 0; i < 900; ++i) times[i] = std::int64_t{1} << draws.below(40);
  for (std::size_t i = 0; i < 500; ++i) times[i] += static_cast<std::int64_t>(draws.below(1000));
  sim::Histogram histogram;
  for (const std::int64_t ps : times) histogram.add(ps);
  models::Observe observe;
  observe.histograms = true;
  const models::TimeStats stats = models::time_stats(histogram, observe);
  REQUIRE(stats.histogram.size() > 40);
  CHECK(stats.histogram.front().lower_ns == 0);
  CHECK(stats.histogram.front().upper_ns == 0);
  CHECK(stats.histogram.front().count == 100);
  double sum = 0;
  double end = -1;
  for (const models::BucketReport& bucket : stats.histogram) {
    CHECK(bucket.lower_ns > end);
    end = bucket.upper_ns;
    const auto inside = std::count_if(times.begin(), times.end(), [&](std::int64_t ps) {
      return sim::to_ns(ps) >= bucket.lower_ns && sim::to_ns(ps) <= bucket.upper_ns;
    });
    CHECK(bucket.count == static_cast<double>(inside));
    sum += bucket.count;
  }
  CHECK(sum == stats.count);
}

TEST_CASE("a warm-up that ends before the climb does is not enough", "[report]") {
  const auto series = climbing(60, 400);
  const models::WarmupReport early = warmup(10, series);
  CHECK(early.known);
  CHECK_FALSE(early.enough);
  CHECK(early.mser5_ms == Approx(60).margin(20));
  CHECK(warmup(80, series).enough);
}

TEST_CASE("settled noise is not held against the warm-up", "[report]") {
  const models::WarmupReport report = warmup(0, climbing(0, 400));
  CHECK(report.enough);
}

TEST_CASE("a short or unsettled series says nothing", "[report]") {
  CHECK_FALSE(warmup(0, climbing(0, 49)).known);
  CHECK(warmup(0, climbing(0, 49)).enough);
  std::vector<double> rising;
  for (int i = 0; i < 200; ++i) rising.push_back(i);
  CHECK_FALSE(warmup(0, rising).known);
}
