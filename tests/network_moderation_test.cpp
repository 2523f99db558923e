// SPDX-License-Identifier: BSD-2-Clause
#include <cmath>
#include <memory>
#include <string>

#include "models/nic.hpp"
#include "models/traffic/traffic.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_hardware.hpp"

using Catch::Approx;

namespace {

/// A ring with instant service: an interrupt empties it at once.
struct IdealNic {
  IdealNic(const models::Nic& nic, const models::Traffic& traffic)
      : device(nic, {0}, hw,
               [this](int) {
                 hw.at(hw.now(), [this] {
                   while (device.queue(0).take()) {
                   }
                   device.queue(0).unmask();
                 });
               }),
        source(models::make_traffic(traffic, nic, 1, hw, device, sim::Stream(1, 0, "traffic"))) {
    source->start();
  }

  void run_for(sim::Picoseconds duration) { hw.run_until(duration); }
  models::NicStats stats() const { return device.stats(); }
  double batch() const {
    return static_cast<double>(stats().frames_moderated) / static_cast<double>(stats().interrupts);
  }
  double rate() const { return static_cast<double>(stats().interrupts) / sim::to_s(hw.now()); }
  double delay_us() const { return stats().moderation_delay.mean() / sim::kMicrosecond; }

  test::FakeHardware hw;
  models::NicDevice device;
  std::unique_ptr<models::TrafficSource> source;
};

models::Nic nic_with(models::CoalesceKind kind, double delay_us, int mtu = 1500) {
  models::Nic nic;
  nic.mtu = mtu;
  nic.rx_ring = 4096;
  nic.coalesce.kind = kind;
  nic.coalesce.delay_us = delay_us;
  return nic;
}

models::Traffic steady() {
  models::Traffic traffic;
  traffic.kind = models::TrafficKind::line_rate;
  return traffic;
}

models::Traffic poisson(double pps) {
  models::Traffic traffic;
  traffic.kind = models::TrafficKind::poisson;
  traffic.rate_pps = pps;
  return traffic;
}

constexpr double kLineRate = 1e10 / (8 * 1538.0);
constexpr double kJumboRate = 1e10 / (8 * 9038.0);

}  // namespace

TEST_CASE("network: first-frame timer on constant spacing takes 1 + floor(T / period) frames") {
  struct Point {
    int mtu;
    double delay_us;
    double batch;
  };
  for (const Point& p : {Point{1500, 30, 25}, Point{9000, 30, 5}, Point{1500, 10, 9},
                         Point{1500, 100, 82}, Point{9000, 7, 1}, Point{9000, 7.3, 2}}) {
    CAPTURE(p.mtu, p.delay_us);
    IdealNic nic(nic_with(models::CoalesceKind::timer, p.delay_us, p.mtu), steady());
    nic.run_for(50 * sim::kMillisecond);
    CHECK(nic.batch() == p.batch);
    const double pps = p.mtu == 1500 ? kLineRate : kJumboRate;
    CHECK(nic.rate() == Approx(pps / p.batch).epsilon(2e-3));  // 50 ms are not whole batches
  }
}

TEST_CASE("network: first-frame timer on Poisson arrivals meets its closed form") {
  struct Point {
    int mtu;
    double pps;
    double delay_us;
  };
  for (const Point& p : {Point{1500, 1e5, 30}, Point{1500, kLineRate, 30},
                         Point{9000, kJumboRate, 30}, Point{1500, 4e5, 5}}) {
    CAPTURE(p.mtu, p.pps, p.delay_us);
    IdealNic nic(nic_with(models::CoalesceKind::timer, p.delay_us, p.mtu), poisson(p.pps));
    nic.run_for(2 * sim::kSecond / (p.pps > 3e5 ? 4 : 1));
    const double x = p.pps * p.delay_us * 1e-6;
    CHECK(nic.rate() == Approx(p.pps / (1 + x)).epsilon(0.005));
    CHECK(nic.batch() == Approx(1 + x).epsilon(0.005));
    CHECK(nic.delay_us() == Approx(p.delay_us * (1 + x / 2) / (1 + x)).epsilon(0.005));
  }
}

TEST_CASE("network: throttle on Poisson arrivals meets its closed form") {
  struct Point {
    double pps;
    double gap_us;
  };
  for (const Point& p : {Point{1e5, 30}, Point{2e4, 30}, Point{kLineRate, 32}}) {
    CAPTURE(p.pps, p.gap_us);
    IdealNic nic(nic_with(models::CoalesceKind::throttle, p.gap_us), poisson(p.pps));
    nic.run_for(p.pps < 3e4 ? 5 * sim::kSecond : sim::kSecond);
    const double x = p.pps * p.gap_us * 1e-6;
    const double batch = x + std::exp(-x);
    CHECK(nic.rate() == Approx(p.pps / batch).epsilon(0.007));
    CHECK(nic.batch() == Approx(batch).epsilon(0.007));
    CHECK(nic.delay_us() == Approx(x * p.gap_us / 2 / batch).epsilon(0.01));
  }
}

TEST_CASE("network: throttle at line rate interrupts at its own rate") {
  IdealNic nic(nic_with(models::CoalesceKind::throttle, 32), steady());
  nic.run_for(100 * sim::kMillisecond);
  CHECK(nic.rate() == Approx(31250).epsilon(1e-3));
  CHECK(nic.batch() == Approx(26.0).epsilon(2e-3));
}

