// SPDX-License-Identifier: BSD-2-Clause
//
// The receive algorithms of other systems and the repairs of the proof of concept, one call at a
// time: what they lock, and what becomes of the data when a copyout fails.
#include <string>

#include "models/receive/receive.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/socket_rig.hpp"

using models::CopyTrouble;
using models::Errno;
using models::ReceiveResult;
using test::kSegment;
using test::SocketRig;

namespace {

/// A socket whose data leaves by that algorithm, with `segments` segments of one mbuf in it.
void prepare(SocketRig& rig, const std::string& algorithm, int segments) {
  for (int i = 0; i < segments; ++i) rig.append(1, kSegment);
  models::adopt(rig.so, *models::find_algorithm(algorithm));
  rig.k.forget();
}

}  // namespace

// The formulas, for k mbufs of one segment each that are all there:
//   per_packet        k packets: the entry, one after each copy, one a window credit (every quarter
//                     of sb_hiwat, and the rest at the end) [S73 cxgb_cpl_socket.c]
//   steal_discard     the entry, one after the delayed copy, one after pru_rcvd [XNU]
//   mark_inplace      to mark, to unlink, after pru_rcvd [DF]
//   consume_on_fault  as generic: the entry, k after the copies, one after pru_rcvd [OBSD]
//   linux_backlog     to own and to release [L26]; segments and batches: see below
//   the repairs       as stream_putback, once [mail]; putback_ref once more for sorele,
//                     putback_charged once more to take the charge back
TEST_CASE("acquisitions of so_rcv per read of the other algorithms", "[sockets]") {
  const int k = GENERATE(1, 3, 20);
  const auto locks = [&](const std::string& algorithm) {
    SocketRig rig;
    prepare(rig, algorithm, k);
    const ReceiveResult result = rig.receive(algorithm, 65536);
    CHECK(result.error == Errno::ok);
    CHECK(result.bytes == k * kSegment);
    CHECK(rig.pool.live() == 0);
    rig.check_idle();
    return rig.so_rcv_locks();
  };
  const int credits = k * kSegment >= 65536 / 4 ? (k * kSegment) / 17376 : 0;
  const int last_credit = k * kSegment - credits * 17376 > 0 ? 1 : 0;
  CHECK(locks("per_packet") == k + 1 + credits + last_credit);
  CHECK(locks("steal_discard") == 3);
  CHECK(locks("mark_inplace") == 3);
  CHECK(locks("consume_on_fault") == k + 2);
  CHECK(locks("linux_backlog") == 2);
  CHECK(locks("putback_sblock") == 1);
  CHECK(locks("putback_ref") == 2);
  CHECK(locks("putback_recheck") == 1);
  CHECK(locks("putback_charged") == 2);
}

TEST_CASE("sblock over the copy costs so_rcv once more when it is a flag", "[sockets]") {
  SocketRig rig({.era = models::Era::y2007_03, .sblock = models::Sblock::flag});
  prepare(rig, "putback_sblock", 3);
  CHECK(rig.receive("putback_sblock", 65536).error == Errno::ok);
  CHECK(rig.so_rcv_locks() == 2);
  rig.check_idle();
}

TEST_CASE("a failed copyout: what stays, what is lost", "[sockets]") {
  // Of three segments the second one faults.
  struct Expected {
    const char* algorithm;
    Errno error;
    std::int64_t bytes;
    std::int64_t lost;
    std::int64_t left;
  };
  const Expected expected =
      GENERATE(Expected{"per_packet", Errno::efault, 0, kSegment, 2L * kSegment},
               Expected{"steal_discard", Errno::efault, 0, 3L * kSegment, 0},
               Expected{"mark_inplace", Errno::efault, 0, 0, 3L * kSegment},
               Expected{"consume_on_fault", Errno::efault, 0, 3L * kSegment, 0},
               Expected{"linux_backlog", Errno::ok, kSegment, 0, 2L * kSegment},
               Expected{"putback_sblock", Errno::efault, 0, 0, 3L * kSegment},
               Expected{"putback_ref", Errno::efault, 0, 0, 3L * kSegment},
               Expected{"putback_recheck", Errno::efault, 0, 0, 3L * kSegment},
               Expected{"putback_charged", Errno::efault, 0, 0, 3L * kSegment});
  INFO(expected.algorithm);
  SocketRig rig;
  prepare(rig, expected.algorithm, 3);
  rig.troubles.add({.kind = CopyTrouble::Kind::fault, .offset = kSegment + 100});
  const ReceiveResult result = rig.receive(expected.algorithm, 65536);
  CHECK(result.error == expected.error);
  CHECK(result.bytes == expected.bytes);
  CHECK(result.lost == expected.lost);
  CHECK(rig.so.so_rcv.sb_cc == expected.left);
  rig.check_idle();
}

