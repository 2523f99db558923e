// SPDX-License-Identifier: BSD-2-Clause
#include "models/socket.hpp"

#include <fmt/format.h>

#include "models/mutation.hpp"
#include "sim/base/assert.hpp"
#include "sim/machine/violation.hpp"

namespace models {

std::string_view to_string(Errno error) {
  switch (error) {
    case Errno::ok:
      return "ok";
    case Errno::eintr:
      return "EINTR";
    case Errno::ebadf:
      return "EBADF";
    case Errno::efault:
      return "EFAULT";
    case Errno::einval:
      return "EINVAL";
    case Errno::ewouldblock:
      return "EWOULDBLOCK";
    case Errno::econnreset:
      return "ECONNRESET";
    case Errno::enotconn:
      return "ENOTCONN";
  }
  return "?";
}

Socket::Socket(int socket_index, const SocketLockClasses& classes, const BufferLimits& limits,
               MbufPool& pool, const NetCosts& costs, Era socket_era, Sblock socket_sblock)
    : index(socket_index),
      era(socket_era),
      sblock(socket_sblock),
      so_rcv(classes.so_rcv, limits, pool, costs),
      so_rcv_sx(classes.so_rcv_sx),
      tcb(classes.tcpinp) {}

void Socket::check_alive(sim::KernelOps& k, const char* where) const {
  k.access(memory, sim::Access::read);
  if (freed) {
    k.violate("socket_use_after_free", fmt::format("{}: socket {} was freed", where, index));
  }
}

void lock_buffer(sim::KernelOps& k, Socket& so, const sim::LockPoint& point) {
  if (!so.socket_lock.used) k.lock(so.so_rcv.sb_mtx, point);
}

void unlock_buffer(sim::KernelOps& k, Socket& so) {
  if (!so.socket_lock.used) k.unlock(so.so_rcv.sb_mtx);
}

void sorwakeup_locked(sim::KernelOps& k, Socket& so) {
  Sockbuf& sb = so.so_rcv;
  if (!sb.held_by(k)) {
    k.violate("lock_not_held", fmt::format("mutex {} not owned at sowakeup", sb.sb_mtx.cls->name));
  }
  const bool forgets = SOCKBUFSIM_MUTATED(wakeup_forgotten_append) ||
                       (SOCKBUFSIM_MUTATED(wakeup_forgotten_eof) && sb.cantrcvmore());
  if ((sb.sb_flags & kSbWait) != 0 && !forgets) {
    k.access(sb.memory, sim::Access::write);
    sb.sb_flags &= ~kSbWait;
    k.wakeup(sb.sb_cc_channel);
  }
  unlock_buffer(k, so);
}

void socantrcvmore(sim::KernelOps& k, Socket& so, const sim::LockPoint& point) {
  lock_buffer(k, so, point);
  k.access(so.so_rcv.memory, sim::Access::write);
  so.so_rcv.sb_state |= kSbsCantrcvmore;
  k.note("no more can be received", "so_rcv", so.so_rcv.sb_cc);
  sorwakeup_locked(k, so);
}

void soisdisconnecting(sim::KernelOps& k, Socket& so) {
  lock_buffer(k, so, points::kSoisdisconnecting);
  k.access(so.memory, sim::Access::write);
  k.access(so.so_rcv.memory, sim::Access::write);
  so.so_state &= ~kSsIsconnecting;
  so.so_state |= kSsIsdisconnecting;
  so.so_rcv.sb_state |= kSbsCantrcvmore;
  sorwakeup_locked(k, so);
}

void soisdisconnected(sim::KernelOps& k, Socket& so) {
  lock_buffer(k, so, points::kSoisdisconnected);
  k.access(so.memory, sim::Access::write);
  k.access(so.so_rcv.memory, sim::Access::write);
  so.so_state &= ~(kSsIsconnecting | kSsIsconnected | kSsIsdisconnecting);
  so.so_state |= kSsIsdisconnected;
  so.so_rcv.sb_state |= kSbsCantrcvmore;
  k.note("is disconnected", "so_rcv", so.so_rcv.sb_cc);
  sorwakeup_locked(k, so);
}

void so_drop(sim::KernelOps& k, Socket& so, Errno error) {
  k.unlocked_access(so.memory, sim::Access::write);
  so.so_error = error;
  soisdisconnected(k, so);
}

void check_conservation(const Socket& so) {
  so.so_rcv.check_conservation();
  const SockbufCounters& counters = so.so_rcv.counters;
  const std::int64_t gone =
      counters.copied + counters.discarded[static_cast<std::size_t>(Discard::efault)];
  SIM_ASSERT(gone == so.delivered.bytes(),
             fmt::format("socket {}: {} bytes left the buffer in reads, the readers know of {}",
                         so.index, gone, so.delivered.bytes()));
  if (counters.in_call == 0 && !so.delivered.contiguous()) {
    throw sim::Violation(
        "bytes_lost", fmt::format("socket {}: byte {} was never delivered, but {} bytes after it",
                                  so.index, so.delivered.next(), so.delivered.bytes_ahead()));
  }
}

sim::WakeReason sbwait(sim::KernelOps& k, Socket& so) {
  Sockbuf& sb = so.so_rcv;
  if (sb.observer != nullptr) sb.observer->happened(k, SockbufObserver::Event::sbwait);
  k.access(sb.memory, sim::Access::write);
  sb.sb_flags |= kSbWait;
  return k.sleep(sb.sb_cc_channel, sb.sb_mtx, points::kSbwaitRelock, sim::kPrioritySocket,
                 (sb.sb_flags & kSbNointr) != 0 ? sim::Interruptible::no : sim::Interruptible::yes);
}

}  // namespace models
