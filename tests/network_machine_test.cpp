// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "models/driver.hpp"
#include "models/reader.hpp"
#include "models/receive/receive.hpp"
#include "models/tcp.hpp"
#include "models/traffic/traffic.hpp"
#include "sim/engine/simgrid_engine.hpp"
#include "sim/machine/machine.hpp"
#include "tests/support/catch.hpp"

using Catch::Approx;

namespace {

/// The network on the real machine with free primitives: only the costs that a test names.
struct NetworkRun {
  struct Options {
    models::Traffic traffic;
    models::Nic nic;
    models::NetCosts costs;
    int cores = 2;
    int sockets = 1;
    bool readers = true;
    int reader_core = 1;
    std::int64_t buffer_bytes = 65536;
    const char* algorithm = "generic";
    sim::Picoseconds warmup_ps = 2 * sim::kMillisecond;
    sim::Picoseconds horizon_ps = 22 * sim::kMillisecond;
  };

  explicit NetworkRun(Options o) : options(std::move(o)) {
    const auto engine = sim::make_simgrid_engine({});
    sim::Machine::Options machine_options;
    machine_options.scheduler.topology =
        sim::Topology(std::vector<sim::CorePlace>(static_cast<std::size_t>(options.cores)));
    machine_options.warmup_ps = options.warmup_ps;
    machine_options.horizon_ps = options.horizon_ps;
    sim::Machine machine(*engine, machine_options);
    sim::LockProfile& profile = machine.lock_profile();
    sim::LockClass& tcp = profile.add_class("tcp", sim::LockKind::adaptive);
    sim::LockClass& tcpinp = profile.add_class("tcpinp", sim::LockKind::adaptive);
    sim::LockClass& so_rcv = profile.add_class("so_rcv", sim::LockKind::adaptive);
    sim::LockClass& so_rcv_sx = profile.add_class("so_rcv_sx", sim::LockKind::sx);
    models::MbufPool pool;
    models::TcpShared shared(tcp, machine);
    std::vector<std::unique_ptr<models::Socket>> sockets;
    std::vector<models::Socket*> pointers;
    std::vector<int> queues;
    for (int i = 0; i < options.sockets; ++i) {
      sockets.push_back(std::make_unique<models::Socket>(
          i, models::SocketLockClasses{so_rcv, so_rcv_sx, tcpinp},
          models::BufferLimits{
              options.buffer_bytes, 1,
              std::max(models::kSbMax, models::least_sb_max(options.buffer_bytes))},
          pool, options.costs, models::Era::y2007_05, models::Sblock::sx));
      pointers.push_back(sockets.back().get());
      queues.push_back(i % options.nic.queues);
    }
    models::Driver driver(options.nic, options.costs, pointers, queues,
                          models::cores_of_queues(options.nic, options.cores), pool, machine);
    driver.start();
    const auto source = models::make_traffic(options.traffic, options.nic, options.sockets, machine,
                                             driver.nic(), sim::Stream(1, 0, "traffic"));
    std::vector<std::unique_ptr<models::ReaderThread>> readers;
    for (auto* so : pointers) {
      models::TcpOptions tcp_options;
      tcp_options.maxseg = options.nic.mss();
      models::tcp_attach(*so, shared, &source->peer(so->index), tcp_options);
      if (!options.readers) continue;
      models::ReaderConfig config;
      config.algorithm = models::find_algorithm(options.algorithm);
      readers.push_back(std::make_unique<models::ReaderThread>(*so, config, nullptr));
      machine.spawn({.name = "reader", .core = options.reader_core, .daemon = true},
                    [reader = readers.back().get()](sim::KernelOps& k) { reader->run(k); });
    }
    source->start();
    machine.on_warmup_end([&] {
      driver.reset_stats();
      source->reset_stats();
      for (auto* so : pointers) so->tcb.stats = {};
      for (const auto& reader : readers) reader->reset_stats(0);
    });
    result = machine.run();
    driver_stats = driver.stats();
    nic_stats = driver.nic().stats();
    traffic_stats = source->stats();
    for (auto* so : pointers) {
      accepted += so->tcb.stats.frames - so->tcb.stats.window_full_frames;
      segments += so->tcb.stats.segments;
      so->so_rcv.check_conservation();
      errors += so->so_rcv.accounting_error();
    }
    for (const auto& reader : readers) read_bytes += reader->stats().bytes;
    pool.check_conservation();
  }

  double seconds() const { return sim::to_s(options.horizon_ps - options.warmup_ps); }
  double goodput_gbps() const { return static_cast<double>(read_bytes) * 8 / seconds() / 1e9; }

  Options options;
  sim::RunResult result;
  models::DriverStats driver_stats;
  models::NicStats nic_stats;
  models::TrafficStats traffic_stats;
  std::int64_t accepted = 0;
  std::int64_t segments = 0;
  std::int64_t read_bytes = 0;
  std::string errors;
};

NetworkRun::Options with(models::TrafficKind kind, int mtu = 1500) {
  NetworkRun::Options o;
  o.traffic.kind = kind;
  o.nic.mtu = mtu;
  return o;
}

}  // namespace