TEST_CASE("per_packet ends a flushed call with what it has already", "[sockets]") {
  SocketRig rig;
  prepare(rig, "per_packet", 3);
  const int copies = GENERATE(1, 2);
  rig.k.before("lock:cxgb_cpl_socket.c:t3_soreceive(copied)", copies,
               [&rig] { rig.k.as(7, 2, [&rig] { models::disconnect_flush(rig.k, rig.so); }); });
  const ReceiveResult result = rig.receive("per_packet", 65536);
  CHECK(result.error == (copies == 1 ? Errno::ewouldblock : Errno::ok));
  CHECK(result.bytes == (copies - 1) * kSegment);
  CHECK(result.lost == 0);
  CHECK(rig.uio.moved() == result.bytes);
  const auto flushed = static_cast<std::size_t>(models::Discard::disconnect);
  CHECK(rig.so.so_rcv.counters.discarded.at(flushed) == (4 - copies) * kSegment);
  CHECK(rig.so.so_rcv.counters.copied == result.bytes);
  rig.check_idle();
}

TEST_CASE("a small request of XNU's goes mbuf by mbuf", "[sockets]") {
  SocketRig rig;
  prepare(rig, "steal_discard", 3);
  CHECK(rig.receive("steal_discard", 3 * kSegment).bytes == 3 * kSegment);
  CHECK(rig.so_rcv_locks() == 3 + 2);
  rig.check_idle();
}

TEST_CASE("a partial mbuf and MSG_PEEK leave the rest in place", "[sockets]") {
  const std::string algorithm =
      GENERATE("per_packet", "steal_discard", "mark_inplace", "consume_on_fault", "linux_backlog",
               "putback_sblock", "putback_ref", "putback_recheck", "putback_charged");
  INFO(algorithm);
  SocketRig rig;
  prepare(rig, algorithm, 20);
  CHECK(rig.receive(algorithm, 20000, {.peek = true}).bytes > 0);
  CHECK(rig.so.so_rcv.sb_cc == 20 * kSegment);
  rig.check_idle();
  CHECK(rig.receive(algorithm, 20000).bytes == 20000);
  CHECK(rig.uio.chunks.front().offset == 0);
  CHECK(rig.so.so_rcv.sb_cc == 20 * kSegment - 20000);
  CHECK(rig.so.so_rcv.sb_mb->stream_offset == 20000);
  rig.check_idle();
}

TEST_CASE("no data: EWOULDBLOCK, end of file, and an error once", "[sockets]") {
  const std::string algorithm =
      GENERATE("per_packet", "steal_discard", "mark_inplace", "consume_on_fault", "linux_backlog",
               "putback_sblock", "putback_charged");
  INFO(algorithm);
  SocketRig rig;
  prepare(rig, algorithm, 0);
  CHECK(rig.receive(algorithm, 100, {.dontwait = true}).error == Errno::ewouldblock);
  rig.so.so_error = Errno::econnreset;
  CHECK(rig.receive(algorithm, 100).error == Errno::econnreset);
  rig.so.so_rcv.sb_state |= models::kSbsCantrcvmore;
  const ReceiveResult end = rig.receive(algorithm, 100);
  CHECK(end.error == Errno::ok);
  CHECK(end.bytes == 0);
  rig.check_idle();
}

TEST_CASE("nothing is merged into a mbuf that is copied in place", "[sockets]") {
  SocketRig rig;
  rig.append(1, 100);
  models::adopt(rig.so, *models::find_algorithm("mark_inplace"));
  rig.meanwhile("copy_out", 1, [&rig] { rig.append(1, 100); });
  CHECK(rig.receive("mark_inplace", 65536).bytes == 100);
  CHECK(rig.so.so_rcv.sb_cc == 100);
  CHECK(rig.so.so_rcv.counters.compressed_mbufs == 0);
  rig.check_idle();
}

TEST_CASE("putback_charged keeps the window closed until the chain is freed", "[sockets]") {
  const auto space_during_copy = [](const std::string& algorithm) {
    SocketRig rig;
    prepare(rig, algorithm, 10);
    std::int64_t space = 0;
    rig.meanwhile("copy_out", 3, [&] { space = rig.so.so_rcv.sbspace(); });
    CHECK(rig.receive(algorithm, 65536).error == Errno::ok);
    return space;
  };
  CHECK(space_during_copy("stream_putback") == 65536);
  CHECK(space_during_copy("putback_charged") == 65536 - 10 * kSegment);
}

TEST_CASE("putback_recheck drops what it cannot put back, and says so in the books", "[sockets]") {
  SocketRig rig;
  prepare(rig, "putback_recheck", 3);
  rig.meanwhile("copy_out", 1,
                [&rig] { models::socantrcvmore(rig.k, rig.so, models::points::kSocantrcvmore); });
  CHECK(rig.receive("putback_recheck", 65536).bytes == kSegment);
  CHECK(rig.so.so_rcv.sb_cc == 0);
  const auto reason = static_cast<std::size_t>(models::Discard::dropped);
  CHECK(rig.so.so_rcv.counters.discarded.at(reason) == 2 * kSegment);
  CHECK(rig.pool.live() == 0);
  rig.check_idle();
}
