// SPDX-License-Identifier: BSD-2-Clause

/// soreceive_stream as the mail of 2 March 2007 describes it: the proof of concept with the race,
/// and what its repairs have in common with it.
///
/// Source: the mail says that a chunk sized by the request is pulled from the buffer, the lock
/// dropped, and that "when the socket closes and we still have data around or the copyout failed"
/// the rest is put back. The patch itself is lost: everything beyond these sentences is INFERENCE
/// (docs/model.md, stream_putback). Locking: sblock and so_rcv only to wait and to detach the chain
/// (its last mbuf split); neither while copying, which is the race: the chain is private, so no
/// flush, close or accounting can see it. so_rcv once a call, twice with a put-back. Mbufs are
/// freed with no lock held. Side effects of the private chain: sb_cc falls at the detach, hence the
/// advertised window grows before the application has the data; after a put-back sb_cc may exceed
/// sb_hiwat; a second reader gets later bytes first. The copy looks, without the lock, whether the
/// socket was closed meanwhile, and stops early then. EFAULT: the whole chain is put back; nothing
/// is lost, if the buffer is still there. MSG_PEEK: detached, copied and put back like a failed
/// copy.
#include "models/receive/putback.hpp"

#include <algorithm>
#include <utility>

#include "models/close_path.hpp"
#include "models/mutation.hpp"
#include "models/receive/common.hpp"

namespace models::receive {
namespace {

class PutbackReceive : Call {
 public:
  PutbackReceive(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                 const ReceiveContext& context, const PutbackPolicy& policy)
      : Call(k, so, uio, flags, context), policy_(policy) {
    if (SOCKBUFSIM_MUTATED(early_sbunlock)) policy_.hold_sblock = false;
  }

  ReceiveResult run() {
    for (;;) {
      const Errno entered = enter(k_, so_, flags_, points::kPutbackEntry);
      if (entered != Errno::ok) return end(removed_ > 0 ? Errno::ok : entered);
      const Decision decision = wait_for_data();
      if (decision.step != Step::deliver) {
        leave(k_, so_);
        return end(decision.error);
      }
      const bool could_receive = !sb_.cantrcvmore();
      k_.note("detaches a private chain", "so_rcv", std::min(uio_.resid, sb_.available()));
      detach();
      const Errno error = copy(could_receive);
      if (error != Errno::ok || flags_.peek) rest_ = chain_;
      const bool all = rest_ == nullptr;
      give_back();
      const bool ends = error != Errno::ok || flags_.peek;
      if (!ends) so_.proto->rcvd(k_, so_);
      release();
      if (ends) return end(error);
      if (!flags_.waitall || uio_.resid == 0 || !all) return end(Errno::ok);
    }
  }

 private:
  Decision wait_for_data() {
    for (;;) {
      const Decision decision = decide_stream(k_, so_, uio_, flags_, removed_);
      if (decision.step != Step::wait) return decision;
      if (flag_sblock(so_)) flag_sbunlock_locked(k_, so_);
      const sim::WakeReason reason = sbwait(k_, so_);
      if (flag_sblock(so_)) flag_sblock_locked(k_, so_, flags_.dontwait);
      if (reason == sim::WakeReason::interrupted) {
        return {Step::done, removed_ > 0 ? Errno::ok : Errno::eintr};
      }
    }
  }

  /// Copies the chain; rest_ is its first mbuf that was not copied.
  Errno copy(bool could_receive) {
    for (; rest_ != nullptr; rest_ = rest_->m_next) {
      k_.access(sb_.memory, sim::Access::read);
      if (rest_ != chain_ && could_receive && sb_.cantrcvmore()) {
        k_.note("finds the socket closed in the middle of the copy", "so_rcv");
        return Errno::ok;
      }
      k_.spend(sim::Work::syscall, sb_.costs().mbuf_step_ps);
      const Errno error = uiomove(k_, so_, *rest_, 0, rest_->m_len, uio_, troubles_);
      if (error != Errno::ok) return error;
    }
    return Errno::ok;
  }

