// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "models/close_path.hpp"
#include "models/tcp.hpp"
#include "models/traffic/tcp_sender.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/network_rig.hpp"

using Catch::Approx;

namespace {

constexpr std::int64_t kMss = 1448;

test::NetworkRig::Options closed_loop(double rtt_us) {
  test::NetworkRig::Options o;
  o.traffic.kind = models::TrafficKind::tcp;
  o.traffic.rtt_us = rtt_us;
  o.traffic.initial_window_segments = 10;
  o.nic.rx_ring = 4096;
  return o;
}

/// No traffic of its own: the test hands segments in.
struct Bench : test::NetworkRig {
  struct FarEnd : models::Peer {
    void connected(std::int64_t window) override { first_window = window; }
    void ack_leaves(const models::Ack& ack) override { acks.push_back(ack); }
    std::int64_t first_window = 0;
    std::vector<models::Ack> acks;
  };

  explicit Bench(Options o = {}) : NetworkRig(std::move(o)) {
    models::tcp_attach(so(), shared, &far, options.tcp);
  }
  models::Segment segment(std::int64_t seq, std::int32_t len = 1448) {
    models::Mbuf* m = nullptr;
    if (len > 0) {
      m = pool.alloc(2048);
      m->m_len = len;
      m->stream_offset = seq;
    }
    return {.seq = seq, .len = len, .chain = m};
  }
  void input(std::int64_t seq, std::int32_t len = 1448) { tcp_input(k, so(), segment(seq, len)); }
  void check_end() {
    so().so_rcv.check_conservation();
    CHECK(so().so_rcv.accounting_error().empty());
    CHECK(k.held.empty());
    pool.check_conservation();
  }
  FarEnd far;
};

int count_of(const std::vector<std::string>& history, const std::string& what) {
  return static_cast<int>(std::count(history.begin(), history.end(), what));
}

}  // namespace

TEST_CASE("network: header prediction releases tcp before the append") {
  Bench b;
  b.input(0);
  CHECK(b.k.history ==
        std::vector<std::string>{"+tcp", "+tcpinp", "-tcp", "+so_rcv", "-so_rcv", "-tcpinp"});
  CHECK(b.k.acquisitions["tcp_input.c:1201"] == 1);
  CHECK(b.so().so_rcv.sb_cc == 1448);
  CHECK(b.far.acks.empty());  // delayed
  b.input(1448);
  REQUIRE(b.far.acks.size() == 1);
  CHECK(b.far.acks[0].ack == 2 * kMss);
  CHECK(b.far.acks[0].window == 65536 - 2 * kMss);
  b.check_end();
}

TEST_CASE("network: the slow path keeps tcp to the end") {
  Bench b;
  b.input(1448);  // a hole
  CHECK(b.k.history == std::vector<std::string>{"+tcp", "+tcpinp", "-tcp", "-tcpinp"});
  CHECK(b.so().so_rcv.sb_cc == 0);
  REQUIRE(b.far.acks.size() == 1);
  CHECK(b.far.acks[0].ack == 0);
  b.k.history.clear();
  b.input(0);
  CHECK(b.k.history == std::vector<std::string>{"+tcp", "+tcpinp", "+so_rcv", "-so_rcv", "+so_rcv",
                                                "-so_rcv", "-tcp", "-tcpinp"});
  CHECK(b.k.acquisitions["tcp_input.c:2260"] == 2);
  CHECK(b.so().so_rcv.sb_cc == 2 * kMss);
  CHECK(b.far.acks.back().ack == 2 * kMss);
  b.check_end();
}

TEST_CASE("network: a lonely segment is acknowledged after 100 ms") {
  Bench b;
  b.input(0);
  b.hw.run_until(99 * sim::kMillisecond);
  CHECK(b.far.acks.empty());
  b.hw.run_until(101 * sim::kMillisecond);
  REQUIRE(b.far.acks.size() == 1);
  CHECK(b.far.acks[0].sent_at == 100 * sim::kMillisecond);
  CHECK(b.so().tcb.stats.delayed_ack_timeouts == 1);
  b.hw.run();
  CHECK(b.far.acks.size() == 1);
}

