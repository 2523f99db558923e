// SPDX-License-Identifier: BSD-2-Clause
#include "models/close_path.hpp"
#include "sim/base/assert.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/socket_rig.hpp"

using models::Discard;
using models::Era;
using models::Errno;
using models::Sblock;
using test::ScriptedKernel;
using test::SocketRig;
using test::violation_of;

namespace {

std::int64_t discarded(const SocketRig& rig, Discard reason) {
  return rig.so.so_rcv.counters.discarded[static_cast<std::size_t>(reason)];
}

/// A reader's call, with or without a file reference.
models::ReceiveResult call(SocketRig& rig, const std::string& algorithm, bool file_ref) {
  if (file_ref) REQUIRE(models::fget(rig.k, rig.so));
  const models::ReceiveResult result = rig.receive(algorithm, 65536);
  if (file_ref) models::fdrop(rig.k, rig.so);
  return result;
}

}  // namespace

TEST_CASE("shutdown(SHUT_RD) empties and zeroes the buffer", "[sockets]") {
  const auto sblock = GENERATE(Sblock::sx, Sblock::flag, Sblock::none);
  const auto era = GENERATE(Era::y2006, Era::y2007_03, Era::y2007_05);
  SocketRig rig({.era = era, .sblock = sblock});
  rig.append(3, 1448);
  models::soshutdown_rd(rig.k, rig.so);
  CHECK(rig.so.so_rcv.sb_cc == 0);
  CHECK(rig.so.so_rcv.sb_hiwat == 0);
  CHECK(rig.so.so_rcv.sb_flags == 0);
  CHECK(rig.so.so_rcv.cantrcvmore());
  CHECK(discarded(rig, Discard::shutdown) == 3 * 1448);
  CHECK(rig.pool.live() == 0);
  CHECK(rig.k.holds_nothing());
  const models::ReceiveResult result = rig.receive("generic", 100);
  CHECK(result.error == Errno::ok);
  CHECK(result.bytes == 0);
  rig.check_books();
}

TEST_CASE("the order of sorflush is that of its era", "[sockets]") {
  SocketRig rig;
  SECTION("2007-05: the mark first, which wakes a reader that sleeps with sblock held") {
    bool waited = false;
    rig.meanwhile("sleep:sbwait", 1, [&] {
      try {
        models::soshutdown_rd(rig.k, rig.so);
      } catch (const ScriptedKernel::StuckError&) {
        waited = true;  // for sblock, after the mark
      }
    });
    CHECK(rig.receive("generic", 100).bytes == 0);
    CHECK(waited);
  }
  SECTION("before: sblock first, so that it hangs behind the sleeper") {
    SocketRig old({.era = Era::y2007_03, .sblock = Sblock::sx});
    bool marked = true;
    old.meanwhile("sleep:sbwait", 1, [&] {
      try {
        models::soshutdown_rd(old.k, old.so);
      } catch (const ScriptedKernel::StuckError&) {
        marked = old.so.so_rcv.cantrcvmore();
      }
    });
    CHECK_THROWS_AS(old.receive("generic", 100), ScriptedKernel::StuckError);
    CHECK_FALSE(marked);
  }
}

TEST_CASE("shutdown(SHUT_RD) during the copy waits for sblock, or finds none held", "[sockets]") {
  SocketRig rig;
  rig.append(3, 1448);
  std::string blocked_on;
  rig.meanwhile("copy_out", 2, [&] {
    try {
      models::soshutdown_rd(rig.k, rig.so);
    } catch (const ScriptedKernel::StuckError& stuck) {
      blocked_on = stuck.what();
    }
  });
  SECTION("generic") {
    CHECK(rig.receive("generic", 65536).bytes == 3 * 1448);
    CHECK(blocked_on == "waits for sx so_rcv_sx");
  }
  SECTION("stream_inplace") {
    CHECK(rig.receive("stream_inplace", 65536).bytes == 3 * 1448);
    CHECK(blocked_on == "waits for sx so_rcv_sx");
  }
  SECTION("stream_putback") {
    CHECK(violation_of([&] { rig.receive("stream_putback", 65536); }) == "putback_flushed");
    CHECK(blocked_on.empty());
  }
}

TEST_CASE("without sblock a shutdown frees mbufs under the copy", "[sockets]") {
  const std::string algorithm = GENERATE("generic", "stream_inplace");
  SocketRig rig({.sblock = Sblock::none});
  rig.append(3, 1448);
  rig.meanwhile("copy_out", 1, [&] { models::soshutdown_rd(rig.k, rig.so); });
  CHECK(violation_of([&] { rig.receive(algorithm, 65536); }) == "mbuf_use_after_free");
}

