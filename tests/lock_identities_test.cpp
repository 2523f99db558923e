// SPDX-License-Identifier: BSD-2-Clause
//
// The lock counts over a grid of shapes, and over whole runs that end in rest: there every
// acquisition of so_rcv has its reason (docs/model.md, Counts and faults).
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/scenario_run.hpp"

namespace {

using test::by_lower_half;
using test::by_reader;

using test::Overrides;
using test::operator+;

/// How a stream of full frames lies in the buffer: `pieces` mbufs a frame, of nearly equal length.
struct Shape {
  int mtu;
  int pieces;
  int mss() const { return mtu - 52; }
};

/// Number of mbufs that hold the first `bytes` of the stream. sbcompress copies a piece of at most
/// MCLBYTES/4 into the mbuf before it, while its cluster has room; the first piece of a frame has
/// 66 bytes of headers in front.
int mbufs_holding(const Shape& shape, std::int64_t bytes) {
  constexpr int kCluster = 2048;
  int mbufs = 0;
  int room = 0;
  for (std::int64_t at = 0; at < bytes;) {
    for (int i = 0; i < shape.pieces && at < bytes; ++i) {
      const int length = shape.mss() * (i + 1) / shape.pieces - shape.mss() * i / shape.pieces;
      if (mbufs > 0 && length <= kCluster / 4 && length <= room) {
        room -= length;
      } else {
        ++mbufs;
        room = kCluster - length - (i == 0 ? 66 : 0);
      }
      at += length;
    }
  }
  return mbufs;
}

double at(const models::Report& report, const char* point) {
  return test::acquisitions(report, "so_rcv", point);
}

/// One read that finds all it wants.
models::Report one_read(const std::string& algorithm, const Shape& shape, int read_bytes) {
  models::Report report = test::run(
      "10g-generic",
      {"duration_ms=3", "warmup_ms=0", "receive.algorithm=" + algorithm,
       fmt::format("nic.mtu={}", shape.mtu), fmt::format("nic.mbufs_per_frame={}", shape.pieces),
       "sockets.0.readers.0.start_us=2500", "sockets.0.readers.0.max_reads=1",
       fmt::format("sockets.0.readers.0.read_bytes={}", read_bytes)});
  REQUIRE(report.verdict == models::Verdict::completed);
  REQUIRE(report.readers.at(0).reads == 1);
  REQUIRE(report.readers.at(0).bytes == read_bytes);
  return report;
}

/// A transfer of 6 MB that comes to its end: the reader has read all of it and met the end of file.
models::Report whole_transfer(const Overrides& more) {
  models::Report report = test::run(
      "10g-generic", Overrides{"duration_ms=60", "warmup_ms=0", "traffic.bytes=6000000"} + more);
  REQUIRE(report.verdict == models::Verdict::completed);
  REQUIRE(report.throughput.bytes.copied == 6'000'000);
  REQUIRE(report.throughput.bytes.in_call == 0);
  return report;
}

/// The parts of a lock's figures add up to the whole.
void check_parts(const models::LockReport& lock) {
  double acquisitions = 0.0;
  double contended = 0.0;
  double wait = 0.0;
  double hold = 0.0;
  for (const models::LockPartReport& point : lock.points) {
    acquisitions += point.figures.acquisitions;
    contended += point.figures.contended;
    wait += point.figures.wait_ns.total;
    hold += point.figures.hold_ns.total;
    CHECK(point.figures.contended <= point.figures.acquisitions);
  }
  double blamed = 0.0;
  for (const models::BlameReport& blame : lock.blame) blamed += blame.count;
  CHECK(acquisitions == lock.figures.acquisitions);
  CHECK(contended == lock.figures.contended);
  CHECK(blamed == lock.figures.contended);
  CHECK(wait == Catch::Approx(lock.figures.wait_ns.total).epsilon(1e-12));
  CHECK(hold == Catch::Approx(lock.figures.hold_ns.total).epsilon(1e-12));
  CHECK(lock.figures.spin_ns_total + lock.figures.block_ns_total ==
        Catch::Approx(lock.figures.wait_ns.total).epsilon(1e-12).margin(1e-3));
}

}  // namespace

TEST_CASE("a read takes so_rcv k + 2, 3 or 1 times for every shape of the buffer", "[locks]") {
  for (const Shape shape : {Shape{1500, 1}, Shape{1500, 2}, Shape{1500, 3}, Shape{9000, 1},
                            Shape{9000, 2}, Shape{9000, 3}}) {
    for (const int read_bytes : {1448, 4096, 8948, 16384, 65536}) {
      INFO("MTU " << shape.mtu << ", " << shape.pieces << " mbufs a frame, read of " << read_bytes);
      const int mbufs = mbufs_holding(shape, read_bytes);
      const models::Report generic = one_read("generic", shape, read_bytes);
      CHECK(by_reader(generic) == mbufs + 2);
      CHECK(at(generic, "uipc_socket.c:1669") == mbufs);
      CHECK(by_reader(one_read("stream_inplace", shape, read_bytes)) == 3);
      CHECK(by_reader(one_read("stream_putback", shape, read_bytes)) == 1);
    }
  }
}