TEST_CASE("network: overlapping segments in any order give each byte once") {
  std::vector<std::pair<std::int64_t, std::int32_t>> pieces = {
      {0, 100}, {50, 100}, {150, 50}, {120, 200}, {320, 1}, {321, 400}, {300, 300}, {700, 21}};
  int orders = 0;
  do {
    Bench b;
    for (const auto& [seq, len] : pieces) b.input(seq, len);
    CHECK(b.so().tcb.rcv_nxt == 721);
    CHECK(b.so().so_rcv.sb_cc == 721);
    CHECK(b.so().tcb.reass.empty());
    CHECK(b.so().tcb.stats.duplicate_bytes == 100 + 100 + 50 + 200 + 1 + 400 + 300 + 21 - 721);
    b.check_end();
    for (int i = 0; i < 97; ++i) std::next_permutation(pieces.begin(), pieces.end());
  } while (++orders < 300);
}

TEST_CASE("network: the reassembly queue has a limit, but takes the segment it waits for") {
  Bench b;
  for (int i = 1; i <= 60; ++i) b.input(std::int64_t{100} * i, 50);
  CHECK(b.so().tcb.reass.size() == models::kReassemblyLimit);
  CHECK(b.so().tcb.stats.reass_dropped_frames == 12);
  b.input(0, 100);
  CHECK(b.so().tcb.rcv_nxt == 150);
  models::tcp_drain(b.so());
  b.check_end();
}

TEST_CASE("network: data beyond the advertised window is cut off") {
  test::NetworkRig::Options o;
  o.buffer_bytes = 4000;
  Bench b(o);
  b.input(0);
  b.input(1448);
  b.input(2 * kMss);
  CHECK(b.so().tcb.rcv_nxt == 4000);
  CHECK(b.so().tcb.stats.beyond_window_bytes == 344);
  CHECK(b.far.acks.back().window == 0);
  b.input(4000, 1);  // a probe of the closed window
  CHECK(b.far.acks.back().ack == 4000);
  b.read_all(b.so());
  CHECK(b.so().tcb.stats.window_updates == 1);
  CHECK(b.far.acks.back().window == 4000);
  b.check_end();
}

TEST_CASE("network: open-loop data that does not fit is dropped without a hole") {
  test::NetworkRig::Options o;
  o.buffer_bytes = 4000;
  Bench b(o);
  for (int i = 0; i < 4; ++i) b.input(models::kUnsequenced);
  CHECK(b.so().so_rcv.sb_cc == 2 * kMss);
  CHECK(b.so().tcb.stats.window_full_frames == 2);
  CHECK(b.so().tcb.stats.window_full_bytes == 2 * kMss);
  b.read_all(b.so());
  b.input(models::kUnsequenced);
  CHECK(b.so().so_rcv.sb_mb->stream_offset == 2 * kMss);
  b.check_end();
}

TEST_CASE("network: window updates go out at two segments or half the buffer") {
  Bench b;
  const auto read = [&](std::int64_t bytes) {
    b.k.lock(b.so().so_rcv.sb_mtx, models::points::kSoreceiveEntry);
    b.so().so_rcv.sbdrop(b.k, bytes);
    b.so().so_rcv.counters.copied += bytes;
    b.k.unlock(b.so().so_rcv.sb_mtx);
    models::tcp_usr_rcvd(b.k, b.so());
  };
  for (int i = 0; i < 4; ++i) b.input(i * kMss);
  read(1448);
  CHECK(b.so().tcb.stats.window_updates == 0);
  read(1447);
  CHECK(b.so().tcb.stats.window_updates == 0);
  read(1);
  CHECK(b.so().tcb.stats.window_updates == 1);
  CHECK(b.far.acks.back().window == 65536 - 2 * kMss);

  test::NetworkRig::Options small;
  small.buffer_bytes = 2000;  // less than two segments: half the buffer decides
  Bench s(small);
  s.input(0, 900);
  s.read_all(s.so());
  CHECK(s.so().tcb.stats.window_updates == 0);
  Bench h(small);
  h.input(0, 1000);
  h.read_all(h.so());
  CHECK(h.so().tcb.stats.window_updates == 1);
  CHECK(h.far.acks.back().window == 2000);
}

