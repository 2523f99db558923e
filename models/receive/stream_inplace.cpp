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

class StreamReceive : Call {
 public:
  using Call::Call;

  ReceiveResult run() {
    if (const Errno error = enter(k_, so_, flags_, points::kStreamEntry); error != Errno::ok) {
      return {error, 0, 0};
    }
    if (uio_.resid == 0) return leave_and_end(Errno::einval);
    if ((so_.so_state & (kSsIsconnected | kSsIsdisconnecting | kSsIsdisconnected)) == 0) {
      return leave_and_end(Errno::enotconn);
    }
    for (;;) {
      const Decision decision = wait_for_stream();
      if (decision.step == Step::done) return leave_and_end(decision.error);
      const std::int64_t len = std::min(uio_.resid, sb_.sb_cc);
      if (SOCKBUFSIM_MUTATED(free_before_copy)) {
        const MbufRef head(sb_.sb_mb);
        sb_.sbdrop(k_, len);
        k_.unlock(sb_.sb_mtx);
        head.use(k_, "m_mbuftouio");
      }
      k_.unlock(sb_.sb_mtx);
      const Errno error = copy_in_place(k_, so_, uio_, len, troubles_);
      k_.lock(sb_.sb_mtx, points::kStreamAfterCopy);
      if (error != Errno::ok) return leave_and_end(error);
      if (flags_.peek) return leave_and_end(Errno::ok);
      if (SOCKBUFSIM_MUTATED(drop_unlocked)) k_.unlock(sb_.sb_mtx);
      sb_.sbdrop(k_, len);
      sb_.counters.in_call += len;
      removed_ += len;
      k_.unlock(sb_.sb_mtx);
      so_.proto->rcvd(k_, so_);
      k_.lock(sb_.sb_mtx, points::kStreamAfterRcvd);
      if (!flags_.waitall || uio_.resid == 0) return leave_and_end(Errno::ok);
    }
  }
};

ReceiveResult soreceive_stream(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                               const ReceiveContext& context) {
  return StreamReceive(k, so, uio, flags, context).run();
}

}  // namespace

const ReceiveAlgorithm kStreamInplace = {
    "stream_inplace", "soreceive_stream of 2009: copy in place under sblock, drop afterwards",
    "FreeBSD r194672 of 22 June 2009, sys/kern/uipc_socket.c (read in source)", soreceive_stream};

}  // namespace models::receive