  /// so_rcv and sblock are held before; after, sblock if it is held over the copy.
  void detach() {
    chain_ = rest_ = sb_.detach(k_, std::min(uio_.resid, sb_.available()));
    if (policy_.charged) sb_.charge(k_, chain_);
    if (policy_.reference) {
      k_.access(so_.memory, sim::Access::write);
      ++so_.so_count;
    }
    flushes_ = sb_.flushes;
    if (policy_.hold_sblock) {
      k_.unlock(sb_.sb_mtx);
    } else {
      leave(k_, so_);
    }
  }

  /// Frees what was copied, and puts the rest back.
  void give_back() {
    if (policy_.charged) {
      k_.lock(sb_.sb_mtx, points::kPutbackReturn);
      sb_.uncharge(k_, chain_);
      cut_before_rest();
      if (rest_ != nullptr) put_back_locked();
      k_.unlock(sb_.sb_mtx);
      free_copied();
      return;
    }
    cut_before_rest();
    free_copied();
    if (rest_ == nullptr) return;
    // The race of the mail: what so_rcv has become in the meantime, nobody knows.
    k_.note("puts data back", "so_rcv", chain_length(rest_));
    k_.lock(sb_.sb_mtx, points::kPutbackReturn);
    const bool dropped = policy_.recheck && !SOCKBUFSIM_MUTATED(recheck_removed) && was_closed();
    if (!dropped) put_back_locked();
    k_.unlock(sb_.sb_mtx);
    if (dropped) drop();
  }

  void put_back_locked() { sb_.put_back(k_, std::exchange(rest_, nullptr)); }

  bool was_closed() const {
    k_.access(so_.memory, sim::Access::read);
    return sb_.cantrcvmore() || (so_.so_state & kSsNofdref) != 0 || sb_.flushes != flushes_;
  }

  /// r3: there is nowhere to put it, so nobody gets it.
  void drop() {
    const std::int64_t len = chain_length(rest_);
    k_.note("drops the rest", "so_rcv", len);
    sb_.counters.in_call -= len;
    sb_.counters.discarded[static_cast<std::size_t>(Discard::dropped)] += len;
    m_freem(k_, sb_.pool(), sb_.costs(), std::exchange(rest_, nullptr));
  }

  /// From here on chain_ is what was copied, and no more.
  void cut_before_rest() {
    if (chain_ == rest_) {
      chain_ = nullptr;
      return;
    }
    Mbuf* last = chain_;
    while (last->m_next != rest_) last = last->m_next;
    last->m_next = nullptr;
  }

  /// The application has these bytes.
  void free_copied() {
    removed_ += chain_length(chain_);
    m_freem(k_, sb_.pool(), sb_.costs(), std::exchange(chain_, nullptr));
  }

  /// Gives up what was kept over the copy.
  void release() {
    if (policy_.hold_sblock && flag_sblock(so_)) {
      k_.lock(sb_.sb_mtx, points::kPutbackReturn);
      flag_sbunlock_locked(k_, so_);
      k_.unlock(sb_.sb_mtx);
    } else if (policy_.hold_sblock && so_.sblock == Sblock::sx) {
      k_.sx_xunlock(so_.so_rcv_sx);
    }
    if (policy_.reference) sorele(k_, so_);
  }

  PutbackPolicy policy_;
  std::uint32_t flushes_ = 0;  ///< the buffer's, at the detach
  Mbuf* chain_ = nullptr;      ///< private
  Mbuf* rest_ = nullptr;       ///< from the first mbuf of it on that was not copied
  const InHand chain_in_hand_{&chain_};
  const InHand rest_in_hand_{&rest_};
};

}  // namespace

ReceiveResult receive_with_putback(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                                   const ReceiveContext& context, const PutbackPolicy& policy) {
  return PutbackReceive(k, so, uio, flags, context, policy).run();
}

}  // namespace models::receive
