// SPDX-License-Identifier: BSD-2-Clause
//
// The lock counts of the real code, taken from the report (docs/model.md, Counts and faults).
#include <fmt/format.h>

#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/scenario_run.hpp"

namespace {

using test::by_reader;

/// One read of `mbufs` mbufs, long after the buffer has filled up.
models::Report one_read(const std::string& algorithm, int mbufs, int mbuf_bytes,
                        std::vector<std::string> more = {}) {
  std::vector<std::string> overrides = {
      "duration_ms=4",
      "warmup_ms=0",
      "receive.sblock=sx",
      "receive.algorithm=" + algorithm,
      "sockets.0.readers.0.start_us=3000",
      "sockets.0.readers.0.max_reads=1",
      fmt::format("sockets.0.readers.0.read_bytes={}", mbufs * mbuf_bytes)};
  overrides.insert(overrides.end(), more.begin(), more.end());
  models::Report report = test::run("10g-generic", overrides);
  REQUIRE(report.verdict == models::Verdict::completed);
  REQUIRE(report.readers.at(0).reads == 1);
  REQUIRE(report.readers.at(0).bytes == mbufs * mbuf_bytes);
  return report;
}

}  // namespace

TEST_CASE("generic takes so_rcv k + 2 times for k mbufs", "[locks]") {
  for (const int mbufs : {1, 2, 7, 45}) {
    INFO(mbufs << " mbufs");
    const models::Report report = one_read("generic", mbufs, 1448);
    CHECK(by_reader(report) == mbufs + 2);
    CHECK(test::acquisitions(report, "so_rcv", "uipc_socket.c:1423") == 1);
    CHECK(test::acquisitions(report, "so_rcv", "uipc_socket.c:1669") == mbufs);
    CHECK(test::acquisitions(report, "so_rcv", "uipc_socket.c:1825") == 1);
  }
}

TEST_CASE("stream_inplace takes so_rcv 3 times, stream_putback once, whatever they read",
          "[locks]") {
  for (const int mbufs : {1, 2, 7, 45}) {
    INFO(mbufs << " mbufs");
    CHECK(by_reader(one_read("stream_inplace", mbufs, 1448)) == 3);
    CHECK(by_reader(one_read("stream_putback", mbufs, 1448)) == 1);
  }
}

// The formulas and their sources: tests/sockets_variants_test.cpp.
TEST_CASE("the other algorithms' acquisitions of so_rcv, in whole runs", "[locks]") {
  for (const int mbufs : {1, 2, 7, 45}) {
    INFO(mbufs << " mbufs");
    // A window credit each quarter of the buffer, after whole packets, and one for the rest.
    for (const int buffer : {65536, 262144}) {
      const int packets_a_credit = buffer / 4 / 1448 + 1;
      const int credits = (mbufs + packets_a_credit - 1) / packets_a_credit;
      const std::vector<std::string> size = {
          fmt::format("sockets.0.receive_buffer_bytes={}", buffer)};
      CHECK(by_reader(one_read("per_packet", mbufs, 1448, size)) == mbufs + 1 + credits);
    }
    CHECK(by_reader(one_read("steal_discard", mbufs, 1448)) ==
          (mbufs * 1448 > 16384 ? 3 : mbufs + 2));
    CHECK(by_reader(one_read("mark_inplace", mbufs, 1448)) == 3);
    CHECK(by_reader(one_read("consume_on_fault", mbufs, 1448)) == mbufs + 2);
    CHECK(by_reader(one_read("putback_sblock", mbufs, 1448)) == 1);
    CHECK(by_reader(one_read("putback_ref", mbufs, 1448)) == 2);
    CHECK(by_reader(one_read("putback_recheck", mbufs, 1448)) == 1);
    CHECK(by_reader(one_read("putback_charged", mbufs, 1448)) == 2);
  }
}