TEST_CASE("network: a free machine delivers the whole wire to the application") {
  struct Point {
    int mtu;
    double gbps;
  };
  for (const Point& p : {Point{1500, 9.4148}, Point{9000, 9.9004}}) {
    for (const auto kind : {models::TrafficKind::line_rate, models::TrafficKind::tcp}) {
      CAPTURE(p.mtu, static_cast<int>(kind));
      auto o = with(kind, p.mtu);
      o.traffic.rtt_us = 20;
      o.buffer_bytes = 131072;
      NetworkRun run(o);
      CHECK(run.result.verdict == sim::Verdict::completed);
      CHECK(run.goodput_gbps() == Approx(p.gbps).epsilon(1e-3));
      CHECK(run.nic_stats.frames_dropped == 0);
      CHECK(run.errors.empty());
    }
  }
}

TEST_CASE("network: receive livelock follows its formula") {
  // Interrupt work of 4 us on every frame preempts protocol work of 6 us; the queue drops in
  // between.
  struct Point {
    double offered;
    double accepted;
  };
  for (const Point& p : {Point{5e4, 50'000}, Point{1.5e5, 66'666.7}, Point{2e5, 33'333.3},
                         Point{1.8e5, 46'666.7}, Point{2.6e5, 0}}) {
    CAPTURE(p.offered);
    auto o = with(models::TrafficKind::poisson);
    o.traffic.rate_pps = p.offered;
    o.nic.dispatch = models::Dispatch::netisr;
    o.nic.netisr_core = 0;
    o.nic.rx_ring = 65536;
    o.costs.driver_frame_ps = 4 * sim::kMicrosecond;
    o.costs.tcp_input_ps = 6 * sim::kMicrosecond;
    o.cores = 1;
    o.readers = false;
    o.buffer_bytes = std::int64_t{1} << 40;
    o.warmup_ps = 20 * sim::kMillisecond;
    o.horizon_ps = 1020 * sim::kMillisecond;
    NetworkRun run(o);
    CHECK(run.result.verdict == sim::Verdict::completed);
    const double rate = static_cast<double>(run.accepted) / run.seconds();
    CHECK(rate == Approx(p.accepted).epsilon(0.03).margin(100));
    if (p.offered > 1e5) CHECK(run.driver_stats.netisr_dropped_frames > 0);
  }
}

TEST_CASE("network: a slow reader makes a TCP sender wait, not lose") {
  auto o = with(models::TrafficKind::tcp);
  o.costs.copy_cold_ps_per_byte = 1600;  // 5 Gb/s
  o.costs.copy_warm_ps_per_byte = 1600;
  for (const char* algorithm : {"generic", "stream_inplace", "stream_putback"}) {
    o.algorithm = algorithm;
    NetworkRun run(o);
    CAPTURE(algorithm);
    CHECK(run.result.verdict == sim::Verdict::completed);
    CHECK(run.goodput_gbps() <= 5.01);
    CHECK(run.goodput_gbps() > 2.5);
    CHECK(run.traffic_stats.retransmitted_frames == 0);
    CHECK(run.errors.empty());
  }
}

TEST_CASE("network: a driver slower than the wire overflows the ring, and TCP repairs it") {
  auto o = with(models::TrafficKind::tcp);
  o.nic.rx_ring = 16;
  o.costs.driver_frame_ps = 3 * sim::kMicrosecond;
  o.traffic.rto_ms = 2;
  o.horizon_ps = 102 * sim::kMillisecond;
  NetworkRun run(o);
  CHECK(run.result.verdict == sim::Verdict::completed);
  CHECK(run.nic_stats.frames_dropped > 0);
  CHECK(run.traffic_stats.retransmitted_frames >= run.nic_stats.frames_dropped - 50);
  CHECK(run.goodput_gbps() > 0.3);  // one hole a round trip: NewReno has no SACK
  CHECK(run.goodput_gbps() <= 1448 * 8 / 3000.0 * 1.001);
  CHECK(run.errors.empty());
}

TEST_CASE("network: several queues, connections and LRO keep every byte") {
  auto o = with(models::TrafficKind::tcp);
  o.cores = 4;
  o.sockets = 4;
  o.nic.queues = 2;
  o.nic.interrupt_core = 2;
  o.nic.lro.enabled = true;
  o.nic.poll_budget = 8;
  o.nic.coalesce.kind = models::CoalesceKind::timer;
  o.nic.coalesce.delay_us = 20;
  o.costs.driver_interrupt_ps = 500 * sim::kNanosecond;
  o.costs.driver_frame_ps = 200 * sim::kNanosecond;
  o.costs.tcp_input_ps = 400 * sim::kNanosecond;
  o.costs.ack_output_ps = 300 * sim::kNanosecond;
  NetworkRun run(o);
  CHECK(run.result.verdict == sim::Verdict::completed);
  CHECK(run.goodput_gbps() == Approx(9.41).epsilon(0.02));
  CHECK(run.segments * 2 < run.driver_stats.frames);
  CHECK(run.errors.empty());
}
