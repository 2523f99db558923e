// SPDX-License-Identifier: BSD-2-Clause
#include "models/receive/receive.hpp"
#include "sim/base/assert.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/socket_rig.hpp"

using models::CopyTrouble;
using models::Errno;
using models::ReceiveResult;
using test::SocketRig;

TEST_CASE("the registry knows its algorithms", "[sockets]") {
  CHECK(models::find_algorithm("nope") == nullptr);
  REQUIRE(models::algorithms().size() >= 3);
  for (const auto& algorithm : models::algorithms()) {
    CHECK(models::find_algorithm(algorithm.name) == &algorithm);
    CHECK_FALSE(algorithm.doc.empty());
    CHECK_FALSE(algorithm.source.empty());
  }
}

TEST_CASE("acquisitions of so_rcv per read are the kernel's", "[sockets]") {
  const int k = GENERATE(1, 2, 7, 45);
  const auto sblock = GENERATE(models::Sblock::sx, models::Sblock::flag, models::Sblock::none);
  const auto era = sblock == models::Sblock::flag ? models::Era::y2007_03 : models::Era::y2007_05;
  const auto locks = [&](const std::string& algorithm) {
    SocketRig rig({.era = era, .sblock = sblock});
    rig.append(k, 1448);
    rig.k.forget();
    const ReceiveResult result = rig.receive(algorithm, 65536);
    CHECK(result.error == Errno::ok);
    CHECK(result.bytes == k * 1448);
    CHECK(rig.rcvd_calls == 1);
    CHECK(rig.pool.live() == 0);
    rig.check_idle();
    if (algorithm == "generic") CHECK(rig.k.locked_at("uipc_socket.c:1669") == k);
    return rig.so_rcv_locks();
  };
  CHECK(locks("generic") == k + 2);
  CHECK(locks("stream_inplace") == 3);
  CHECK(locks("stream_putback") == 1);
}

TEST_CASE("a put-back is the second acquisition", "[sockets]") {
  SocketRig rig;
  rig.append(4, 1448);
  rig.troubles.add({.kind = CopyTrouble::Kind::fault, .offset = 2000});
  rig.k.forget();
  CHECK(rig.receive("stream_putback", 65536).error == Errno::efault);
  CHECK(rig.so_rcv_locks() == 2);
  CHECK(rig.k.locked_at("uipc_socket.c:soreceive_stream(putback)") == 1);
}

TEST_CASE("who frees mbufs under so_rcv", "[sockets]") {
  const auto under = [](const std::string& algorithm, const std::string& mutex) {
    SocketRig rig;
    rig.append(10, 1448);
    rig.k.forget();
    rig.receive(algorithm, 65536);
    return rig.k.spent_under(mutex);
  };
  CHECK(under("generic", "so_rcv") == 10 * 1000);
  CHECK(under("stream_inplace", "so_rcv") == 10 * 1000);
  CHECK(under("stream_putback", "so_rcv") == 0);
  CHECK(under("stream_putback", "") == 10 * 1000);
}

TEST_CASE("a partial read leaves the rest in place", "[sockets]") {
  const std::string algorithm = GENERATE("generic", "stream_inplace", "stream_putback");
  SocketRig rig;
  rig.append(3, 1448);
  std::int64_t next = 0;
  for (const std::int64_t bytes : {1000, 1000, 448, 1448, 4000}) {
    const ReceiveResult result = rig.receive(algorithm, bytes);
    REQUIRE(result.error == Errno::ok);
    REQUIRE(result.bytes == std::min<std::int64_t>(bytes, 3 * 1448 - next));
    REQUIRE(rig.uio.chunks.front().offset == next);
    next += result.bytes;
    CHECK(rig.so.so_rcv.sb_cc == 3 * 1448 - next);
    rig.check_idle();
  }
  CHECK(next == 3 * 1448);
  CHECK(rig.so.so_rcv.counters.copied == next);
  CHECK(rig.pool.live() == 0);
}

TEST_CASE("MSG_PEEK leaves everything", "[sockets]") {
  const std::string algorithm = GENERATE("generic", "stream_inplace", "stream_putback");
  SocketRig rig;
  rig.append(3, 1448);
  const ReceiveResult peeked = rig.receive(algorithm, 2000, {.peek = true});
  CHECK(peeked.bytes == 2000);
  CHECK(rig.so.so_rcv.sb_cc == 3 * 1448);
  CHECK(rig.so.so_rcv.counters.copied == 0);
  CHECK(rig.rcvd_calls == 0);
  rig.check_idle();
  const ReceiveResult read = rig.receive(algorithm, 65536);
  CHECK(read.bytes == 3 * 1448);
  CHECK(rig.uio.chunks.front().offset == 0);
  rig.check_idle();
}