TEST_CASE("FIN and RST during the copy are harmless", "[sockets]") {
  const std::string algorithm = GENERATE("generic", "stream_inplace", "stream_putback");
  const bool reset = GENERATE(false, true);
  SocketRig rig;
  rig.append(4, 1448);
  rig.meanwhile("copy_out", 2, [&] {
    if (reset) {
      models::so_drop(rig.k, rig.so, Errno::econnreset);
    } else {
      models::socantrcvmore(rig.k, rig.so, models::points::kSocantrcvmore);
    }
  });
  std::int64_t bytes = 0;
  models::ReceiveResult result;
  do {
    result = rig.receive(algorithm, 65536);
    if (result.error == Errno::ok && result.bytes > 0) {
      CHECK(rig.uio.chunks.front().offset == bytes);
    }
    bytes += result.bytes;
  } while (result.error == Errno::ok && result.bytes > 0);
  CHECK(bytes == 4 * 1448);
  CHECK(result.error == (reset ? Errno::econnreset : Errno::ok));
  rig.check_books();
}

TEST_CASE("a file reference defers the close to the reader's fdrop", "[sockets]") {
  const std::string algorithm = GENERATE("generic", "stream_inplace", "stream_putback");
  SocketRig rig;
  rig.append(3, 1448);
  bool freed_at_close = true;
  rig.meanwhile("copy_out", 2, [&] {
    models::close_descriptor(rig.k, rig.so);
    freed_at_close = rig.so.freed;
  });
  CHECK(call(rig, algorithm, true).bytes == 3 * 1448);
  CHECK_FALSE(freed_at_close);
  CHECK(rig.so.freed);
  CHECK_FALSE(models::fget(rig.k, rig.so));
  rig.check_books();
  CHECK(rig.pool.live() == 0);
}

TEST_CASE("a close that counts no references breaks every algorithm", "[sockets]") {
  const std::string algorithm = GENERATE("generic", "stream_inplace", "stream_putback");
  SocketRig rig;
  rig.append(3, 1448);
  rig.meanwhile("copy_out", 2, [&] { models::close_uncounted(rig.k, rig.so); });
  const std::string kind = violation_of([&] { call(rig, algorithm, true); });
  if (algorithm == "stream_putback") {
    CHECK(kind == "destroyed_lock");
  } else {
    CHECK(kind == "mbuf_use_after_free");
  }
}

TEST_CASE("the flush of 2006 panics when a reader holds sblock", "[sockets]") {
  SocketRig rig({.era = Era::y2006, .sblock = Sblock::flag});
  rig.append(3, 1448);
  rig.meanwhile("copy_out", 2, [&] { models::close_uncounted(rig.k, rig.so); });
  CHECK(violation_of([&] { call(rig, "generic", true); }) == "sbflush_locked");
}

TEST_CASE("an in-kernel close during the copy breaks the put-back alone", "[sockets]") {
  SocketRig rig;
  rig.append(3, 1448);
  std::string blocked_on;
  rig.meanwhile("copy_out", 2, [&] {
    try {
      models::kernel_close(rig.k, rig.so);
    } catch (const ScriptedKernel::StuckError& stuck) {
      blocked_on = stuck.what();
    }
  });
  SECTION("stream_putback comes back to a destroyed lock") {
    try {
      call(rig, "stream_putback", false);
      FAIL("no panic");
    } catch (const sim::Violation& v) {
      CHECK(v.kind() == "destroyed_lock");
      CHECK(std::string(v.what()).find("mtx_lock() of destroyed mutex so_rcv") == 0);
    }
    CHECK(rig.so.freed);
  }
  SECTION("the others hold sblock, which the close waits for") {
    const std::string algorithm = GENERATE("generic", "stream_inplace");
    CHECK(call(rig, algorithm, false).bytes == 3 * 1448);
    CHECK(blocked_on == "waits for sx so_rcv_sx");
    CHECK(rig.so.kernel_closing);
    rig.k.as(7, 2, [&] { models::kernel_close(rig.k, rig.so); });
    CHECK(rig.so.freed);
    rig.check_books();
    CHECK(rig.pool.live() == 0);
  }
}

TEST_CASE("a socket lives on while TCP needs it", "[sockets]") {
  SocketRig rig;
  rig.tcp_lingers = true;
  rig.append(2, 1448);
  models::close_descriptor(rig.k, rig.so);
  CHECK_FALSE(rig.so.freed);
  CHECK(discarded(rig, Discard::disconnect) == 2 * 1448);
  rig.k.as(100, 0, [&] {
    REQUIRE(models::protocol_closed(rig.k, rig.so));
    models::release_protocol_reference(rig.k, rig.so);
  });
  CHECK(rig.so.freed);
  CHECK(rig.so.so_rcv.sb_mtx.destroyed);
  CHECK(rig.so.so_rcv_sx.destroyed);
  CHECK(violation_of([&] { rig.so.check_alive(rig.k, "test"); }) == "socket_use_after_free");
  rig.check_books();
}

TEST_CASE("closing twice closes once", "[sockets]") {
  SocketRig rig;
  models::close_descriptor(rig.k, rig.so);
  CHECK(rig.so.freed);
  models::close_descriptor(rig.k, rig.so);
  models::close_uncounted(rig.k, rig.so);
  CHECK_FALSE(models::fget(rig.k, rig.so));
}
