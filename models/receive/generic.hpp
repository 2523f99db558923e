// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>

#include "models/receive/receive.hpp"

namespace models::receive {

/// What the descendants of soreceive_generic in other systems do otherwise.
struct GenericPolicy {
  /// OpenBSD: after a failed copyout the rest of the request is consumed without a copy, and the
  /// error reported at the end.
  bool consume_on_fault = false;
  /// XNU: a request for more than this unlinks whole mbufs, and copies them later from a private
  /// list, which is freed whatever happens.
  std::optional<std::int64_t> steal_above{};
};

/// soreceive_generic with the changes of `policy`. See generic.cpp.
ReceiveResult receive_mbuf_by_mbuf(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                                   const ReceiveContext& context, const GenericPolicy& policy);

}  // namespace models::receive
