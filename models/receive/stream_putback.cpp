// SPDX-License-Identifier: BSD-2-Clause

/// soreceive_stream as the mail of 2 March 2007 describes it: the proof of concept with the race.
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
#include <algorithm>

#include "models/receive/common.hpp"

namespace models::receive {
namespace {

class PutbackReceive {
 public:
  PutbackReceive(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                 const ReceiveContext& context)
      : k_(k), so_(so), sb_(so.so_rcv), uio_(uio), flags_(flags), troubles_(context.troubles) {}

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
      k_.note("detaches a private chain", "so_rcv", std::min(uio_.resid, sb_.sb_cc));
      Mbuf* chain = sb_.detach(k_, std::min(uio_.resid, sb_.sb_cc));
      leave(k_, so_);

      Mbuf* rest = chain;
      const Errno error = copy(chain, rest, could_receive);
      if (error != Errno::ok || flags_.peek) rest = chain;
      const bool all = rest == nullptr;
      free_copied(chain, rest);
      if (!all) put_back(rest);
      if (error != Errno::ok) return end(error);
      if (flags_.peek) return end(Errno::ok);
      so_.proto->rcvd(k_, so_);
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

  /// Copies the chain; `rest` is its first mbuf that was not copied.
  Errno copy(Mbuf* chain, Mbuf*& rest, bool could_receive) {
    for (rest = chain; rest != nullptr; rest = rest->m_next) {
      k_.access(sb_.memory, sim::Access::read);
      if (rest != chain && could_receive && sb_.cantrcvmore()) {
        k_.note("finds the socket closed in the middle of the copy", "so_rcv");
        return Errno::ok;
      }
      k_.spend(sim::Work::syscall, sb_.costs().mbuf_step_ps);
      const Errno error = uiomove(k_, so_, *rest, 0, rest->m_len, uio_, troubles_);
      if (error != Errno::ok) return error;
    }
    return Errno::ok;
  }

  /// Frees `chain` up to `rest`: the application has these bytes.
  void free_copied(Mbuf* chain, Mbuf* rest) {
    Mbuf* copied = chain;
    if (chain == rest) return;
    Mbuf* last = chain;
    removed_ += last->m_len;
    for (; last->m_next != rest; last = last->m_next) removed_ += last->m_next->m_len;
    last->m_next = nullptr;
    m_freem(k_, sb_.pool(), sb_.costs(), copied);
  }

  /// The race of the mail: what so_rcv has become in the meantime, nobody knows.
  void put_back(Mbuf* rest) {
    k_.note("puts data back", "so_rcv", chain_length(rest));
    k_.lock(sb_.sb_mtx, points::kPutbackReturn);
    sb_.put_back(k_, rest);
    k_.unlock(sb_.sb_mtx);
  }

  ReceiveResult end(Errno error) {
    if (error != Errno::ok) return fail(so_, uio_, error, removed_);
    return finish(so_, uio_, removed_);
  }

  sim::KernelOps& k_;
  Socket& so_;
  Sockbuf& sb_;
  Uio& uio_;
  const ReceiveFlags flags_;
  CopyTroubles* troubles_;
  std::int64_t removed_ = 0;  ///< bytes that the application has and the buffer has not
};

ReceiveResult soreceive_putback(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                                const ReceiveContext& context) {
  return PutbackReceive(k, so, uio, flags, context).run();
}

}  // namespace

const ReceiveAlgorithm kStreamPutback = {
    "stream_putback",
    "the proof of concept of March 2007: detach a sized chain, copy unlocked, put the rest back",
    "mail of 2 March 2007; the shape of the code is inference, as the patch is lost",
    soreceive_putback};

}  // namespace models::receive