TEST_CASE("network: the tree of 2006 takes tcp in pru_rcvd, too") {
  for (const models::Era era : {models::Era::y2006, models::Era::y2007_03}) {
    test::NetworkRig::Options o;
    o.era = era;
    Bench b(o);
    models::tcp_usr_rcvd(b.k, b.so());
    CHECK(count_of(b.k.history, "+tcp") == (era == models::Era::y2006 ? 1 : 0));
    CHECK(count_of(b.k.history, "+tcpinp") == 1);
  }
}

TEST_CASE("network: FIN keeps data, RST keeps data and leaves an error") {
  Bench b;
  models::Segment last = b.segment(0);
  last.fin = true;
  tcp_input(b.k, b.so(), last);
  CHECK(b.so().so_rcv.cantrcvmore());
  CHECK(b.so().so_rcv.sb_cc == 1448);
  CHECK(b.far.acks.back().fin_received);
  CHECK(b.so().tcb.t_state == models::TcpState::close_wait);

  Bench r;
  r.input(0);
  tcp_input(r.k, r.so(), {.rst = true});
  CHECK(r.so().so_error == models::Errno::econnreset);
  CHECK(r.so().so_rcv.sb_cc == 1448);
  CHECK_FALSE(r.so().connected());
  r.input(1448);  // nobody is there any more
  CHECK(r.so().tcb.stats.no_connection_frames == 1);
  CHECK(r.so().so_rcv.sb_cc == 1448);
  r.check_end();
}

TEST_CASE("network: data after the reader shut down is freed and counted") {
  Bench b;
  b.input(0);
  models::soshutdown_rd(b.k, b.so());
  b.input(1448);
  CHECK(b.so().tcb.stats.discarded_bytes == 1448);
  CHECK(b.so().so_rcv.sb_cc == 0);
  CHECK(b.pool.live() == 0);
  b.check_end();
}

TEST_CASE("network: data after the last close resets the connection and frees the socket") {
  Bench b;
  b.input(0);
  models::close_descriptor(b.k, b.so());
  CHECK(b.far.acks.back().fin);
  CHECK_FALSE(b.so().freed);  // TCP still needs it
  b.input(1448);
  CHECK(b.far.acks.back().rst);
  CHECK(b.so().freed);
  CHECK(b.so().tcb.detached);
  b.input(2 * kMss);
  CHECK(b.pool.live() == 0);
  CHECK(b.k.held.empty());
}

TEST_CASE("network: a window bounds the throughput of a TCP sender") {
  struct Point {
    std::int64_t buffer;
    double rtt_us;
  };
  for (const Point& p :
       {Point{65536, 100}, Point{65536, 200}, Point{262144, 500}, Point{131072, 400}}) {
    CAPTURE(p.buffer, p.rtt_us);
    auto o = closed_loop(p.rtt_us);
    o.buffer_bytes = p.buffer;
    test::NetworkRig rig(o);
    rig.read_every(sim::kMicrosecond / 4);
    rig.hw.run_until(20 * sim::kMillisecond);
    const std::int64_t at_20 = rig.so().so_rcv.counters.copied;
    rig.hw.run_until(70 * sim::kMillisecond);
    const double gbps = static_cast<double>(rig.so().so_rcv.counters.copied - at_20) * 8 / 5e7;
    // The frame's own time on the wire adds to the round trip; mbcnt bounds the largest buffer.
    const double bound = static_cast<double>(p.buffer) * 8 / (p.rtt_us * 1e3);
    CHECK(gbps <= bound);
    if (p.buffer < 262144) CHECK(gbps >= 0.93 * bound);
    CHECK(rig.source->stats().retransmitted_frames == 0);
  }
}

