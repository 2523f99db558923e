// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "models/copyout.hpp"
#include "models/socket.hpp"
#include "sim/machine/kernel_ops.hpp"

namespace models {

/// recv(2)'s flags, those that a stream knows.
struct ReceiveFlags {
  bool peek = false;      ///< MSG_PEEK: leave the data
  bool waitall = false;   ///< MSG_WAITALL: wait until the whole request is there
  bool dontwait = false;  ///< MSG_DONTWAIT: never sleep
};

struct ReceiveResult {
  Errno error = Errno::ok;
  std::int64_t bytes = 0;  ///< moved to the application; 0 without an error: end of file
  /// With EFAULT: bytes that the call had already consumed. They are lost to the application
  /// (docs/model.md, Counts and faults), and the chunks of the Uio tell which.
  std::int64_t lost = 0;
};

/// What a receive call needs beside its socket.
struct ReceiveContext {
  CopyTroubles* troubles = nullptr;  ///< null: copyout always succeeds
};

using ReceiveFunction = ReceiveResult (*)(sim::KernelOps& k, Socket& so, Uio& uio,
                                          ReceiveFlags flags, const ReceiveContext& context);

/// An entry of the list of algorithms that `receive.algorithm` may name. To add one: a file in this
/// folder that defines its entry, and a line in registry.cpp.
struct ReceiveAlgorithm {
  std::string_view name;    ///< as in a scenario
  std::string_view doc;     ///< one line
  std::string_view source;  ///< where it comes from, and how sure that is
  ReceiveFunction function;
  FlushRule flush_rule = FlushRule::kernel;
  bool socket_lock = false;  ///< the socket uses Linux's lock (models/socket_lock.hpp)
  /// Documented: what it puts back may take sb_cc beyond sb_hiwat, as the window grew in between.
  bool may_overcommit = false;
  bool may_would_block = false;  ///< a call that blocks, too, may end with EWOULDBLOCK
};

/// Makes a new socket one whose data leaves by this algorithm.
void adopt(Socket& so, const ReceiveAlgorithm& algorithm);

/// All algorithms, in the order of the documentation.
std::span<const ReceiveAlgorithm> algorithms();
/// Null when there is none of that name.
const ReceiveAlgorithm* find_algorithm(std::string_view name);

}  // namespace models
