// SPDX-License-Identifier: BSD-2-Clause

/// OpenBSD's soreceive: as soreceive_generic, but a copyout that fails does not end the call. The
/// rest of the request is consumed without being copied, and EFAULT reported at the end: the data
/// is gone, and no put-back is ever needed.
///
/// Source: OpenBSD's uipc_socket.c of about 2022 (read in source; own words). Locking: as generic,
/// and from the fault on so_rcv is not dropped any more.
#include "models/receive/common.hpp"
#include "models/receive/generic.hpp"

namespace models::receive {
namespace {

ReceiveResult soreceive_consume_on_fault(sim::KernelOps& k, Socket& so, Uio& uio,
                                         ReceiveFlags flags, const ReceiveContext& context) {
  return receive_mbuf_by_mbuf(k, so, uio, flags, context, {.consume_on_fault = true});
}

}  // namespace

const ReceiveAlgorithm kConsumeOnFault = {
    "consume_on_fault", "OpenBSD: as generic, and on a fault the rest of the request is consumed",
    "OpenBSD of about 2022, sys/kern/uipc_socket.c (read in source)", soreceive_consume_on_fault};

}  // namespace models::receive
