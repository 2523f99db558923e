// SPDX-License-Identifier: BSD-2-Clause
#include "models/socket_lock.hpp"

#include <fmt/format.h>

#include <utility>

#include "models/close_path.hpp"
#include "models/mutation.hpp"
#include "models/tcp_reass.hpp"

namespace models {
namespace {

void own(sim::KernelOps& k, Socket& so) {
  so.so_rcv.owned_by = so.so_rcv.sb_flags_channel.holder = k.thread_id();
}

void disown(sim::KernelOps& k, Socket& so) {
  so.so_rcv.owned_by = so.so_rcv.sb_flags_channel.holder = sim::WaitChannel::kNobody;
  k.wakeup(so.so_rcv.sb_flags_channel);
}

/// With the spin lock held, before and after.
void drain_backlog(sim::KernelOps& k, Socket& so) {
  SocketLock& lock = so.socket_lock;
  if (SOCKBUFSIM_MUTATED(backlog_dropped)) lock.backlog.clear();
  while (!lock.backlog.empty()) {
    lock.batch.swap(lock.backlog);
    lock.backlog_bytes = 0;
    k.unlock(so.so_rcv.sb_mtx);
    for (lock.batch_next = 0; lock.batch_next < lock.batch.size();) {
      Segment& segment = lock.batch[lock.batch_next++];
      k.note("processes a segment of the backlog", "backlog", segment.len);
      tcp_process(k, so, segment);
    }
    lock.batch.clear();
    lock.batch_next = 0;
    k.lock(so.so_rcv.sb_mtx, points::kBacklog);
  }
}

/// sock_put: the last reference frees the socket, unless the protocol still needs it.
void sock_put(sim::KernelOps& k, Socket& so) {
  k.unlocked_access(so.memory, sim::Access::write);
  if (so.so_count <= 0) {
    k.violate("socket_use_after_free",
              fmt::format("sock_put: socket {} has no reference left to drop", so.index));
  }
  --so.so_count;
  const bool needed = (so.so_state & kSsNofdref) == 0 || (so.so_state & kSsProtoref) != 0;
  if (so.so_count == 0 && !needed && !so.freed) destroy_socket(k, so);
}

}  // namespace

void lock_sock(sim::KernelOps& k, Socket& so) {
  Sockbuf& sb = so.so_rcv;
  k.lock(sb.sb_mtx, points::kLockSock);
  while (sb.owned_by >= 0) {
    k.sleep(sb.sb_flags_channel, sb.sb_mtx, points::kSbwaitRelock, sim::kPrioritySocket,
            sim::Interruptible::no);
  }
  own(k, so);
  k.unlock(sb.sb_mtx);
}

void release_sock(sim::KernelOps& k, Socket& so) {
  k.lock(so.so_rcv.sb_mtx, points::kReleaseSock);
  drain_backlog(k, so);
  disown(k, so);
  k.unlock(so.so_rcv.sb_mtx);
}

sim::WakeReason sk_wait_data(sim::KernelOps& k, Socket& so) {
  Sockbuf& sb = so.so_rcv;
  const std::int64_t had = sb.sb_cc;
  k.lock(sb.sb_mtx, points::kReleaseSock);
  drain_backlog(k, so);
  disown(k, so);
  sim::WakeReason reason = sim::WakeReason::woken;
  k.access(so.memory, sim::Access::read);
  if (sb.sb_cc == had && !sb.cantrcvmore() && so.so_error == Errno::ok) reason = sbwait(k, so);
  k.unlock(sb.sb_mtx);
  lock_sock(k, so);
  return reason;
}

void backlog_input(sim::KernelOps& k, Socket& so, Segment segment) {
  const InHand hand(&segment.chain);
  k.unlocked_access(so.memory, sim::Access::write);
  if (so.freed || so.tcb.detached) {
    ++so.tcb.stats.slow_path;
    so.tcb.stats.no_connection_frames += segment.frames;
    free_chain(k, so, std::exchange(segment.chain, nullptr));
    return;
  }
  ++so.so_count;  // sock_hold
  Sockbuf& sb = so.so_rcv;
  SocketLock& lock = so.socket_lock;
  k.lock(sb.sb_mtx, points::kBacklogInput);
  const bool owned = sb.owned_by >= 0 && !SOCKBUFSIM_MUTATED(ownership_ignored);
  if (!owned) {
    tcp_process(k, so, segment);
  } else if (lock.backlog_bytes + segment.len > 2 * sb.sb_hiwat && sb.sb_hiwat > 0) {
    so.tcb.stats.backlog_dropped_frames += segment.frames;
  } else {
    k.note("leaves a segment in the backlog", "backlog", segment.len);
    k.access(so.memory, sim::Access::write);  // the owner looks at it without the spin lock
    lock.backlog_bytes += segment.len;
    lock.backlog.push_back(segment);
    segment.chain = nullptr;
  }
  k.unlock(sb.sb_mtx);
  free_chain(k, so, std::exchange(segment.chain, nullptr));
  sock_put(k, so);
}

void backlog_shutdown(sim::KernelOps& k, Socket& so) {
  lock_sock(k, so);
  socantrcvmore(k, so, points::kSocantrcvmore);
  release_sock(k, so);
}

void backlog_close(sim::KernelOps& k, Socket& so) {
  lock_sock(k, so);
  k.access(so.memory, sim::Access::write);
  if ((so.so_state & kSsIsdisconnected) == 0) {
    so.proto->disconnect(k, so);
    k.access(so.memory, sim::Access::write);
    so.so_state |= kSsProtoref;
  }
  so.so_state |= kSsNofdref;
  release_sock(k, so);
  sock_put(k, so);
}

}  // namespace models
