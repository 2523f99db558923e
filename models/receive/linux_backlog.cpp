// SPDX-License-Identifier: BSD-2-Clause

/// Linux's tcp_recvmsg with the socket lock and the backlog: the producer is deferred instead of
/// the lock.
///
/// Source: an annotated net/ipv4/tcp.c of 2.6.21 or before (read in source; own words); costs are
/// FreeBSD's, so that only the locking differs. Locking: see socket_lock.hpp. The reader owns the
/// socket for the whole call and holds no spin lock while it copies, in place, and eats mbufs;
/// segments that arrive meanwhile wait in the backlog, and are processed by the reader when it
/// releases the socket. The spin lock is taken once a segment, twice for owning and releasing, and
/// once more for every batch of the backlog. EFAULT: bytes copied before it are returned; the mbuf
/// at fault stays. MSG_PEEK waits for its target as any read does. The prequeue is left out.
#include <algorithm>

#include "models/receive/common.hpp"
#include "models/socket_lock.hpp"

namespace models::receive {
namespace {

class BacklogReceive : Call {
 public:
  BacklogReceive(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                 const ReceiveContext& context)
      : Call(k, so, uio, flags, context),
        target_(flags.waitall ? uio.resid : std::min(uio.resid, sb_.sb_lowat)) {}

  ReceiveResult run() {
    k_.spend(sim::Work::syscall, sb_.costs().soreceive_setup_ps);
    lock_sock(k_, so_);
    for (;;) {
      if (const Errno error = copy_queue(); error != Errno::ok) {
        return release_and_end(moved_ > 0 ? Errno::ok : error);
      }
      k_.access(so_.memory, sim::Access::read);
      if (uio_.resid == 0 || (moved_ >= target_ && so_.socket_lock.backlog.empty())) break;
      if (so_.so_error != Errno::ok) {
        return release_and_end(moved_ > 0 ? Errno::ok : take_error(k_, so_, flags_));
      }
      if (sb_.cantrcvmore()) break;
      if (flags_.dontwait) return release_and_end(moved_ > 0 ? Errno::ok : Errno::ewouldblock);
      if (moved_ > 0 && !flags_.peek) so_.proto->rcvd(k_, so_);
      if (moved_ >= target_) {
        release_sock(k_, so_);
        lock_sock(k_, so_);
      } else if (sk_wait_data(k_, so_) == sim::WakeReason::interrupted) {
        return release_and_end(moved_ > 0 ? Errno::ok : Errno::eintr);
      }
    }
    return release_and_end(Errno::ok);
  }

 private:
  /// Copies from the head of the queue, and eats what was copied; or only looks at what it has not
  /// looked at yet.
  Errno copy_queue() {
    if (flags_.peek) {
      const std::int64_t len = std::min(uio_.resid, sb_.sb_cc - moved_);
      if (len == 0) return Errno::ok;
      const Errno error = copy_in_place(k_, so_, uio_, len, troubles_, moved_);
      moved_ = uio_.moved();
      return error;
    }
    while (uio_.resid > 0 && sb_.sb_mb != nullptr) {
      Mbuf* m = sb_.sb_mb;
      const std::int64_t len = std::min<std::int64_t>(uio_.resid, m->m_len);
      k_.touch(m->header, sim::Work::syscall);
      k_.spend(sim::Work::syscall, sb_.costs().mbuf_step_ps);
      if (const Errno error = uiomove(k_, so_, *m, 0, len, uio_, troubles_); error != Errno::ok) {
        return error;
      }
      sb_.sbdrop(k_, len);
      sb_.counters.in_call += len;
      moved_ += len;
    }
    return Errno::ok;
  }

  ReceiveResult release_and_end(Errno error) {
    if (moved_ > 0 && !flags_.peek) so_.proto->rcvd(k_, so_);
    release_sock(k_, so_);
    if (!flags_.peek) removed_ = moved_;
    return end(error);
  }

  const std::int64_t target_;
  std::int64_t moved_ = 0;  ///< bytes that the application has, eaten unless PEEK
};

ReceiveResult tcp_recvmsg(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                          const ReceiveContext& context) {
  return BacklogReceive(k, so, uio, flags, context).run();
}

}  // namespace

const ReceiveAlgorithm kLinuxBacklog = {
    "linux_backlog",
    "Linux: the reader owns the socket, arriving segments wait in a backlog",
    "Linux 2.6.21 or before, net/ipv4/tcp.c (read in source)",
    tcp_recvmsg,
    FlushRule::kernel,
    true};

}  // namespace models::receive
