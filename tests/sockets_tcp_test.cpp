// SPDX-License-Identifier: BSD-2-Clause
/// Sockets on the real TCP: the mail's race, and who frees the socket.
#include "models/close_path.hpp"
#include "models/tcp.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_hardware.hpp"
#include "tests/support/socket_rig.hpp"

using test::ScriptedHardware;
using test::SocketRig;
using test::violation_of;

namespace {

struct TcpRig : SocketRig {
  explicit TcpRig(const Options& options = {}) : SocketRig(options), hw(k), shared(tcp_class, hw) {
    so.proto = &models::kTcpProtocol;
    models::tcp_attach(so, shared, nullptr, models::TcpOptions{});
  }
  /// One segment of open-loop traffic, taken in by the NIC's thread.
  void segment(bool fin = false, bool rst = false) {
    k.as(100, 0, [&] {
      models::Segment seg;
      seg.fin = fin;
      seg.rst = rst;
      if (!rst) {
        seg.len = 1448;
        seg.chain = pool.alloc(models::kMclbytes);
        seg.chain->m_len = 1448;
      }
      models::tcp_input(k, so, seg);
    });
  }

  sim::LockClass tcp_class{"tcp"};
  ScriptedHardware hw;
  models::TcpShared shared;
};

}  // namespace

TEST_CASE("one acquisition of so_rcv per segment, and no other lock at the append", "[sockets]") {
  TcpRig rig;
  for (int i = 0; i < 5; ++i) rig.segment();
  CHECK(rig.so_rcv_locks() == 5);
  CHECK(rig.k.locked_at("tcp_input.c:1201") == 5);
  rig.k.forget();
  CHECK(rig.receive("generic", 65536).bytes == 5 * 1448);
  CHECK(rig.so_rcv_locks() == 7);
  CHECK(rig.k.locked_class("tcpinp") == 1);
  CHECK(rig.k.locked_class("tcp") == 0);
  rig.check_books();
}

TEST_CASE("the mail's race on TCP: data after the close frees the socket under the copy",
          "[sockets]") {
  TcpRig rig;
  for (int i = 0; i < 4; ++i) rig.segment();
  SECTION("a segment comes before the put-back") {
    rig.meanwhile("copy_out", 2, [&] {
      models::kernel_close(rig.k, rig.so);
      CHECK_FALSE(rig.so.freed);  // TCP waits for the far end
      rig.segment();
      CHECK(rig.so.freed);
    });
    CHECK(violation_of([&] { rig.receive("stream_putback", 65536); }) == "destroyed_lock");
  }
  SECTION("none comes: the buffer is still there, but flushed") {
    rig.meanwhile("copy_out", 2, [&] { models::kernel_close(rig.k, rig.so); });
    CHECK(violation_of([&] { rig.receive("stream_putback", 65536); }) == "putback_flushed");
  }
}

TEST_CASE("a close with a file reference completes on TCP", "[sockets]") {
  const std::string algorithm = GENERATE("generic", "stream_inplace", "stream_putback");
  TcpRig rig;
  for (int i = 0; i < 4; ++i) rig.segment();
  rig.meanwhile("copy_out", 2, [&] { models::close_descriptor(rig.k, rig.so); });
  models::ReaderConfig config;
  config.algorithm = models::find_algorithm(algorithm);
  models::ReaderThread reader(rig.so, config, nullptr);
  reader.run(rig.k);
  CHECK(reader.end() == models::ReaderEnd::bad_descriptor);
  CHECK(reader.stats().bytes == 4 * 1448);
  CHECK_FALSE(rig.so.freed);
  rig.segment();  // data after close: RST
  CHECK(rig.so.freed);
  rig.segment();  // finds no connection
  rig.check_books();
  models::check_conservation(rig.so);
  CHECK(rig.pool.live() == 0);
  CHECK(rig.k.holds_nothing());
}

TEST_CASE("FIN and RST through TCP end a reader after its data", "[sockets]") {
  const std::string algorithm = GENERATE("generic", "stream_inplace", "stream_putback");
  const bool reset = GENERATE(false, true);
  TcpRig rig;
  for (int i = 0; i < 4; ++i) rig.segment();
  rig.meanwhile("copy_out", 2, [&] { rig.segment(!reset, reset); });
  models::ReaderConfig config;
  config.algorithm = models::find_algorithm(algorithm);
  models::ReaderThread reader(rig.so, config, nullptr);
  reader.run(rig.k);
  CHECK(reader.end() == (reset ? models::ReaderEnd::reset : models::ReaderEnd::eof));
  CHECK(reader.stats().bytes == (reset ? 4 : 5) * 1448);
  models::check_conservation(rig.so);
  rig.check_books();
}
