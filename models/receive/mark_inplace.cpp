// SPDX-License-Identifier: BSD-2-Clause

/// DragonFly's sorecvtcp: marks just enough mbufs, copies them in place with no lock, then unlinks
/// them.
///
/// Source: DragonFly's uipc_socket.c of the 2010s (read in source; own words). A token, here
/// so_rcv, protects the buffer; readers exclude each other by ssb_lock, here sblock. Marked mbufs
/// (M_SOLOCKED) are not merged into, so that they can be unlinked whole. Locking: sblock for the
/// whole call, so_rcv three times: to mark, to unlink, after pru_rcvd. The chain is freed with no
/// lock held. sorflush takes the token alone, its ssb_lock is commented out (FlushRule::mutex): it
/// may free mbufs under the copy (inference from the source). EFAULT: nothing was unlinked.
#include <fmt/format.h>

#include <algorithm>

#include "models/receive/common.hpp"

namespace models::receive {
namespace {

/// What a call has marked: mbufs to unlink whole, and bytes of one more.
struct Marked {
  std::int64_t whole = 0;
  std::int64_t partial = 0;
};

/// Marks the mbufs that hold the first `len` bytes.
Marked mark(sim::KernelOps& k, const Sockbuf& sb, std::int64_t len) {
  Marked marked;
  for (Mbuf* m = sb.sb_mb; m != nullptr && len > 0; m = m->m_next) {
    k.access(m->memory, sim::Access::write);
    m->solocked = true;
    if (m->m_len <= len) {
      ++marked.whole;
    } else {
      marked.partial = len;
    }
    len -= m->m_len;
  }
  return marked;
}

/// Takes the marks off. Returns how many bytes unlinking these mbufs takes: as many as were there
/// to copy, since nothing is merged into them.
std::int64_t unmark(sim::KernelOps& k, const Sockbuf& sb, const Marked& marked) {
  std::int64_t len = marked.partial;
  std::int64_t left = marked.whole + (marked.partial > 0 ? 1 : 0);
  for (Mbuf* m = sb.sb_mb; m != nullptr && left > 0; m = m->m_next, --left) {
    k.access(m->memory, sim::Access::write);
    m->solocked = false;
    if (left > 1 || marked.partial == 0) len += m->m_len;
  }
  return len;
}

class MarkReceive : Call {
 public:
  using Call::Call;

  ReceiveResult run() {
    if (const Errno error = enter(k_, so_, flags_, points::kMarkEntry); error != Errno::ok) {
      return {error, 0, 0};
    }
    for (;;) {
      const Decision decision = wait_for_stream();
      if (decision.step == Step::done) return leave_and_end(decision.error);
      const std::int64_t len = std::min(uio_.resid, sb_.sb_cc);
      const MbufRef head(sb_.sb_mb);
      const Marked marked = mark(k_, sb_, len);
      k_.unlock(sb_.sb_mtx);
      const Errno error = copy_in_place(k_, so_, uio_, len, troubles_);
      k_.lock(sb_.sb_mtx, points::kMarkUnlink);
      head.use(k_, "sorecvtcp");
      const std::int64_t unlinked = unmark(k_, sb_, marked);
      if (error != Errno::ok || flags_.peek) return leave_and_end(error);
      if (unlinked < len || unlinked > sb_.sb_cc) {
        k_.violate("sockbuf_head_changed",
                   fmt::format("sorecvtcp: {} bytes of so_rcv were marked and copied, and {} of {} "
                               "carry the marks: another reader was let in",
                               len, unlinked, sb_.sb_cc));
      }
      unlink(unlinked);
      removed_ += len;
      so_.proto->rcvd(k_, so_);
      k_.lock(sb_.sb_mtx, points::kMarkAfterRcvd);
      if (!flags_.waitall || uio_.resid == 0) return leave_and_end(Errno::ok);
    }
  }

 private:
  /// Takes the first `bytes` off the buffer, drops so_rcv, and frees them.
  void unlink(std::int64_t bytes) {
    Mbuf* const chain = sb_.detach(k_, bytes);
    const InHand hand(&chain);
    k_.unlock(sb_.sb_mtx);
    m_freem(k_, sb_.pool(), sb_.costs(), chain);
  }
};

ReceiveResult sorecvtcp(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                        const ReceiveContext& context) {
  return MarkReceive(k, so, uio, flags, context).run();
}

}  // namespace

const ReceiveAlgorithm kMarkInplace = {
    "mark_inplace", "DragonFly: mark mbufs, copy them in place without a lock, then unlink them",
    "DragonFly of the 2010s, uipc_socket.c, sorecvtcp (read in source)", sorecvtcp,
    FlushRule::mutex};

}  // namespace models::receive
