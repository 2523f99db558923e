// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "models/receive/receive.hpp"

namespace models::receive {

/// What the repairs of the mail's proof of concept change about it; each one is a single idea.
struct PutbackPolicy {
  bool hold_sblock = false;  ///< r1: over the copy, the put-back and pru_rcvd
  bool reference = false;    ///< r2: soref at the detach, sorele at the end
  bool recheck = false;      ///< r3: drop instead of putting back into a socket that was closed
  bool charged = false;  ///< r4: the private chain stays in sb_cc and sb_mbcnt until it is freed
};

/// soreceive_stream as the mail of 2 March 2007 describes it, with the changes of `policy`. See
/// putback.cpp.
ReceiveResult receive_with_putback(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                                   const ReceiveContext& context, const PutbackPolicy& policy);

}  // namespace models::receive
