// SPDX-License-Identifier: BSD-2-Clause

/// soreceive_generic as TCP's recv(2) walks it, early in 2007.
///
/// Source: FreeBSD's uipc_socket.c, the trees of 2006 and of 7.3 [S06, S73]; own words.
/// Locking: sblock for the whole call (with the flag lock: released while waiting for the first
/// data). so_rcv is dropped around the copy of every mbuf and taken again to unlink and m_free it:
/// with data ready and k mbufs consumed, a call takes so_rcv k + 2 times (entry, after each
/// uiomove, after pru_rcvd). The mbuf being copied stays at the head of the buffer; only the holder
/// of sblock removes from there. EFAULT: the mbuf at the head stays readable; those copied earlier
/// in the call are gone [S06, S73].
#include "models/receive/generic.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/mutation.hpp"
#include "models/receive/common.hpp"

namespace models::receive {
namespace {

class GenericReceive : Call {
 public:
  GenericReceive(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                 const ReceiveContext& context, const GenericPolicy& policy)
      : Call(k, so, uio, flags, context),
        policy_(policy),
        steals_(policy.steal_above && uio.resid > *policy.steal_above && !flags.peek) {}

  ReceiveResult run() {
    if (const Errno error = enter(k_, so_, flags_, points::kSoreceiveEntry); error != Errno::ok) {
      return {error, 0, 0};
    }
    const std::int64_t requested = uio_.resid;
    for (;;) {
      const Wait wait = wait_for_data();
      if (wait.ended) {
        leave(k_, so_);
        return {wait.error, 0, 0};
      }
      Errno error = deliver();
      if (error == Errno::ok) error = copy_stolen();
      if (error != Errno::ok) {  // pru_rcvd is skipped
        return leave_and_end(error);
      }
      if (!flags_.peek && so_has_protocol()) {
        k_.unlock(sb_.sb_mtx);
        so_.proto->rcvd(k_, so_);
        k_.lock(sb_.sb_mtx, points::kSoreceiveAfterRcvd);
      }
      if (uio_.resid != requested || requested == 0 || sb_.cantrcvmore()) break;
    }
    return leave_and_end(fault_);
  }

 private:
  struct Wait {
    bool ended;
    Errno error;
  };

  bool must_wait() const {
    if (sb_.sb_mb == nullptr) return true;
    if (flags_.dontwait || sb_.sb_cc >= uio_.resid) return false;
    return sb_.sb_cc < sb_.sb_lowat || (flags_.waitall && uio_.resid <= sb_.sb_hiwat);
  }

  /// Until there is something to deliver, or the call ends. so_rcv is held before and after.
  Wait wait_for_data() {
    k_.access(sb_.memory, sim::Access::read);
    while (must_wait()) {
      const bool data = sb_.sb_mb != nullptr;
      k_.access(so_.memory, sim::Access::read);
      if (so_.so_error != Errno::ok) {
        if (data) break;
        return {true, take_error(k_, so_, flags_)};
      }
      if (sb_.cantrcvmore()) {
        if (data) break;
        return {true, Errno::ok};
      }
      if ((so_.so_state & (kSsIsconnected | kSsIsconnecting)) == 0) return {true, Errno::enotconn};
      if (uio_.resid == 0) return {true, Errno::ok};
      if (flags_.dontwait || (so_.so_state & kSsNbio) != 0) return {true, Errno::ewouldblock};
      if (flag_sblock(so_)) flag_sbunlock_locked(k_, so_);
      const sim::WakeReason reason = sbwait(k_, so_);
      if (so_.sblock == Sblock::sx) {  // the tree that has the sx drops the mutex and starts over
        k_.unlock(sb_.sb_mtx);
        k_.lock(sb_.sb_mtx, points::kSoreceiveEntry);
      }
      if (flag_sblock(so_)) flag_sblock_locked(k_, so_, flags_.dontwait);
      if (reason == sim::WakeReason::interrupted) return {true, Errno::eintr};
    }
    return {false, Errno::ok};
  }