TEST_CASE("MSG_WAITALL waits for the whole request", "[sockets]") {
  const std::string algorithm = GENERATE("generic", "stream_inplace", "stream_putback");
  SocketRig rig;
  rig.append(1, 1448);

  SECTION("within the buffer's size") {
    rig.meanwhile("sleep:sbwait", 1, [&] { rig.append(1, 1448); });
    rig.meanwhile("sleep:sbwait", 2, [&] { rig.append(1, 1448); });
    const ReceiveResult result = rig.receive(algorithm, 3000, {.waitall = true});
    CHECK(result.bytes == 3000);
    CHECK(rig.k.count("sleep:sbwait") == 2);
  }
  SECTION("beyond the buffer's size") {
    const auto fill = [&] {
      while (rig.so.so_rcv.sbspace() >= 8192) rig.append(1, 8192, 9216);
    };
    // Rounds of at most a buffer: the reader sleeps whenever it has run empty.
    for (int round = 1; round <= 40; ++round)
      rig.meanwhile("sleep:sbwait", round, [&, fill] {
        fill();
        const std::int64_t rest = rig.so.so_rcv.sbspace();
        if (rest > 0) rig.append(1, static_cast<int>(rest), 9216);
      });
    const ReceiveResult result = rig.receive(algorithm, 200000, {.waitall = true});
    CHECK(result.error == Errno::ok);
    CHECK(result.bytes == 200000);
    CHECK(rig.rcvd_calls >= 3);
  }
  SECTION("but not beyond the end of the stream") {
    rig.meanwhile("sleep:sbwait", 1,
                  [&] { models::socantrcvmore(rig.k, rig.so, models::points::kSocantrcvmore); });
    CHECK(rig.receive(algorithm, 3000, {.waitall = true}).bytes == 1448);
    CHECK(rig.receive(algorithm, 3000, {.waitall = true}).bytes == 0);
  }
  SECTION("and not with MSG_DONTWAIT") {
    CHECK(rig.receive(algorithm, 3000, {.waitall = true, .dontwait = true}).bytes == 1448);
  }
  rig.check_idle();
}

TEST_CASE("SO_RCVLOWAT holds a read back", "[sockets]") {
  const std::string algorithm = GENERATE("generic", "stream_inplace", "stream_putback");
  SocketRig rig({.lowat = 4000});
  rig.append(1, 1448);
  SECTION("until so much is there") {
    rig.meanwhile("sleep:sbwait", 1, [&] { rig.append(1, 1448); });
    rig.meanwhile("sleep:sbwait", 2, [&] { rig.append(1, 1448); });
    CHECK(rig.receive(algorithm, 65536).bytes == 3 * 1448);
  }
  SECTION("but not one that asks for less") { CHECK(rig.receive(algorithm, 1000).bytes == 1000); }
  SECTION("and not a non-blocking one") {
    CHECK(rig.receive(algorithm, 65536, {.dontwait = true}).bytes == 1448);
  }
  rig.check_idle();
}

TEST_CASE("an empty socket", "[sockets]") {
  const std::string algorithm = GENERATE("generic", "stream_inplace", "stream_putback");
  const auto sblock = GENERATE(models::Sblock::sx, models::Sblock::flag);
  SocketRig rig({.era = sblock == models::Sblock::flag ? models::Era::y2006 : models::Era::y2007_05,
                 .sblock = sblock});
  SECTION("would block") {
    CHECK(rig.receive(algorithm, 100, {.dontwait = true}).error == Errno::ewouldblock);
  }
  SECTION("sleeps until data comes") {
    rig.meanwhile("sleep:sbwait", 1, [&] { rig.append(1, 100); });
    CHECK(rig.receive(algorithm, 100).bytes == 100);
  }
  SECTION("sleeps until a signal comes") {
    rig.k.interrupt_next_sleep = true;
    CHECK(rig.receive(algorithm, 100).error == Errno::eintr);
  }
  SECTION("reports a reset once, then the end") {
    models::so_drop(rig.k, rig.so, Errno::econnreset);
    CHECK(rig.receive(algorithm, 100, {.peek = true}).error == Errno::econnreset);
    CHECK(rig.receive(algorithm, 100).error == Errno::econnreset);
    const ReceiveResult result = rig.receive(algorithm, 100);
    CHECK(result.error == Errno::ok);
    CHECK(result.bytes == 0);
  }
  rig.check_idle();
}

TEST_CASE("a reset leaves received data readable", "[sockets]") {
  const std::string algorithm = GENERATE("generic", "stream_inplace", "stream_putback");
  SocketRig rig;
  rig.append(2, 1448);
  models::so_drop(rig.k, rig.so, Errno::econnreset);
  CHECK(rig.receive(algorithm, 65536).bytes == 2 * 1448);
  CHECK(rig.receive(algorithm, 65536).error == Errno::econnreset);
  rig.check_idle();
}

