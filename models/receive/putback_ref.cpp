// SPDX-License-Identifier: BSD-2-Clause

/// Repair r2 of the mail's proof of concept: soref at the detach, sorele at the end of the call, so
/// that the socket's memory and locks outlive the copy.
///
/// Source: nobody's code; an idea applied to an inference (FreeBSD counts references like this
/// since 2022, not verified). Locking: as stream_putback, and so_rcv once more for sorele. What it
/// does not keep is the contents: a flush empties the buffer under the copy all the same.
#include "models/receive/common.hpp"
#include "models/receive/putback.hpp"

namespace models::receive {
namespace {

ReceiveResult soreceive_putback_ref(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                                    const ReceiveContext& context) {
  return receive_with_putback(k, so, uio, flags, context, {.reference = true});
}

}  // namespace

const ReceiveAlgorithm kPutbackRef = {.name = "putback_ref",
                                      .doc = "repair r2: a socket reference held over the copy",
                                      .source = "candidate repair; inference",
                                      .function = soreceive_putback_ref,
                                      .may_overcommit = true};

}  // namespace models::receive