  /// Copies mbuf by mbuf. so_rcv is held before and after.
  Errno deliver() {
    Mbuf* m = sb_.sb_mb;
    std::int64_t moff = 0;
    while (m != nullptr && uio_.resid > 0) {
      if (steals_ && m->m_len <= uio_.resid - stolen_bytes_) {
        steal(m);
        if (const Errno error = after_steal(m); error != Errno::ok) return error;
        continue;
      }
      if (stolen_ != nullptr) {  // a partial mbuf is copied in place, after what comes before it
        if (const Errno error = copy_stolen(); error != Errno::ok) return error;
        m = sb_.sb_mb;
        continue;
      }
      const std::int64_t len = std::min<std::int64_t>(uio_.resid, m->m_len - moff);
      k_.touch(m->header, sim::Work::syscall);
      k_.spend(sim::Work::syscall, sb_.costs().mbuf_step_ps);
      if (fault_ == Errno::ok) {
        const MbufRef ref(m);
        k_.unlock(sb_.sb_mtx);
        const Errno error = uiomove(k_, so_, *m, moff, len, uio_, troubles_);
        k_.lock(sb_.sb_mtx, points::kSoreceiveAfterUiomove);
        if (error != Errno::ok && !policy_.consume_on_fault) return error;
        fault_ = error;
        ref.use(k_, "soreceive");
      }
      if (fault_ != Errno::ok) lose(*m, moff, len);
      if (flags_.peek) {
        moff += len;
        if (moff > m->m_len) changed(*m, "lost bytes while it was peeked at");
        if (moff == m->m_len) {
          m = m->m_next;
          moff = 0;
        }
      } else {
        m = consume(m, len);
        if (m == nullptr && flags_.waitall && uio_.resid > 0) m = wait_for_more();
      }
    }
    return Errno::ok;
  }

  /// These bytes count as moved, though nobody gets them.
  void lose(const Mbuf& m, std::int64_t moff, std::int64_t len) {
    uio_.resid -= len;
    uio_.chunks.push_back({m.stream_offset + moff, len, m.wire_at});
  }

  /// Moves the head to the private list.
  void steal(Mbuf* m) {
    k_.access(sb_.memory, sim::Access::write);
    k_.access(m->memory, sim::Access::write);
    k_.touch(m->header, sim::Work::syscall);
    k_.spend(sim::Work::syscall, sb_.costs().mbuf_detach_ps);
    if (!SOCKBUFSIM_MUTATED(sbfree_forgotten)) sb_.sbfree(*m);
    sb_.sb_mb = m->m_next;
    sb_.empty_fixup();
    m->m_next = nullptr;
    (stolen_ == nullptr ? stolen_ : stolen_tail_->m_next) = m;
    stolen_tail_ = m;
    stolen_bytes_ += m->m_len;
    removed_ += m->m_len;
    sb_.counters.in_call += m->m_len;
  }

  /// Brings `m` to the new head; with MSG_WAITALL copies what has gathered before it waits.
  Errno after_steal(Mbuf*& m) {
    m = sb_.sb_mb;
    const bool more = flags_.waitall && uio_.resid > stolen_bytes_;
    if (!more || (m != nullptr && stolen_bytes_ <= sb_.sb_hiwat / 2)) return Errno::ok;
    if (const Errno error = copy_stolen(); error != Errno::ok) return error;
    m = sb_.sb_mb != nullptr ? sb_.sb_mb : wait_for_more();
    return Errno::ok;
  }