TEST_CASE("generic: every acquisition of a whole transfer has its reason", "[locks]") {
  for (const char* sblock : {"flag", "sx"}) {
    for (const char* read_bytes : {"1448", "4096", "65536"}) {
      INFO(sblock << ", reads of " << read_bytes);
      const models::Report report =
          whole_transfer({std::string("receive.sblock=") + sblock,
                          std::string("sockets.0.readers.0.read_bytes=") + read_bytes});
      const models::ReaderReport& reader = report.readers.at(0);
      const double sleeps = at(report, "kern_mutex.c:141");
      // The last call finds the end of file. With the sx, every sleep starts the call over.
      const double restarts = std::string(sblock) == "sx" ? sleeps : 0.0;
      CHECK(at(report, "uipc_socket.c:1423") == reader.reads + 1 + restarts);
      // The latency is taken once a piece that was copied.
      CHECK(at(report, "uipc_socket.c:1669") == reader.delivery_latency_ns.count);
      CHECK(at(report, "uipc_socket.c:1825") == reader.reads);
      CHECK(sleeps > 0);
      check_parts(*test::find_lock(report, "so_rcv"));
      check_parts(*test::find_lock(report, "tcpinp"));
    }
  }
}

TEST_CASE("stream: every acquisition of a whole transfer has its reason", "[locks]") {
  for (const char* sblock : {"flag", "sx"}) {
    for (const char* read_bytes : {"1448", "65536"}) {
      INFO(sblock << ", reads of " << read_bytes);
      const Overrides what = {std::string("receive.sblock=") + sblock,
                              std::string("sockets.0.readers.0.read_bytes=") + read_bytes};
      const models::Report inplace =
          whole_transfer(what + Overrides{"receive.algorithm=stream_inplace"});
      const double reads = inplace.readers.at(0).reads;
      CHECK(at(inplace, "uipc_socket.c:soreceive_stream") == reads + 1);
      CHECK(at(inplace, "uipc_socket.c:soreceive_stream(copied)") == reads);
      CHECK(at(inplace, "uipc_socket.c:soreceive_stream(rcvd)") == reads);
      check_parts(*test::find_lock(inplace, "so_rcv"));

      const models::Report putback =
          whole_transfer(what + Overrides{"receive.algorithm=stream_putback"});
      CHECK(at(putback, "uipc_socket.c:soreceive_stream(detach)") ==
            putback.readers.at(0).reads + 1);
      // The FIN may come in the middle of a copy, which then stops and puts the rest back.
      CHECK(at(putback, "uipc_socket.c:soreceive_stream(putback)") <= 1);
      check_parts(*test::find_lock(putback, "so_rcv"));
    }
  }
}

TEST_CASE("the lower half takes so_rcv once for every segment that carries data", "[locks]") {
  for (const char* what : {"nic.lro={\"enabled\":false}", "nic.lro={\"enabled\":true}",
                           "nic.mtu=9000", "receive.algorithm=stream_inplace"}) {
    INFO(what);
    const models::Report report = whole_transfer({what});
    // The FIN may come with the last data or alone.
    CHECK(by_lower_half(report) <= report.tcp.segments);
    CHECK(by_lower_half(report) >= report.tcp.segments - 1);
    CHECK(report.tcp.out_of_order == 0);
  }
}

TEST_CASE("put-backs are the second acquisitions of stream_putback", "[locks]") {
  // Every tenth copyout or so fails; each failure puts its chain back, once.
  const models::Report report =
      test::run("10g-generic", {"duration_ms=20", "warmup_ms=0", "receive.algorithm=stream_putback",
                                "receive.sblock=sx",
                                R"(disturb=[{"do":"copy_fault","probability":0.01,"at_us":0}])"});
  REQUIRE(report.verdict == models::Verdict::completed);
  const models::ReaderReport& reader = report.readers.at(0);
  CHECK(reader.faults > 20);
  CHECK(at(report, "uipc_socket.c:soreceive_stream(putback)") == reader.faults);
  CHECK(at(report, "uipc_socket.c:soreceive_stream(detach)") ==
        Catch::Approx(reader.reads + reader.faults).margin(1));
  CHECK(reader.lost_bytes == 0);
}

TEST_CASE("lock operations per read are those of the tables", "[locks]") {
  // A reader that waits for a whole request always finds its data ready. Where a
  // read ends within an mbuf, the next one locks for that mbuf once more: to bytes/1448 + 2 comes
  // the share of reads that do, which the tables leave out.
  struct Row {
    const char* mtu;
    const char* pieces;
    int read_bytes;
    double table;  ///< acquisitions per read, mbufs counted as bytes / mbuf length
  };
  for (const Row& row : {Row{"1500", "1", 65536, 47.3}, Row{"1500", "1", 16384, 13.3},
                         Row{"9000", "1", 65536, 9.3}, Row{"9000", "3", 65536, 24.0}}) {
    INFO("MTU " << row.mtu << ", " << row.pieces << " mbufs, reads of " << row.read_bytes);
    const Overrides what = {"duration_ms=30",
                            "warmup_ms=5",
                            std::string("nic.mtu=") + row.mtu,
                            std::string("nic.mbufs_per_frame=") + row.pieces,
                            fmt::format("sockets.0.low_water={}", row.read_bytes),
                            fmt::format("sockets.0.readers.0.read_bytes={}", row.read_bytes)};
    const models::Report generic = test::run("10g-generic", what);
    const double reads = generic.readers.at(0).reads;
    CHECK(generic.readers.at(0).bytes_per_read_mean == row.read_bytes);
    const double per_read = (at(generic, "uipc_socket.c:1423") + at(generic, "uipc_socket.c:1669") +
                             at(generic, "uipc_socket.c:1825")) /
                            reads;
    CHECK(per_read > row.table - 0.05);
    CHECK(per_read < row.table + 1.05);
    const models::Report stream =
        test::run("10g-generic", what + Overrides{"receive.algorithm=stream_inplace"});
    const double ops = at(stream, "uipc_socket.c:soreceive_stream") +
                       at(stream, "uipc_socket.c:soreceive_stream(copied)") +
                       at(stream, "uipc_socket.c:soreceive_stream(rcvd)");
    CHECK(ops / stream.readers.at(0).reads == Catch::Approx(3.0).epsilon(0.001));
  }
}
