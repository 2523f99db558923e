// SPDX-License-Identifier: BSD-2-Clause
#include "models/sockbuf.hpp"
#include "sim/base/assert.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/socket_rig.hpp"

using models::Discard;
using models::Mbuf;
using models::Sockbuf;
using test::SocketRig;
using test::violation_of;

namespace {

/// Runs `body` with so_rcv held.
template <class Body>
void locked(SocketRig& rig, Body body) {
  static constexpr sim::LockPoint kPoint{"test"};
  rig.k.lock(rig.so.so_rcv.sb_mtx, kPoint);
  body();
  rig.k.unlock(rig.so.so_rcv.sb_mtx);
}

std::int64_t discarded(const Sockbuf& sb, Discard reason) {
  return sb.counters.discarded[static_cast<std::size_t>(reason)];
}

}  // namespace

TEST_CASE("sbreserve grants what sb_max leaves for data, and no more", "[sockets]") {
  SocketRig rig;
  Sockbuf& sb = rig.so.so_rcv;
  CHECK(models::sb_max_adj(models::kSbMax) == 233016);
  CHECK(sb.sbreserve(10000));
  CHECK(sb.sb_mbmax == 80000);
  CHECK(sb.sbreserve(233016));
  CHECK(sb.sb_hiwat == 233016);
  CHECK(sb.sb_mbmax == 262144);
  CHECK_FALSE(sb.sbreserve(233017));
  CHECK(sb.sb_hiwat == 233016);
  for (const std::int64_t hiwat : {1, 233016, 233017, 262144, 1 << 30}) {
    const std::int64_t least = models::least_sb_max(hiwat);
    CHECK(models::sb_max_adj(least) >= hiwat);
    CHECK(models::sb_max_adj(least - 1) < hiwat);
  }
}

TEST_CASE("append, drop and flush keep the accounts of a sockbuf", "[sockets]") {
  SocketRig rig;
  Sockbuf& sb = rig.so.so_rcv;
  CHECK(sb.sb_mbmax == 262144);
  rig.append(3, 1448);
  CHECK(sb.sb_cc == 3 * 1448);
  CHECK(sb.sb_mbcnt == 3 * (256 + 2048));
  CHECK(sb.sbspace() == 65536 - 3 * 1448);
  locked(rig, [&] { sb.sbdrop(rig.k, 1448 + 100); });
  sb.counters.copied += 1548;
  CHECK(sb.sb_mb->stream_offset == 1548);
  CHECK(sb.sb_mb->m_len == 1348);
  CHECK(sb.sb_mbcnt == 2 * (256 + 2048));
  rig.check_books();
  locked(rig, [&] { sb.sbflush(rig.k, Discard::disconnect, false); });
  CHECK(sb.sb_cc == 0);
  CHECK(sb.sb_mbtail == nullptr);
  CHECK(discarded(sb, Discard::disconnect) == 3 * 1448 - 1548);
  rig.check_books();
  CHECK(rig.pool.live() == 0);
}

TEST_CASE("sbspace is bounded by memory as well as by bytes", "[sockets]") {
  SocketRig rig({.hiwat = 8192});  // mbmax = 65536
  rig.append(28, 1, 2048 + 1);     // compressed into the first one
  CHECK(rig.so.so_rcv.sb_mbcnt == 256 + 2049);
  CHECK(rig.so.so_rcv.counters.compressed_mbufs == 27);
  SocketRig big({.hiwat = 8192});
  big.append(5, 600, 12000);
  CHECK(big.so.so_rcv.sb_mbcnt == 5 * 12256);
  CHECK(big.so.so_rcv.sbspace() == 65536 - 5 * 12256);
}

TEST_CASE("sbcompress merges at most MCLBYTES/4, and only what fits", "[sockets]") {
  SocketRig rig;
  Sockbuf& sb = rig.so.so_rcv;
  rig.append(1, 1448);
  rig.append(1, 513);  // larger than a quarter of a cluster
  CHECK(sb.counters.compressed_mbufs == 0);
  rig.append(1, 512);
  CHECK(sb.counters.compressed_mbufs == 1);
  CHECK(sb.sb_mbtail->m_len == 1025);
  rig.append(1, 512);
  CHECK(sb.sb_mbtail->m_len == 1537);
  rig.append(1, 512);  // 2049 > 2048
  CHECK(sb.counters.compressed_mbufs == 2);
  CHECK(sb.sb_mbtail->m_len == 512);
  CHECK(rig.pool.live() == 3);
  rig.check_books();
}

TEST_CASE("the panics of a sockbuf are found", "[sockets]") {
  SocketRig rig;
  Sockbuf& sb = rig.so.so_rcv;
  rig.append(2, 1448);

  SECTION("sbdrop of more than there is") {
    CHECK(violation_of([&] { locked(rig, [&] { sb.sbdrop(rig.k, 2897); }); }) == "sbdrop");
  }
  SECTION("counters against chain") {
    sb.sb_cc -= 1;
    CHECK(violation_of([&] { sb.check_accounting(rig.k); }) == "sockbuf_accounting");
    CHECK_THROWS_AS(sb.check_conservation(), sim::InternalError);
    CHECK(violation_of([&] {
            locked(rig, [&] { sb.sbflush(rig.k, Discard::disconnect, false); });
          }) == "sbflush_panic");
  }
  SECTION("mbcnt against chain") {
    sb.sb_mbcnt += 256;
    try {
      locked(rig, [&] { sb.sbflush(rig.k, Discard::disconnect, false); });
      FAIL("no panic");
    } catch (const sim::Violation& v) {
      CHECK(std::string(v.what()) == "sbflush_internal: cc 0 || mb 0x0 || mbcnt 256");
    }
  }
  SECTION("the flag lock at a flush, in 2006") {
    sb.sb_flags |= models::kSbLock;
    CHECK(violation_of([&] {
            locked(rig, [&] { sb.sbflush(rig.k, Discard::disconnect, true); });
          }) == "sbflush_locked");
  }
  SECTION("a wrong tail") {
    sb.sb_mbtail = sb.sb_mb;
    CHECK(violation_of([&] { sb.check_accounting(rig.k); }) == "sockbuf_accounting");
  }
  SECTION("no lock") {
    CHECK(violation_of([&] { sb.sbdrop(rig.k, 1); }) == "lock_not_held");
  }
  SECTION("a hole in the stream") {
    rig.next_offset += 1;
    CHECK(violation_of([&] { rig.append(1, 100); }) == "stream_reordered");
  }
  SECTION("more than the limit") {
    CHECK(violation_of([&] { rig.append(44, 1448); }) == "sockbuf_overflow");
  }
}

