// SPDX-License-Identifier: BSD-2-Clause
//
// Linux's socket lock: who processes a segment, what is locked for it, and how the socket ends.
#include <algorithm>
#include <string>

#include "models/receive/receive.hpp"
#include "models/socket_lock.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_hardware.hpp"
#include "tests/support/socket_rig.hpp"

using models::ReceiveResult;
using test::kSegment;
using test::SocketRig;

namespace {

constexpr std::uint32_t kSoftirq = 100;

/// A socket of linux_backlog whose segments come as tcp_v4_rcv brings them.
class BacklogRig : public SocketRig {
 public:
  explicit BacklogRig(std::int64_t hiwat = 65536) : SocketRig({.hiwat = hiwat}) {
    models::adopt(so, *models::find_algorithm("linux_backlog"));
    models::tcp_attach(so, shared_, nullptr, {.delayed_ack = false});
    so.proto = &models::kTcpProtocol;
  }
  void segment() {
    models::Segment segment;
    segment.len = kSegment;
    segment.chain = pool.alloc(models::kMclbytes);
    segment.chain->m_len = kSegment;
    k.as(kSoftirq, 0, [&] { models::backlog_input(k, so, segment); });
  }
  void flagged(bool rst) {
    models::Segment segment;
    segment.rst = rst;
    segment.fin = !rst;
    k.as(kSoftirq, 0, [&] { models::backlog_input(k, so, segment); });
  }
  ReceiveResult read(std::int64_t bytes, models::ReceiveFlags flags = {}) {
    return receive("linux_backlog", bytes, flags);
  }

 private:
  sim::LockClass tcp_class_{"tcp"};
  test::FakeHardware hardware_;
  models::TcpShared shared_{tcp_class_, hardware_};
};

}  // namespace

// Acquisitions of the spin lock: one a segment, two for owning and releasing, one a batch of the
// backlog, taken again after the batch was processed [L26 tcp_v4_rcv, lock_sock, __release_sock].
TEST_CASE("the spin lock is taken once a segment, twice a call, once a batch", "[sockets]") {
  BacklogRig rig;
  rig.segment();
  rig.segment();
  CHECK(rig.so_rcv_locks() == 2);
  rig.k.forget();

  SECTION("an empty backlog") {
    CHECK(rig.read(65536).bytes == 2 * kSegment);
    CHECK(rig.so_rcv_locks() == 2);
  }
  SECTION("three segments during the copy: one batch") {
    rig.meanwhile("copy_out", 1, [&rig] {
      for (int i = 0; i < 3; ++i) rig.segment();
    });
    CHECK(rig.read(2 * kSegment).bytes == 2 * kSegment);
    CHECK(rig.so.so_rcv.sb_cc == 3 * kSegment);
    CHECK(rig.so_rcv_locks() == 3 + 2 + 1);
  }
  SECTION("another one while that batch is processed: two") {
    rig.meanwhile("copy_out", 1, [&rig] { rig.segment(); });
    rig.meanwhile("unlock:so_rcv", 3, [&rig] { rig.segment(); });  // own, segment, release
    CHECK(rig.read(2 * kSegment).bytes == 2 * kSegment);
    CHECK(rig.so.so_rcv.sb_cc == 2 * kSegment);
    CHECK(rig.so_rcv_locks() == 2 + 2 + 2);
  }
  SECTION("room for more: the call reads the backlog, too") {
    rig.meanwhile("copy_out", 1, [&rig] { rig.segment(); });
    CHECK(rig.read(65536).bytes == 3 * kSegment);
    CHECK(rig.so_rcv_locks() == 1 + 2 * 2 + 1);
  }
  rig.check_idle();
}

TEST_CASE("the backlog is processed by the reader", "[sockets]") {
  BacklogRig rig;
  rig.segment();
  std::int64_t during = -1;
  rig.meanwhile("copy_out", 1, [&] {
    rig.segment();
    during = rig.so.tcb.rcv_nxt;
  });
  CHECK(rig.read(kSegment).bytes == kSegment);
  CHECK(during == kSegment);  // no TCP processing, no ACK, until the release
  CHECK(rig.so.tcb.rcv_nxt == 2 * kSegment);
  CHECK(std::count(rig.k.notes().begin(), rig.k.notes().end(),
                   "processes a segment of the backlog") == 1);
  rig.check_idle();
}

