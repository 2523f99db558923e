// SPDX-License-Identifier: BSD-2-Clause

/// Repair r4 of the mail's proof of concept: the private chain stays charged to sb_cc and sb_mbcnt
/// until it is freed, so that the window does not grow before the application has the data, and a
/// put-back cannot exceed sb_hiwat.
///
/// Source: nobody's code; an idea applied to an inference. Locking: as stream_putback, and so_rcv
/// once more at the end of every call, to take the charge back. The race is still there, and worse:
/// a flush finds counters that the chain does not add up to.
#include "models/receive/common.hpp"
#include "models/receive/putback.hpp"

namespace models::receive {
namespace {

ReceiveResult soreceive_putback_charged(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                                        const ReceiveContext& context) {
  return receive_with_putback(k, so, uio, flags, context, {.charged = true});
}

}  // namespace

const ReceiveAlgorithm kPutbackCharged = {
    "putback_charged", "repair r4: the private chain stays charged to the buffer until it is freed",
    "candidate repair; inference", soreceive_putback_charged};

}  // namespace models::receive