TEST_CASE("a detached chain comes back in front", "[sockets]") {
  SocketRig rig;
  Sockbuf& sb = rig.so.so_rcv;
  rig.append(3, 1448);
  Mbuf* chain = nullptr;

  SECTION("split in the middle of an mbuf, data appended meanwhile") {
    locked(rig, [&] { chain = sb.detach(rig.k, 2000); });
    CHECK(models::chain_length(chain) == 2000);
    CHECK(sb.sb_cc == 3 * 1448 - 2000);
    CHECK(sb.sb_mb->stream_offset == 2000);
    CHECK(sb.sb_mb->trailing_space() == 0);  // the cluster is shared
    rig.check_books();
    rig.append(1, 1448);
    locked(rig, [&] { sb.put_back(rig.k, chain); });
    CHECK(sb.sb_cc == 4 * 1448);
    CHECK(sb.sb_mb->stream_offset == 0);
  }
  SECTION("into an empty buffer: the tail is repaired") {
    locked(rig, [&] { chain = sb.detach(rig.k, 3 * 1448); });
    CHECK(sb.sb_mb == nullptr);
    CHECK(sb.sb_mbtail == nullptr);
    CHECK(sb.counters.in_call == 3 * 1448);
    rig.check_books();
    locked(rig, [&] { sb.put_back(rig.k, chain); });
    rig.append(1, 1448);
    CHECK(sb.sb_cc == 4 * 1448);
  }
  SECTION("beyond hiwat, as the window grew in between") {
    locked(rig, [&] { chain = sb.detach(rig.k, 3 * 1448); });
    rig.append(45, 1448);
    sb.may_overcommit = true;
    locked(rig, [&] { sb.put_back(rig.k, chain); });
    CHECK(sb.sbspace() < 0);
    rig.append(1, 1448);  // no violation: documented
  }
  CHECK(sb.counters.in_call == 0);
  rig.check_books();
}

TEST_CASE("beyond hiwat only where the receive algorithm documents it", "[sockets]") {
  SocketRig rig;
  Sockbuf& sb = rig.so.so_rcv;
  rig.append(3, 1448);
  Mbuf* chain = nullptr;
  locked(rig, [&] { chain = sb.detach(rig.k, 3 * 1448); });
  rig.append(45, 1448);
  CHECK(violation_of([&] { locked(rig, [&] { sb.put_back(rig.k, chain); }); }) ==
        "sockbuf_overflow");
}

TEST_CASE("an append finds a tail that is not the last mbuf", "[sockets]") {
  const auto damage = GENERATE(0, 1, 2);
  SocketRig rig;
  Sockbuf& sb = rig.so.so_rcv;
  rig.append(3, 1448);
  if (damage == 0) sb.sb_mbtail = sb.sb_mb;
  if (damage == 1) sb.sb_mbtail = nullptr;
  if (damage == 2) {  // counters that are not null with the chain
    locked(rig, [&] { sb.sbdrop(rig.k, sb.sb_cc); });
    sb.sb_cc = 1;
  }
  CHECK(violation_of([&] { rig.append(1, 1448); }) == "sockbuf_accounting");
}

TEST_CASE("a put-back that nobody can use is a violation", "[sockets]") {
  SocketRig rig;
  Sockbuf& sb = rig.so.so_rcv;
  rig.append(3, 1448);
  Mbuf* first = nullptr;
  Mbuf* second = nullptr;
  locked(rig, [&] {
    first = sb.detach(rig.k, 1448);
    second = sb.detach(rig.k, 1448);
  });
  SECTION("behind it another reader has taken data") {
    CHECK(violation_of([&] { locked(rig, [&] { sb.put_back(rig.k, first); }); }) ==
          "stream_reordered");
  }
  SECTION("in the right order it is none") {
    locked(rig, [&] { sb.put_back(rig.k, second); });
    locked(rig, [&] { sb.put_back(rig.k, first); });
    CHECK(sb.sb_mb->stream_offset == 0);
    CHECK(sb.sb_cc == 3 * 1448);
    rig.check_books();
  }
  SECTION("onto a flushed buffer") {
    locked(rig, [&] { sb.sbflush(rig.k, Discard::disconnect, false); });
    CHECK(violation_of([&] { locked(rig, [&] { sb.put_back(rig.k, second); }); }) ==
          "putback_flushed");
  }
  SECTION("onto a destroyed buffer") {
    sb.sbdestroy(rig.k);
    CHECK(violation_of([&] { sb.put_back(rig.k, second); }) == "putback_destroyed");
    CHECK(discarded(sb, Discard::destroyed) == 1448);
  }
}