  /// sodelayed_copy: copies the private list unlocked, and frees it whatever happens.
  Errno copy_stolen() {
    if (stolen_ == nullptr) return Errno::ok;
    k_.unlock(sb_.sb_mtx);
    Errno error = Errno::ok;
    for (Mbuf* m = stolen_; m != nullptr; m = m->m_next) {
      k_.spend(sim::Work::syscall, sb_.costs().mbuf_step_ps);
      if (error == Errno::ok) error = uiomove(k_, so_, *m, 0, m->m_len, uio_, troubles_);
      if (error != Errno::ok) lose(*m, 0, m->m_len);
    }
    if (!SOCKBUFSIM_MUTATED(list_leaked)) m_freem(k_, sb_.pool(), sb_.costs(), stolen_);
    stolen_ = stolen_tail_ = nullptr;
    stolen_bytes_ = 0;
    k_.lock(sb_.sb_mtx, points::kSoreceiveAfterUiomove);
    return error;
  }

  /// Somebody took bytes of `m` while it was copied.
  void changed(const Mbuf& m, const char* what) {
    k_.violate("sockbuf_head_changed",
               fmt::format("soreceive: mbuf #{} {}: another reader was let in", m.id, what));
  }

  /// Takes `len` bytes off the head, which is `m`. Returns the new head.
  Mbuf* consume(Mbuf* m, std::int64_t len) {
    k_.access(sb_.memory, sim::Access::write);
    if (sb_.sb_mb != m || m->m_len < len) {
      changed(*m, "was at the head of so_rcv before its copy, and is not any more");
    }
    removed_ += len;
    sb_.counters.in_call += len;
    if (m->m_len == len) {
      if (!SOCKBUFSIM_MUTATED(sbfree_forgotten)) sb_.sbfree(*m);
      sb_.sb_mb = m_free(k_, sb_.pool(), sb_.costs(), m);
    } else {
      k_.access(m->memory, sim::Access::write);
      m->data_start += static_cast<std::int32_t>(len);
      m->m_len -= static_cast<std::int32_t>(len);
      m->stream_offset += len;
      sb_.sb_cc -= len;
    }
    sb_.empty_fixup();
    return sb_.sb_mb;
  }

  /// MSG_WAITALL with an empty buffer in the middle of a request: sleeps with sblock held. Null
  /// when no more comes.
  Mbuf* wait_for_more() {
    while (sb_.sb_mb == nullptr) {
      k_.access(so_.memory, sim::Access::read);
      if (so_.so_error != Errno::ok || sb_.cantrcvmore() || flags_.dontwait) return nullptr;
      if (so_has_protocol()) {
        k_.unlock(sb_.sb_mtx);
        so_.proto->rcvd(k_, so_);
        k_.lock(sb_.sb_mtx, points::kSoreceiveWaitall);
      }
      if (sb_.sb_mb != nullptr || sb_.cantrcvmore() || so_.so_error != Errno::ok) continue;
      if (sbwait(k_, so_) == sim::WakeReason::interrupted) return nullptr;
    }
    return sb_.sb_mb;
  }

  /// The tree of 2006 looks whether so_pcb is still there, which tcp_close then detached.
  bool so_has_protocol() const {
    return so_.era != Era::y2006 || (so_.so_state & kSsIsdisconnected) == 0;
  }

  const GenericPolicy policy_;
  const bool steals_;
  Errno fault_ = Errno::ok;  ///< of a copyout, after which the rest is consumed
  Mbuf* stolen_ = nullptr;   ///< unlinked, and not copied yet
  Mbuf* stolen_tail_ = nullptr;
  std::int64_t stolen_bytes_ = 0;
  const InHand hand_{&stolen_};
};

ReceiveResult soreceive_generic(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                                const ReceiveContext& context) {
  return receive_mbuf_by_mbuf(k, so, uio, flags, context, {});
}

}  // namespace

ReceiveResult receive_mbuf_by_mbuf(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                                   const ReceiveContext& context, const GenericPolicy& policy) {
  return GenericReceive(k, so, uio, flags, context, policy).run();
}

const ReceiveAlgorithm kGeneric = {
    "generic", "soreceive_generic: unlock, copy, lock for every mbuf",
    "FreeBSD 6.1 to 7.3, sys/kern/uipc_socket.c (read in source)", soreceive_generic};

}  // namespace models::receive
