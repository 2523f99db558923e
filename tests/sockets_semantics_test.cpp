// SPDX-License-Identifier: BSD-2-Clause
//
// What recv(2) promises, whatever the receive algorithm and the kind of sblock.
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "models/receive/receive.hpp"
#include "models/socket_lock.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_hardware.hpp"
#include "tests/support/socket_rig.hpp"

using models::CopyTrouble;
using models::Errno;
using models::ReceiveResult;
using models::Sblock;
using test::kSegment;
using test::SocketRig;

namespace {

/// A socket whose data leaves by `algorithm`.
class VariantRig : public SocketRig {
 public:
  VariantRig(std::string algorithm, Sblock sblock, Options options = {})
      : SocketRig(with(options, sblock)), name(std::move(algorithm)) {
    models::adopt(so, *models::find_algorithm(name));
    models::tcp_attach(so, shared_, nullptr, {.delayed_ack = false});
  }
  /// One segment of one mbuf, by the way that segments come to a socket like this.
  void append(int bytes, int storage = models::kMclbytes) {
    if (!so.socket_lock.used) {
      SocketRig::append(1, bytes, storage);
      return;
    }
    models::Segment segment;
    segment.len = bytes;
    segment.chain = pool.alloc(storage);
    segment.chain->m_len = bytes;
    k.as(100, 0, [&] { models::backlog_input(k, so, segment); });
  }
  /// The peer's RST.
  void reset() {
    if (!so.socket_lock.used) {
      models::so_drop(k, so, Errno::econnreset);
      return;
    }
    models::Segment segment;
    segment.rst = true;
    k.as(100, 0, [&] { models::backlog_input(k, so, segment); });
  }
  ReceiveResult read(std::int64_t bytes, models::ReceiveFlags flags = {}) {
    return receive(name, bytes, flags);
  }
  void check_idle() {
    CHECK(so.so_count == 1);
    SocketRig::check_idle();
  }

  const std::string name;

 private:
  static Options with(Options options, Sblock sblock) {
    options.sblock = sblock;
    if (sblock == Sblock::flag) options.era = models::Era::y2007_03;
    return options;
  }

  sim::LockClass tcp_class_{"tcp"};
  test::FakeHardware hardware_;
  models::TcpShared shared_{tcp_class_, hardware_};
};

/// Runs `body` with a name and a kind of sblock, for all of them.
template <class Body>
void for_all(Body body) {
  for (const models::ReceiveAlgorithm& algorithm : models::algorithms()) {
    for (const Sblock sblock : {Sblock::sx, Sblock::flag, Sblock::none}) {
      INFO(algorithm.name << ", sblock " << static_cast<int>(sblock));
      body(std::string(algorithm.name), sblock);
    }
  }
}

}  // namespace

TEST_CASE("reads of any size bring the stream in order", "[sockets][semantics]") {
  for_all([](const std::string& name, Sblock sblock) {
    VariantRig rig(name, sblock);
    for (int i = 0; i < 20; ++i) rig.append(kSegment);
    std::int64_t next = 0;
    for (const std::int64_t bytes : {1000, 1000, 448, 1448, 4000, 17000, 65536}) {
      const ReceiveResult result = rig.read(bytes);
      REQUIRE(result.error == Errno::ok);
      REQUIRE(result.bytes == std::min<std::int64_t>(bytes, 20 * kSegment - next));
      REQUIRE(rig.uio.chunks.front().offset == next);
      next += result.bytes;
      CHECK(rig.so.so_rcv.sb_cc == 20 * kSegment - next);
      rig.check_idle();
    }
    CHECK(rig.so.so_rcv.counters.copied == 20 * kSegment);
    CHECK(rig.pool.live() == 0);
  });
}

