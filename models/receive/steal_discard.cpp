// SPDX-License-Identifier: BSD-2-Clause

/// XNU's soreceive with its delayed copy: a request for more than 16 KB unlinks whole mbufs to a
/// private list under the lock, copies them with no mutex held (at the end, before a partial mbuf,
/// or, with MSG_WAITALL, beyond half of sb_hiwat), and frees the list whatever happens. Smaller
/// requests go mbuf by mbuf, as in soreceive_generic.
///
/// Source: Darwin's uipc_socket.c of about 2005 (read in source; own words). Locking: sblock for
/// the whole call, so_rcv as many times as there are delayed copies, and two more. EFAULT: what was
/// unlinked is lost; as nothing is put back, a flush meanwhile does no harm.
#include "models/receive/common.hpp"
#include "models/receive/generic.hpp"

namespace models::receive {
namespace {

/// sorecvmincopy, in bytes.
constexpr std::int64_t kSorecvmincopy = 16384;

ReceiveResult soreceive_steal_discard(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                                      const ReceiveContext& context) {
  return receive_mbuf_by_mbuf(k, so, uio, flags, context, {.steal_above = kSorecvmincopy});
}

}  // namespace

const ReceiveAlgorithm kStealDiscard = {
    "steal_discard", "XNU: unlink whole mbufs, copy them unlocked, free them whatever happens",
    "Darwin of about 2005, uipc_socket.c, sodelayed_copy (read in source)",
    soreceive_steal_discard};

}  // namespace models::receive
