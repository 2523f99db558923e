// SPDX-License-Identifier: BSD-2-Clause

/// soreceive_stream as committed on 22 June 2009 (r194672).
///
/// Source: FreeBSD's uipc_socket.c of 9.3, 10.4 and main [S93, S104, SMAIN]; own words. Where the
/// versions differ, the repaired one: a failed sblock returns at once, and non-blocking looks at
/// the call's flags. Locking: sblock for the whole call. so_rcv three times, however many mbufs:
/// entry, after the copy, after pru_rcvd. The data stays in the buffer while it is copied, chain
/// walked without so_rcv; sbdrop then frees all mbufs in one hold. sorflush waits for sblock, hence
/// nothing is freed under the copy. EFAULT: nothing was dropped, the whole range can be read again.
/// (With MSG_WAITALL and a request beyond the buffer, earlier rounds of the same call are gone.)
#include <algorithm>

#include "models/mutation.hpp"
#include "models/receive/common.hpp"

namespace models::receive {
namespace {

ReceiveResult soreceive_stream(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                               const ReceiveContext& context) {
  Sockbuf& sb = so.so_rcv;
  if (const Errno error = enter(k, so, flags, points::kStreamEntry); error != Errno::ok) {
    return {error, 0, 0};
  }
  std::int64_t removed = 0;
  const auto end = [&](Errno error) -> ReceiveResult {
    leave(k, so);
    if (error != Errno::ok) return fail(so, uio, error, removed);
    return finish(so, uio, removed);
  };
  if (uio.resid == 0) return end(Errno::einval);
  if ((so.so_state & (kSsIsconnected | kSsIsdisconnecting | kSsIsdisconnected)) == 0) {
    return end(Errno::enotconn);
  }
  for (;;) {
    const Decision decision = decide_stream(k, so, uio, flags, removed);
    if (decision.step == Step::done) return end(decision.error);
    if (decision.step == Step::wait) {
      if (sbwait(k, so) == sim::WakeReason::interrupted) {
        return end(removed > 0 ? Errno::ok : Errno::eintr);
      }
      continue;
    }
    const std::int64_t len = std::min(uio.resid, sb.sb_cc);
    if (SOCKBUFSIM_MUTATED(free_before_copy)) {
      const MbufRef head(sb.sb_mb);
      sb.sbdrop(k, len);
      k.unlock(sb.sb_mtx);
      head.use(k, "m_mbuftouio");
    }
    k.unlock(sb.sb_mtx);
    const Errno error = copy_in_place(k, so, uio, len, context.troubles);
    k.lock(sb.sb_mtx, points::kStreamAfterCopy);
    if (error != Errno::ok) return end(error);
    if (flags.peek) return end(Errno::ok);
    if (SOCKBUFSIM_MUTATED(drop_unlocked)) k.unlock(sb.sb_mtx);
    sb.sbdrop(k, len);
    sb.counters.in_call += len;
    removed += len;
    k.unlock(sb.sb_mtx);
    so.proto->rcvd(k, so);
    k.lock(sb.sb_mtx, points::kStreamAfterRcvd);
    if (!flags.waitall || uio.resid == 0) return end(Errno::ok);
  }
}

}  // namespace

const ReceiveAlgorithm kStreamInplace = {
    "stream_inplace", "soreceive_stream of 2009: copy in place under sblock, drop afterwards",
    "FreeBSD r194672 of 22 June 2009, sys/kern/uipc_socket.c (read in source)", soreceive_stream};

}  // namespace models::receive
