// SPDX-License-Identifier: BSD-2-Clause

/// Repair r1 of the mail's proof of concept: sblock is held over the copy, the put-back and
/// pru_rcvd, and everybody who empties the buffer takes it first, tcp_disconnect's sbflush too.
///
/// Source: nobody's code; an idea applied to an inference. Locking: sblock for the whole call,
/// so_rcv as in stream_putback. The closer takes sblock before `tcp` and tcpinp: a reader holds it
/// when it calls pru_rcvd, which takes tcpinp, so that the other order could deadlock.
#include "models/receive/common.hpp"
#include "models/receive/putback.hpp"

namespace models::receive {
namespace {

ReceiveResult soreceive_putback_sblock(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                                       const ReceiveContext& context) {
  return receive_with_putback(k, so, uio, flags, context, {.hold_sblock = true});
}

}  // namespace

const ReceiveAlgorithm kPutbackSblock = {
    .name = "putback_sblock",
    .doc = "repair r1: sblock held over the copy, and taken by every flusher",
    .source = "candidate repair; inference",
    .function = soreceive_putback_sblock,
    .flush_rule = FlushRule::sblock,
    .may_overcommit = true};

}  // namespace models::receive
