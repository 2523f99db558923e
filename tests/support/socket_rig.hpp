// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "models/close_path.hpp"
#include "models/reader.hpp"
#include "models/receive/receive.hpp"
#include "models/socket.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_kernel.hpp"

namespace test {

/// Payload of a full segment with timestamps.
inline constexpr int kSegment = 1448;

inline constexpr sim::LockPoint kTestAppend{"tcp_input.c:1201"};
inline constexpr sim::LockPoint kTestRcvd{"tcp_usrreq.c:tcp_usr_rcvd"};

/// One socket on a scripted kernel, with a protocol of three functions in place of TCP.
struct SocketRig {
  struct Options {
    models::Era era = models::Era::y2007_05;
    models::Sblock sblock = models::Sblock::sx;
    std::int64_t hiwat = 65536;
    std::int64_t lowat = 1;
  };
  SocketRig() : SocketRig(Options{}) {}
  explicit SocketRig(const Options& options)
      : so(0, classes, {options.hiwat, options.lowat}, pool, costs, options.era, options.sblock) {
    costs.mbuf_free_ps = 1000;
    so.proto = &protocol();
    current() = this;
  }
  ~SocketRig() { current() = nullptr; }

  /// Appends `mbufs` mbufs of `bytes` each in a 2 KB cluster, as a NIC thread on core 0 would.
  void append(int mbufs, int bytes, int storage = models::kMclbytes) {
    k.as(100, 0, [&] {
      models::Mbuf* chain = nullptr;
      models::Mbuf** link = &chain;
      for (int i = 0; i < mbufs; ++i) {
        models::Mbuf* m = pool.alloc(storage);
        m->m_len = bytes;
        m->stream_offset = next_offset;
        next_offset += bytes;
        *link = m;
        link = &m->m_next;
      }
      k.lock(so.so_rcv.sb_mtx, kTestAppend);
      so.so_rcv.sbappendstream(k, chain);
      models::sorwakeup_locked(k, so);
    });
  }
  /// Runs `action` as another thread, on core 2, before the `nth` operation `op` from now on.
  void meanwhile(const std::string& op, int nth, const std::function<void()>& action) {
    k.before(op, k.count(op) + nth, [this, action] { k.as(7, 2, action); });
  }
  models::ReceiveResult receive(const std::string& algorithm, std::int64_t bytes,
                                models::ReceiveFlags flags = {}) {
    uio.start(bytes);
    return models::find_algorithm(algorithm)->function(k, so, uio, flags,
                                                       models::ReceiveContext{&troubles});
  }
  int so_rcv_locks() const { return k.locked_class("so_rcv"); }
  /// After every test: the books agree.
  void check_books() {
    so.so_rcv.check_accounting(k);
    so.so_rcv.check_conservation();
    pool.check_conservation();
  }
  /// The books agree, and no call is under way: nothing is locked, owned or charged.
  void check_idle() {
    CHECK(k.holds_nothing());
    CHECK((so.so_rcv.sb_flags & models::kSbLock) == 0);
    CHECK(so.so_rcv.owned_by < 0);
    CHECK(so.so_rcv.charged_cc == 0);
    CHECK(so.so_rcv.counters.in_call == 0);
    CHECK(so.socket_lock.backlog.empty());
    check_books();
  }

  sim::LockClass so_rcv_class{"so_rcv"};
  sim::LockClass sx_class{"so_rcv_sx", sim::LockKind::sx};
  sim::LockClass tcpinp_class{"tcpinp"};
  models::SocketLockClasses classes{so_rcv_class, sx_class, tcpinp_class};
  sim::Mutex inp{tcpinp_class};
  models::NetCosts costs;
  models::MbufPool pool;
  ScriptedKernel k;
  models::Socket so;
  models::CopyTroubles troubles;
  models::Uio uio;
  std::int64_t next_offset = 0;
  bool tcp_lingers = false;  ///< disconnect leaves the connection to TCP, as with a FIN handshake
  int rcvd_calls = 0;

 private:
  static SocketRig*& current() {
    static SocketRig* rig = nullptr;
    return rig;
  }
  static const models::Protocol& protocol() {
    static const models::Protocol kProtocol = {
        [](sim::KernelOps& k, models::Socket&) {
          ++current()->rcvd_calls;
          k.lock(current()->inp, kTestRcvd);
          k.unlock(current()->inp);
        },
        [](sim::KernelOps& k, models::Socket& so) {
          models::soisdisconnecting(k, so);
          models::disconnect_flush(k, so);
          if (!current()->tcp_lingers) models::soisdisconnected(k, so);
        },
        [](sim::KernelOps& k, models::Socket&) { k.destroy(current()->inp); }};
    return kProtocol;
  }
};

/// The kind of the violation that `body` ends in; empty when it ends well.
template <class Body>
std::string violation_of(Body body) {
  try {
    body();
  } catch (const sim::Violation& violation) {
    return violation.kind();
  }
  return {};
}

}  // namespace test