TEST_CASE("a blocking read sleeps until there is data, or SO_RCVLOWAT of it",
          "[sockets][semantics]") {
  for_all([](const std::string& name, Sblock sblock) {
    VariantRig rig(name, sblock, {.lowat = 2000});
    rig.meanwhile("sleep:sbwait", 1, [&] { rig.append(kSegment); });
    rig.meanwhile("sleep:sbwait", 2, [&] { rig.append(kSegment); });
    CHECK(rig.read(65536).bytes == 2 * kSegment);
    CHECK(rig.k.count("sleep:sbwait") == 2);
    rig.append(kSegment);
    CHECK(rig.read(65536, {.dontwait = true}).bytes == kSegment);
    rig.append(kSegment);
    CHECK(rig.read(1000).bytes == 1000);
    rig.check_idle();
  });
}

TEST_CASE("MSG_WAITALL returns when the request is full", "[sockets][semantics]") {
  for_all([](const std::string& name, Sblock sblock) {
    VariantRig rig(name, sblock);
    rig.append(kSegment);
    rig.meanwhile("sleep:sbwait", 1, [&] { rig.append(kSegment); });
    rig.meanwhile("sleep:sbwait", 2, [&] { rig.append(kSegment); });
    CHECK(rig.read(3000, {.waitall = true}).bytes == 3000);
    CHECK(rig.k.count("sleep:sbwait") == 2);
    rig.check_idle();
  });
}

TEST_CASE("MSG_WAITALL takes more than the buffer holds in rounds", "[sockets][semantics]") {
  for_all([](const std::string& name, Sblock sblock) {
    VariantRig rig(name, sblock);
    for (int round = 1; round <= 60; ++round) {
      rig.meanwhile("sleep:sbwait", round, [&] {
        while (rig.so.so_rcv.sbspace() >= 8192) rig.append(8192, 9216);
        const std::int64_t rest = rig.so.so_rcv.sbspace();
        if (rest > 0) rig.append(static_cast<int>(rest), 9216);
      });
    }
    const ReceiveResult result = rig.read(200000, {.waitall = true});
    CHECK(result.error == Errno::ok);
    CHECK(result.bytes == 200000);
    CHECK(rig.rcvd_calls >= 3);
    rig.check_idle();
  });
}

TEST_CASE("MSG_WAITALL ends at the end of the stream, at an error and with MSG_DONTWAIT",
          "[sockets][semantics]") {
  for_all([](const std::string& name, Sblock sblock) {
    VariantRig rig(name, sblock);
    rig.append(kSegment);
    CHECK(rig.read(3000, {.waitall = true, .dontwait = true}).bytes == kSegment);
    rig.append(kSegment);
    rig.meanwhile("sleep:sbwait", 1, [&] { rig.reset(); });
    CHECK(rig.read(3000, {.waitall = true}).bytes == kSegment);
    CHECK(rig.read(3000, {.waitall = true}).error == Errno::econnreset);
    const ReceiveResult end = rig.read(3000, {.waitall = true});
    CHECK(end.error == Errno::ok);
    CHECK(end.bytes == 0);
    rig.check_idle();
  });
}

TEST_CASE("a signal ends the sleep of an empty read with EINTR", "[sockets][semantics]") {
  for_all([](const std::string& name, Sblock sblock) {
    VariantRig rig(name, sblock);
    rig.k.interrupt_next_sleep = true;
    CHECK(rig.read(100).error == Errno::eintr);
    rig.append(kSegment);
    CHECK(rig.read(65536).bytes == kSegment);
    rig.check_idle();
  });
}

TEST_CASE("MSG_PEEK shows what the next read brings", "[sockets][semantics]") {
  for_all([](const std::string& name, Sblock sblock) {
    VariantRig rig(name, sblock);
    rig.append(kSegment);
    rig.append(kSegment);
    for (int i = 0; i < 2; ++i) {
      CHECK(rig.read(1000, {.peek = true}).bytes == 1000);
      CHECK(rig.uio.chunks.front().offset == 0);
      CHECK(rig.so.so_rcv.sb_cc == 2 * kSegment);
      rig.check_idle();
    }
    CHECK(rig.rcvd_calls == 0);
    CHECK(rig.read(65536).bytes == 2 * kSegment);
    CHECK(rig.uio.chunks.front().offset == 0);
    rig.check_idle();
  });
}