TEST_CASE("network: a window larger than the pipe fills the wire, shared evenly") {
  auto o = closed_loop(40);
  o.sockets = 4;
  test::NetworkRig rig(o);
  rig.read_every(sim::kMicrosecond);
  rig.hw.run_until(10 * sim::kMillisecond);
  std::vector<std::int64_t> before;
  for (const auto& so : rig.sockets) before.push_back(so->so_rcv.counters.copied);
  rig.hw.run_until(60 * sim::kMillisecond);
  double sum = 0;
  for (int i = 0; i < 4; ++i) {
    const double gbps = static_cast<double>(rig.so(i).so_rcv.counters.copied -
                                            before[static_cast<std::size_t>(i)]) *
                        8 / 5e7;
    CHECK(gbps == Approx(9.4148 / 4).epsilon(0.01));
    sum += gbps;
  }
  CHECK(sum == Approx(9.4148).epsilon(1e-3));
  CHECK(sum <= 9.4148 * 1.0002);
}

TEST_CASE("network: what a full ring drops is sent again, and every byte arrives once") {
  struct Case {
    int ring;
    double timer_us;
    std::int64_t buffer;
  };
  for (const Case& c :
       {Case{16, 30, 65536}, Case{4, 100, 65536}, Case{2, 50, 20000}, Case{1, 0, 65536}}) {
    CAPTURE(c.ring, c.timer_us);
    auto o = closed_loop(100);
    o.nic.rx_ring = c.ring;
    o.nic.dma_latency_ns = 3000;
    o.nic.coalesce.kind = models::CoalesceKind::timer;
    o.nic.coalesce.delay_us = c.timer_us;
    o.buffer_bytes = c.buffer;
    o.traffic.rto_ms = 2;
    o.traffic.bytes = 3'000'000;
    test::NetworkRig rig(o);
    rig.read_every(10 * sim::kMicrosecond);
    while (rig.so().so_rcv.counters.copied < 3'000'000 && rig.hw.now() < 20 * sim::kSecond) {
      rig.hw.run_until(rig.hw.now() + 10 * sim::kMillisecond);
    }
    CHECK(rig.so().tcb.rcv_nxt == 3'000'000);
    CHECK(rig.so().so_rcv.counters.copied == 3'000'000);
    CHECK(rig.so().tcb.fin_received);
    CHECK(rig.driver->nic().stats().frames_dropped > 0);
    CHECK(rig.source->stats().retransmitted_frames > 0);
    rig.so().so_rcv.check_conservation();
    CHECK(rig.pool.live() == 0);
  }
}

