// SPDX-License-Identifier: BSD-2-Clause

/// The mail's proof of concept. Source, locking and what is inference: putback.cpp.
#include "models/receive/common.hpp"
#include "models/receive/putback.hpp"

namespace models::receive {
namespace {

ReceiveResult soreceive_stream_putback(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                                       const ReceiveContext& context) {
  return receive_with_putback(k, so, uio, flags, context, {});
}

}  // namespace

const ReceiveAlgorithm kStreamPutback = {
    .name = "stream_putback",
    .doc =
        "the proof of concept of March 2007: detach a sized chain, copy unlocked, put the rest "
        "back",
    .source = "mail of 2 March 2007; the shape of the code is inference, as the patch is lost",
    .function = soreceive_stream_putback,
    .may_overcommit = true};

}  // namespace models::receive
