// SPDX-License-Identifier: BSD-2-Clause

/// Repair r3 of the mail's proof of concept: with so_rcv taken again, the reader looks whether the
/// socket was closed or its buffer flushed meanwhile (SBS_CANTRCVMORE, SS_NOFDREF, a count of
/// flushes), and drops the rest of its chain if so.
///
/// Source: nobody's code; an idea applied to an inference. Locking: as stream_putback. The look
/// needs so_rcv, which may be gone by then. A FIN or a RST sets SBS_CANTRCVMORE, too, and leaves
/// the data: what is dropped then was the application's.
#include "models/receive/common.hpp"
#include "models/receive/putback.hpp"

namespace models::receive {
namespace {

ReceiveResult soreceive_putback_recheck(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                                        const ReceiveContext& context) {
  return receive_with_putback(k, so, uio, flags, context, {.recheck = true});
}

}  // namespace

const ReceiveAlgorithm kPutbackRecheck = {
    .name = "putback_recheck",
    .doc = "repair r3: look again before the put-back, and drop the rest if the socket was closed",
    .source = "candidate repair; inference",
    .function = soreceive_putback_recheck,
    .may_overcommit = true};

}  // namespace models::receive