TEST_CASE("what EFAULT costs differs by algorithm", "[sockets]") {
  SocketRig rig;
  rig.append(4, 1448);
  rig.troubles.add({.kind = CopyTrouble::Kind::fault, .offset = 2 * 1448 + 10});
  SECTION("generic loses what it copied earlier in the call") {
    const ReceiveResult result = rig.receive("generic", 65536);
    CHECK(result.error == Errno::efault);
    CHECK(result.lost == 2 * 1448);
    CHECK(rig.uio.moved() == 2 * 1448);
    CHECK(rig.so.so_rcv.sb_cc == 2 * 1448);
    CHECK(rig.so.so_rcv.counters.discarded[0] == 2 * 1448);
    CHECK(rig.rcvd_calls == 0);
    CHECK(rig.receive("generic", 65536).bytes == 2 * 1448);
    CHECK(rig.uio.chunks.front().offset == 2 * 1448);
  }
  SECTION("stream_inplace loses nothing") {
    const ReceiveResult result = rig.receive("stream_inplace", 65536);
    CHECK(result.error == Errno::efault);
    CHECK(result.lost == 0);
    CHECK(rig.so.so_rcv.sb_cc == 4 * 1448);
    CHECK(rig.receive("stream_inplace", 65536).bytes == 4 * 1448);
  }
  SECTION("stream_putback restores everything") {
    const ReceiveResult result = rig.receive("stream_putback", 3 * 1448 + 5);
    CHECK(result.error == Errno::efault);
    CHECK(result.lost == 0);
    CHECK(rig.so.so_rcv.sb_cc == 4 * 1448);
    CHECK(rig.receive("stream_putback", 65536).bytes == 4 * 1448);
    CHECK(rig.uio.chunks.front().offset == 0);
  }
  rig.check_idle();
}

TEST_CASE("sb_cc during the copy", "[sockets]") {
  SocketRig rig;
  rig.append(4, 1448);
  std::int64_t cc = -1;
  rig.meanwhile("copy_out", 2, [&] { cc = rig.so.so_rcv.sb_cc; });
  SECTION("falls mbuf by mbuf: generic") {
    rig.receive("generic", 65536);
    CHECK(cc == 3 * 1448);
  }
  SECTION("stays: stream_inplace") {
    rig.receive("stream_inplace", 65536);
    CHECK(cc == 4 * 1448);
  }
  SECTION("falls at once: stream_putback") {
    rig.receive("stream_putback", 65536);
    CHECK(cc == 0);
  }
}

TEST_CASE("data that arrives during the copy", "[sockets]") {
  SocketRig rig;
  rig.append(2, 1448);
  rig.meanwhile("copy_out", 1, [&] { rig.append(2, 400); });  // sbcompress lets the last mbuf grow
  SECTION("is read by the same call of generic") {
    CHECK(rig.receive("generic", 65536).bytes == 2 * 1448 + 800);
  }
  SECTION("waits for the next call of the stream algorithms") {
    const std::string algorithm = GENERATE("stream_inplace", "stream_putback");
    CHECK(rig.receive(algorithm, 65536).bytes == 2 * 1448);
    CHECK(rig.receive(algorithm, 65536).bytes == 800);
  }
  rig.check_idle();
}

TEST_CASE("the defect of the flag sblock lets a second reader in", "[sockets]") {
  SocketRig rig({.era = models::Era::y2007_03, .sblock = models::Sblock::flag});
  rig.append(4, 1448);
  models::Uio second;
  const auto intrude = [&](const std::string& algorithm) {
    second.start(1448);
    return models::find_algorithm(algorithm)->function(rig.k, rig.so, second, {.dontwait = true},
                                                       {});
  };
  rig.meanwhile("copy_out", 1, [&] { intrude("generic"); });
  CHECK(test::violation_of([&] { rig.receive("generic", 65536); }) == "mbuf_use_after_free");
}

TEST_CASE("the sx sblock keeps a second reader out", "[sockets]") {
  SocketRig rig;
  rig.append(4, 1448);
  models::Uio second;
  models::ReceiveResult other;
  rig.meanwhile("copy_out", 1, [&] {
    second.start(1448);
    other =
        models::find_algorithm("generic")->function(rig.k, rig.so, second, {.dontwait = true}, {});
  });
  CHECK(rig.receive("generic", 65536).bytes == 4 * 1448);
  CHECK(other.error == Errno::ewouldblock);
  rig.check_idle();
}

TEST_CASE("a page fault sleeps during the copy", "[sockets]") {
  SocketRig rig;
  rig.append(2, 1448);
  rig.troubles.add({.kind = CopyTrouble::Kind::page_fault, .sleep_ps = 5000000});
  const sim::Picoseconds before = rig.k.now();
  CHECK(rig.receive("generic", 65536).bytes == 2 * 1448);
  CHECK(rig.k.count("pause") == 1);
  CHECK(rig.k.now() - before >= 5000000);
  rig.check_idle();
}

TEST_CASE("cold data costs more than warm data", "[sockets]") {
  SocketRig rig;
  rig.costs.copy_cold_ps_per_byte = 800;
  rig.costs.copy_warm_ps_per_byte = 200;
  rig.append(1, 1000);
  rig.costs.mbuf_free_ps = 0;
  const sim::Picoseconds start = rig.k.now();
  rig.receive("generic", 1000, {.peek = true});
  const sim::Picoseconds cold = rig.k.now() - start;
  rig.receive("generic", 1000);
  CHECK(cold == 800000);
  CHECK(rig.k.now() - start - cold == 200000);
}