TEST_CASE("network: three duplicate ACKs repeat the hole without a timeout") {
  auto o = closed_loop(100);
  o.traffic.bytes = 400'000;
  o.nic.rx_ring = 4096;
  test::NetworkRig rig(o);
  rig.read_every(sim::kMicrosecond);
  // One frame is lost in the middle: its descriptor is taken away by a driver that ignores it once.
  bool lost = false;
  rig.hw.on_interrupt = [&](sim::ThreadId thread) {
    rig.hw.at(rig.hw.now(), [&rig, &lost, thread] {
      if (!lost && rig.hw.now() > 500 * sim::kMicrosecond) {
        lost = rig.driver->nic().queue(0).take().has_value();
      }
      rig.driver->service(rig.k, static_cast<int>(thread));
    });
  };
  rig.hw.run_until(sim::kSecond);
  CHECK(lost);
  CHECK(rig.so().so_rcv.counters.copied == 400'000);
  CHECK(rig.source->stats().fast_retransmits == 1);
  CHECK(rig.source->stats().retransmitted_frames == 1);
  CHECK(rig.source->stats().timeouts == 0);
}

TEST_CASE("network: a closed window holds the sender until the reader comes") {
  auto o = closed_loop(100);
  test::NetworkRig rig(o);
  rig.hw.run_until(50 * sim::kMillisecond);
  CHECK(rig.so().so_rcv.sb_cc ==
        45 * kMss);                    // what is left is less than a segment: not worth sending
  rig.hw.run_until(2 * sim::kSecond);  // until the persist timer thinks otherwise
  CHECK(rig.so().so_rcv.sb_cc == 65536);
  const auto& senders = dynamic_cast<const models::TcpSenders&>(*rig.source);
  CHECK(senders.sender(0).unacknowledged() == 0);
  CHECK(rig.source->stats().timeouts == 0);
  rig.read_all(rig.so());
  rig.hw.run_until(2001 * sim::kMillisecond);
  CHECK(rig.so().so_rcv.sb_cc >= 45 * kMss);
}

TEST_CASE("network: receive autosizing grows the buffer to its limit and no further") {
  auto o = closed_loop(1000);
  o.tcp.autosize = true;
  o.tcp.autosize_max = 131072;
  test::NetworkRig small(o);
  small.read_every(10 * sim::kMicrosecond);
  small.hw.run_until(300 * sim::kMillisecond);
  CHECK(small.so().so_rcv.sb_hiwat == 131072);
  // The kernel's own limit is 262,144, but sbreserve grants no more than 233,016: the step beyond
  // ends it.
  o.tcp.autosize_max = 262144;
  test::NetworkRig rig(o);
  rig.read_every(10 * sim::kMicrosecond);
  rig.hw.run_until(300 * sim::kMillisecond);
  CHECK(rig.so().so_rcv.sb_hiwat == 65536 + 10 * 16384);
  CHECK_FALSE(rig.so().tcb.options.autosize);
  o.tcp.autosize = false;
  test::NetworkRig fixed(o);
  fixed.read_every(10 * sim::kMicrosecond);
  fixed.hw.run_until(300 * sim::kMillisecond);
  CHECK(fixed.so().so_rcv.sb_hiwat == 65536);
  CHECK(rig.so().so_rcv.counters.copied > 2 * fixed.so().so_rcv.counters.copied);
}

TEST_CASE("network: LRO takes so_rcv once an aggregate, and mbufs per frame lengthen the chain") {
  for (const bool lro : {false, true}) {
    test::NetworkRig::Options o;
    o.traffic.kind = models::TrafficKind::line_rate;
    o.nic.mtu = 9000;
    o.nic.lro.enabled = lro;
    o.nic.mbufs_per_frame = 3;
    o.nic.coalesce.kind = models::CoalesceKind::timer;
    o.nic.coalesce.delay_us = 30;
    test::NetworkRig rig(o);
    rig.hw.run_until(60 * sim::kMicrosecond);
    CHECK(rig.driver->stats().frames == 5);
    CHECK(rig.k.acquisitions["tcp_input.c:1201"] == (lro ? 1 : 5));
    int mbufs = 0;
    for (const models::Mbuf* m = rig.so().so_rcv.sb_mb; m != nullptr; m = m->m_next) ++mbufs;
    CHECK(rig.so().so_rcv.sb_cc == std::int64_t{5} * 8948);
    CHECK(mbufs == 15);
    CHECK(rig.so().so_rcv.sb_mbcnt == std::int64_t{15} * (256 + 4096));
    CHECK(rig.driver->lro_frames_merged() == (lro ? 5 : 0));
  }
}

TEST_CASE("network: the peer's FIN and RST can be injected") {
  for (const auto kind : {models::TrafficKind::tcp, models::TrafficKind::line_rate}) {
    for (const bool rst : {false, true}) {
      auto o = closed_loop(100);
      o.traffic.kind = kind;
      test::NetworkRig rig(o);
      rig.read_every(sim::kMicrosecond);
      rig.hw.run_until(5 * sim::kMillisecond);
      rig.source->inject(0, rst);
      rig.hw.run_until(6 * sim::kMillisecond);
      CHECK(rig.so().so_rcv.cantrcvmore());
      CHECK(rig.so().tcb.fin_received == !rst);
      CHECK((rig.so().so_error == models::Errno::econnreset) == rst);
      const std::int64_t frames = rig.source->stats().frames_offered;
      rig.hw.run_until(50 * sim::kMillisecond);
      CHECK(rig.source->stats().frames_offered == frames);
    }
  }
}