TEST_CASE("network: counting interrupts with every n-th frame") {
  for (const int n : {1, 8, 32}) {
    models::Nic spec = nic_with(models::CoalesceKind::count, 0);
    spec.coalesce.frames = n;
    IdealNic constant(spec, steady());
    constant.run_for(100 * sim::kMillisecond);
    CHECK(constant.batch() == n);
    CHECK(constant.delay_us() == Approx((n - 1) * 1.2304 / 2).epsilon(1e-9));
    CHECK(constant.rate() == Approx(kLineRate / n).epsilon(1e-3));

    IdealNic random(spec, poisson(1e5));
    random.run_for(4 * sim::kSecond);
    CHECK(random.batch() == n);
    CHECK(random.delay_us() == Approx((n - 1) * 10.0 / 2).epsilon(0.01).margin(1e-12));
  }
}

TEST_CASE("network: the guard of counting bounds the wait of a lonely frame") {
  models::Nic spec = nic_with(models::CoalesceKind::count, 50);
  IdealNic nic(spec, poisson(1000));
  nic.run_for(sim::kSecond);
  CHECK(nic.stats().moderation_delay.max() == 50 * sim::kMicrosecond);
  CHECK(nic.batch() == Approx(1.05).epsilon(0.02));
}

TEST_CASE("network: a count beyond the ring is lowered to the ring") {
  models::Nic spec = nic_with(models::CoalesceKind::count, 0);
  spec.coalesce.frames = 100;
  spec.rx_ring = 16;
  IdealNic nic(spec, steady());
  nic.run_for(sim::kMillisecond);
  CHECK(nic.batch() == 16);
  CHECK(nic.stats().frames_dropped == 0);
}

TEST_CASE("network: without moderation every frame interrupts at once") {
  IdealNic nic(nic_with(models::CoalesceKind::none, 0), steady());
  nic.run_for(10 * sim::kMillisecond);
  CHECK(nic.batch() == 1);
  CHECK(nic.stats().moderation_delay.max() == 0);
}

TEST_CASE("network: adaptive moderation follows ixgbe's register") {
  CHECK(models::adaptive_gap(60) == 10 * sim::kMicrosecond);   // 84 / 2 = 42, of which 40 count
  CHECK(models::adaptive_gap(600) == 52 * sim::kMicrosecond);  // 624 / 3 = 208
  CHECK(models::adaptive_gap(1514) ==
        192 * sim::kMicrosecond);  // 1538 / 2 = 769, of which 768 count
  CHECK(models::adaptive_gap(9014) ==
        374 * sim::kMicrosecond);  // 3000 / 2 = 1500, of which 1496 count

  models::Coalesce coalesce;
  coalesce.kind = models::CoalesceKind::adaptive;
  coalesce.min_delay_us = 2;
  coalesce.max_delay_us = 128;
  models::Moderator moderator(coalesce, 1024);
  CHECK(moderator.gap() == 32 * sim::kMicrosecond);
  CHECK(moderator.due(7, 1) == 7);  // idle for long: at once
  moderator.interrupted(100);
  CHECK(moderator.due(200, 1) == 100 + 32 * sim::kMicrosecond);
  moderator.frame_serviced(60);
  moderator.interrupted(1000);  // computes 10 us, which the next interrupt writes
  CHECK(moderator.gap() == 32 * sim::kMicrosecond);
  moderator.frame_serviced(1514);
  moderator.interrupted(2000);
  CHECK(moderator.gap() == 10 * sim::kMicrosecond);
  moderator.interrupted(3000);  // 192 us is beyond max_delay_us
  CHECK(moderator.gap() == 128 * sim::kMicrosecond);

  // By default the rule is ixgbe's own, without clips.
  IdealNic nic(nic_with(models::CoalesceKind::adaptive, 0), steady());
  nic.run_for(200 * sim::kMillisecond);
  CHECK(nic.rate() == Approx(1e6 / 192).epsilon(0.01));
}

TEST_CASE(
    "network: a ring whose driver sleeps overflows after as many frames as it has descriptors") {
  models::Nic spec = nic_with(models::CoalesceKind::none, 0);
  spec.rx_ring = 512;
  test::FakeHardware hw;
  models::NicDevice device(spec, {0}, hw, [](int) {});
  const auto source =
      models::make_traffic(steady(), spec, 1, hw, device, sim::Stream(1, 0, "traffic"));
  source->start();
  hw.run_until(sim::kMillisecond);
  CHECK(device.stats().frames_received == 512);
  CHECK(device.stats().frames_dropped == source->stats().frames_offered - 512);
  CHECK(device.stats().interrupts == 1);  // masked from then on
  CHECK(device.stats().peak_fill == 512);
}

TEST_CASE("network: DMA delays a frame, and holds its descriptor meanwhile") {
  models::Nic spec = nic_with(models::CoalesceKind::none, 0);
  spec.dma_latency_ns = 5000;
  spec.rx_ring = 2;
  test::FakeHardware hw;
  sim::Picoseconds interrupted_at = 0;
  models::NicDevice device(spec, {0}, hw, [&](int) { interrupted_at = hw.now(); });
  for (int i = 0; i < 3; ++i) device.frame_arrives({.wire_at = 0, .payload = 100});
  CHECK(device.stats().frames_dropped == 1);
  CHECK(device.queue(0).empty());
  hw.run();
  CHECK(interrupted_at == 5 * sim::kMicrosecond);
  CHECK(device.queue(0).take()->payload == 100);
}

TEST_CASE("network: connections keep to their queues") {
  models::Nic spec;
  spec.queues = 2;
  std::vector<models::SocketSpec> sockets(3);
  sockets[0].count = 2;
  sockets[1].queue = 0;
  CHECK(models::queues_of_sockets(sockets, 2) == std::vector<int>{0, 1, 0, 1});
  spec.interrupt_core = 3;
  CHECK(models::cores_of_queues(spec, 4) == std::vector<int>{3, 0});
  spec.queue_cores = {2, 2};
  CHECK(models::cores_of_queues(spec, 4) == std::vector<int>{2, 2});
}