TEST_CASE("a backlog of twice the buffer is full", "[sockets]") {
  BacklogRig rig(2 * kSegment);
  rig.segment();
  rig.meanwhile("copy_out", 1, [&rig] {
    for (int i = 0; i < 6; ++i) rig.segment();
  });
  CHECK(rig.read(kSegment).bytes == kSegment);
  CHECK(rig.so.tcb.stats.backlog_dropped_frames == 2);
  // Of the four that waited two fit into the buffer.
  CHECK(rig.so.so_rcv.sb_cc == 2 * kSegment);
  CHECK(rig.so.tcb.stats.window_full_frames == 2);
  CHECK(rig.pool.live() == 2);
  rig.check_idle();
}

TEST_CASE("MSG_PEEK of Linux waits for its target, and looks at each byte once", "[sockets]") {
  BacklogRig rig;
  rig.segment();
  rig.meanwhile("sleep:sbwait", 1, [&rig] { rig.segment(); });
  CHECK(rig.read(2000, {.peek = true, .waitall = true}).bytes == 2000);
  REQUIRE(rig.uio.chunks.size() == 2);
  CHECK(rig.uio.chunks[1].offset == kSegment);
  CHECK(rig.so.so_rcv.sb_cc == 2 * kSegment);
  rig.check_idle();
  // A request that ends within an mbuf, looked at again from its middle.
  rig.meanwhile("copy_out", 1, [&rig] { rig.segment(); });
  CHECK(rig.read(65536, {.peek = true}).bytes == 3 * kSegment);
  CHECK(rig.so.so_rcv.counters.copied == 0);
  rig.check_idle();
}

TEST_CASE("close and shutdown wait until they own the socket", "[sockets]") {
  const auto disturb = GENERATE(models::kernel_close, models::soshutdown_rd);
  BacklogRig rig;
  rig.segment();
  std::string waits_for;
  rig.meanwhile("copy_out", 1, [&] {
    try {
      disturb(rig.k, rig.so);
    } catch (const test::ScriptedKernel::StuckError& stuck) {
      waits_for = stuck.what();
    }
  });
  CHECK(rig.read(65536).bytes == kSegment);
  CHECK(waits_for == "sleeps for ever on sblock");
  CHECK_FALSE(rig.so.freed);
}

TEST_CASE("shutdown leaves the data, which the next read brings before the end", "[sockets]") {
  BacklogRig rig;
  rig.segment();
  models::soshutdown_rd(rig.k, rig.so);
  CHECK(rig.read(65536).bytes == kSegment);
  CHECK(rig.read(65536).bytes == 0);
  rig.check_idle();
}

TEST_CASE("the last reference frees a closed socket: the softirq's", "[sockets]") {
  BacklogRig rig;
  rig.segment();
  models::close_descriptor(rig.k, rig.so);
  CHECK_FALSE(rig.so.freed);  // TCP still needs it
  CHECK(rig.so.so_count == 0);
  rig.flagged(true);
  CHECK(rig.so.freed);
  CHECK(rig.pool.live() == 0);
  rig.segment();  // finds nobody
  CHECK(rig.so.tcb.stats.no_connection_frames == 1);
  CHECK(rig.pool.live() == 0);
  rig.check_books();
}

TEST_CASE("a FIN in the backlog ends the stream after the data before it", "[sockets]") {
  BacklogRig rig;
  rig.segment();
  rig.meanwhile("copy_out", 1, [&rig] {
    rig.segment();
    rig.flagged(false);
  });
  CHECK(rig.read(kSegment).bytes == kSegment);
  CHECK(rig.so.so_rcv.cantrcvmore());
  CHECK(rig.read(65536).bytes == kSegment);
  CHECK(rig.read(65536).bytes == 0);
  rig.check_idle();
}