TEST_CASE("linux_backlog takes the spin lock once a segment, twice a call, once a batch",
          "[locks]") {
  const auto count = [](const models::Report& report, const char* point) {
    return test::acquisitions(report, "so_rcv", point);
  };
  const models::Report idle = one_read("linux_backlog", 7, 1448);
  CHECK(count(idle, "net/core/sock.c:lock_sock") == 1);
  CHECK(count(idle, "net/core/sock.c:release_sock") == 1);
  CHECK(count(idle, "net/core/sock.c:__release_sock") == 0);

  const models::Report busy = test::run(
      "10g-generic", {"duration_ms=10", "warmup_ms=0", "receive.algorithm=linux_backlog"});
  REQUIRE(busy.verdict == models::Verdict::completed);
  const double segments = count(busy, "net/ipv4/tcp_ipv4.c:tcp_v4_rcv");
  CHECK(segments <= busy.tcp.segments);
  CHECK(segments >= busy.tcp.segments - 1);
  const double batches = count(busy, "net/core/sock.c:__release_sock");
  CHECK(batches > 0);
  CHECK(batches < segments);
  // Whoever owns releases, but for the call that is under way.
  CHECK(count(busy, "net/core/sock.c:lock_sock") ==
        Catch::Approx(count(busy, "net/core/sock.c:release_sock")).margin(1));
  // No other point but sbwait's takes it.
  const double sum = segments + batches + count(busy, "net/core/sock.c:lock_sock") +
                     count(busy, "net/core/sock.c:release_sock") + count(busy, "kern_mutex.c:141");
  CHECK(test::find_lock(busy, "so_rcv")->figures.acquisitions == sum);
  CHECK(test::find_lock(busy, "tcp")->figures.acquisitions == 0);
  CHECK(test::find_lock(busy, "tcpinp")->figures.acquisitions == 0);
}

TEST_CASE("a put-back costs stream_putback a second acquisition", "[locks]") {
  // The first call fails in its third mbuf and puts all of it back; the second one reads it.
  const models::Report report =
      one_read("stream_putback", 7, 1448, {R"(disturb=[{"do":"copy_fault","offset_bytes":3000}])"});
  CHECK(report.readers.at(0).faults == 1);
  CHECK(test::acquisitions(report, "so_rcv", "uipc_socket.c:soreceive_stream(detach)") == 2);
  CHECK(test::acquisitions(report, "so_rcv", "uipc_socket.c:soreceive_stream(putback)") == 1);
}

TEST_CASE("jumbo frames in three mbufs cost generic three cycles a frame", "[locks]") {
  const std::vector<std::string> jumbo = {"nic.mtu=9000", "nic.mbufs_per_frame=3",
                                          "nic.timestamps=true"};
  // 8948 bytes in three nearly equal parts: a read of two frames touches six mbufs.
  CHECK(by_reader(one_read("generic", 2, 8948, jumbo)) == 6 + 2);
  CHECK(by_reader(one_read("stream_inplace", 2, 8948, jumbo)) == 3);
}

TEST_CASE("the lower half takes so_rcv once a segment, and once an LRO aggregate", "[locks]") {
  for (const char* name : {"10g-generic", "10g-stream", "10g-jumbo", "lro"}) {
    INFO(name);
    const models::Report report = test::run(name, {"duration_ms=10", "warmup_ms=0"});
    const double lower_half = test::by_lower_half(report);
    // A segment that is on its way when the run ends has been counted, but has not got there.
    CHECK(lower_half <= report.tcp.segments);
    CHECK(lower_half >= report.tcp.segments - 1);
    if (std::string(name) == "lro") CHECK(report.tcp.frames_per_segment_mean > 3);
  }
}

TEST_CASE("whole runs keep the books of the acquisition points", "[locks]") {
  const models::Report report = test::run("10g-generic", {"duration_ms=20", "warmup_ms=0"});
  const double reads = report.readers.at(0).reads;
  // A read may end within an mbuf, which the next one then touches again; one read may be under
  // way.
  const double mbufs = report.throughput.bytes.copied / 1448.0;
  const double after_copies = test::acquisitions(report, "so_rcv", "uipc_socket.c:1669");
  CHECK(after_copies >= mbufs);
  CHECK(after_copies <= mbufs + reads + 46);
  CHECK(test::acquisitions(report, "so_rcv", "uipc_socket.c:1423") ==
        Catch::Approx(reads).margin(1));
  CHECK(test::acquisitions(report, "so_rcv", "uipc_socket.c:1825") ==
        Catch::Approx(reads).margin(1));
}