TEST_CASE("a copyout that fails under MSG_PEEK is EFAULT, and takes nothing",
          "[sockets][semantics]") {
  for_all([](const std::string& name, Sblock sblock) {
    VariantRig rig(name, sblock);
    rig.append(kSegment);
    rig.troubles.add({.kind = CopyTrouble::Kind::fault, .offset = 100});
    const ReceiveResult peeked = rig.read(65536, {.peek = true});
    CHECK(peeked.error == Errno::efault);
    CHECK(peeked.lost == 0);
    CHECK(rig.so.so_rcv.sb_cc == kSegment);
    rig.check_idle();
    CHECK(rig.read(65536).bytes == kSegment);
    rig.check_idle();
  });
}

TEST_CASE("after a fault the books are exact, and the stream goes on where it should",
          "[sockets][semantics]") {
  for_all([](const std::string& name, Sblock sblock) {
    VariantRig rig(name, sblock);
    for (int i = 0; i < 20; ++i) rig.append(kSegment);
    rig.troubles.add({.kind = CopyTrouble::Kind::fault, .offset = 5 * kSegment + 10});
    const ReceiveResult failed = rig.read(65536);
    const std::int64_t gone = failed.bytes + failed.lost;
    CHECK(rig.so.so_rcv.sb_cc == 20 * kSegment - gone);
    CHECK(rig.so.so_rcv.counters.copied == failed.bytes);
    CHECK(rig.so.so_rcv.counters.discarded_total() == failed.lost);
    CHECK(rig.uio.moved() == gone);
    rig.check_idle();
    if (rig.so.so_rcv.sb_cc == 0) return;
    CHECK(rig.read(65536).bytes == 20 * kSegment - gone);
    CHECK(rig.uio.chunks.front().offset == gone);
    rig.check_idle();
  });
}

TEST_CASE("any mixture of appends, reads, peeks and faults keeps stream and books",
          "[sockets][semantics]") {
  for_all([](const std::string& name, Sblock sblock) {
    VariantRig rig(name, sblock, {.hiwat = 40000});
    std::mt19937 dice(20070302);
    const auto upto = [&dice](std::int64_t most) {
      return 1 + static_cast<std::int64_t>(dice() % static_cast<std::uint64_t>(most));
    };
    std::int64_t next = 0;  // what the application is to get
    for (int step = 0; step < 400; ++step) {
      const std::int64_t segment = upto(dice() % 2 == 0 ? 60 : kSegment);
      for (auto n = upto(20); n > 0 && rig.so.so_rcv.sbspace() >= segment; --n) {
        rig.append(static_cast<int>(segment));
      }
      const std::int64_t cc = rig.so.so_rcv.sb_cc;
      const bool faults = cc > 0 && dice() % 4 == 0;
      if (faults) {
        rig.troubles.add({.kind = CopyTrouble::Kind::fault, .offset = next + upto(cc) - 1});
      }
      // While the first copy goes on, more may come, which sbcompress may merge.
      if (cc > 0 && dice() % 3 == 0) {
        rig.meanwhile("copy_out", 1, [&rig] {
          if (rig.so.so_rcv.sbspace() >= 50) rig.append(50);
        });
      }
      const models::ReceiveFlags flags{
          .peek = dice() % 4 == 0, .waitall = dice() % 4 == 0, .dontwait = true};
      const ReceiveResult result = rig.read(upto(30000), flags);
      REQUIRE((result.error == Errno::ok || result.error == Errno::efault ||
               result.error == Errno::ewouldblock));
      REQUIRE((result.error != Errno::ewouldblock || cc == 0));
      REQUIRE((result.error != Errno::efault || faults));
      std::int64_t at = next;
      for (const models::Uio::Chunk& chunk : rig.uio.chunks) {
        if (result.error != Errno::ok && result.lost == 0) break;
        REQUIRE(chunk.offset == at);
        at += chunk.len;
      }
      if (!flags.peek) next += result.bytes + result.lost;
      REQUIRE(rig.so.so_rcv.counters.appended == next + rig.so.so_rcv.sb_cc);
      rig.check_idle();
      rig.troubles.clear();
    }
    CHECK(rig.so.so_rcv.counters.compressed_mbufs > 0);
  });
}
