// SPDX-License-Identifier: BSD-2-Clause
#include "models/receive/common.hpp"

#include <algorithm>

#include "models/mutation.hpp"

namespace models::receive {

Errno sx_sblock(sim::KernelOps& k, Socket& so, bool dontwait, bool nointr) {
  if (dontwait) {
    return k.sx_try_xlock(so.so_rcv_sx, points::kSblock) ? Errno::ok : Errno::ewouldblock;
  }
  const bool catches = !nointr && (so.so_rcv.sb_flags & kSbNointr) == 0;
  const sim::WakeReason reason = k.sx_xlock(
      so.so_rcv_sx, points::kSblock, catches ? sim::Interruptible::yes : sim::Interruptible::no);
  return reason == sim::WakeReason::interrupted ? Errno::eintr : Errno::ok;
}

void flag_sblock_locked(sim::KernelOps& k, Socket& so, bool dontwait) {
  Sockbuf& sb = so.so_rcv;
  while ((sb.sb_flags & kSbLock) != 0) {
    if (dontwait) {
      k.note("sblock is busy; EWOULDBLOCK is discarded", "sblock");
      return;
    }
    sb.sb_flags |= kSbWant;
    const bool catches = (sb.sb_flags & kSbNointr) == 0;
    if (k.sleep(sb.sb_flags_channel, sb.sb_mtx, points::kSbwaitRelock, sim::kPrioritySocket,
                catches ? sim::Interruptible::yes : sim::Interruptible::no) ==
        sim::WakeReason::interrupted) {
      k.note("sblock is busy; EINTR is discarded", "sblock");
      return;
    }
  }
  sb.sb_flags |= kSbLock;
  sb.sb_flags_channel.holder = k.thread_id();
}

void flag_sbunlock_locked(sim::KernelOps& k, Socket& so) {
  Sockbuf& sb = so.so_rcv;
  sb.sb_flags &= ~kSbLock;
  sb.sb_flags_channel.holder = sim::WaitChannel::kNobody;
  if ((sb.sb_flags & kSbWant) != 0 && !SOCKBUFSIM_MUTATED(wakeup_forgotten_sbunlock)) {
    sb.sb_flags &= ~kSbWant;
    k.wakeup(sb.sb_flags_channel);
  }
}

Errno enter(sim::KernelOps& k, Socket& so, ReceiveFlags flags, const sim::LockPoint& point) {
  if (SOCKBUFSIM_MUTATED(sblock_removed)) {
    k.lock(so.so_rcv.sb_mtx, point);
    return Errno::ok;
  }
  if (so.sblock == Sblock::sx) {
    if (const Errno error = sx_sblock(k, so, flags.dontwait, false); error != Errno::ok) {
      return error;
    }
  }
  k.spend(sim::Work::syscall, so.so_rcv.costs().soreceive_setup_ps);
  k.lock(so.so_rcv.sb_mtx, point);
  if (flag_sblock(so)) flag_sblock_locked(k, so, flags.dontwait);
  return Errno::ok;
}

void leave(sim::KernelOps& k, Socket& so) {
  so.so_rcv.check_tail(k);
  if (SOCKBUFSIM_MUTATED(sblock_removed)) return k.unlock(so.so_rcv.sb_mtx);
  if (flag_sblock(so)) flag_sbunlock_locked(k, so);
  k.unlock(so.so_rcv.sb_mtx);
  if (so.sblock == Sblock::sx) k.sx_xunlock(so.so_rcv_sx);
}

Errno take_error(sim::KernelOps& k, Socket& so, ReceiveFlags flags) {
  k.access(so.memory, sim::Access::write);
  const Errno error = so.so_error;
  if (!flags.peek) so.so_error = Errno::ok;
  return error;
}

Decision decide_stream(sim::KernelOps& k, Socket& so, const Uio& uio, ReceiveFlags flags,
                       std::int64_t removed) {
  const Sockbuf& sb = so.so_rcv;
  k.access(so.memory, sim::Access::read);
  k.access(sb.memory, sim::Access::read);
  const std::int64_t cc = sb.available();
  if (so.so_error != Errno::ok) {
    if (cc > 0) return {Step::deliver};
    if (removed > 0) return {Step::done};
    return {Step::done, take_error(k, so, flags)};
  }
  if (sb.cantrcvmore()) return {cc > 0 ? Step::deliver : Step::done};
  if (cc == 0 && flags.dontwait) {
    return {Step::done, removed > 0 ? Errno::ok : Errno::ewouldblock};
  }
  const bool full = cc >= uio.resid || cc >= sb.sb_hiwat;
  if (cc > 0 && !flags.waitall && (flags.dontwait || cc >= sb.sb_lowat || full)) {
    return {Step::deliver};
  }
  if (flags.waitall && full) return {Step::deliver};
  if (flags.dontwait) return {cc > 0 ? Step::deliver : Step::done};
  return {Step::wait};
}

Errno copy_in_place(sim::KernelOps& k, Socket& so, Uio& uio, std::int64_t len,
                    CopyTroubles* troubles, std::int64_t skip) {
  k.access(so.so_rcv.memory, sim::Access::read);
  Mbuf* m = so.so_rcv.sb_mb;
  for (; m != nullptr && skip >= m->m_len; m = m->m_next) skip -= m->m_len;
  MbufRef ref(m);
  while (len > 0) {
    ref.use(k, "m_mbuftouio");
    k.touch(m->header, sim::Work::syscall);
    k.spend(sim::Work::syscall, so.so_rcv.costs().mbuf_step_ps);
    const std::int64_t n = std::min<std::int64_t>(len, m->m_len - skip);
    if (const Errno error = uiomove(k, so, *m, skip, n, uio, troubles); error != Errno::ok) {
      return error;
    }
    skip = 0;
    len -= n;
    m = m->m_next;
    ref = MbufRef(m);
  }
  return Errno::ok;
}

Decision Call::wait_for_stream() {
  for (;;) {
    const Decision decision = decide_stream(k_, so_, uio_, flags_, removed_);
    if (decision.step != Step::wait) return decision;
    if (sbwait(k_, so_) == sim::WakeReason::interrupted) {
      return {Step::done, removed_ > 0 ? Errno::ok : Errno::eintr};
    }
  }
}

ReceiveResult Call::end(Errno error) {
  sb_.counters.in_call -= removed_;
  if (error == Errno::ok) {
    sb_.counters.copied += removed_;
    return {Errno::ok, uio_.moved(), 0};
  }
  sb_.counters.discarded[static_cast<std::size_t>(Discard::efault)] += removed_;
  uio_.keep_first(removed_);
  return {error, 0, removed_};
}

ReceiveResult Call::leave_and_end(Errno error) {
  leave(k_, so_);
  return end(error);
}

}  // namespace models::receive
