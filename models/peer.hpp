// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"

namespace models {

/// An acknowledgement, as it leaves our machine.
struct Ack {
  std::int64_t ack = 0;          ///< every byte of the stream before this offset has arrived
  std::int64_t window = 0;       ///< bytes beyond `ack` that the sender may send
  sim::Picoseconds sent_at = 0;  ///< when it left; the timestamp that later segments echo
  bool fin_received = false;     ///< acknowledges the sender's FIN, too
  bool fin = false;              ///< our side closes
  bool rst = false;              ///< the connection is gone
};

/// The far end of one connection, as our TCP sees it.
class Peer {
 public:
  Peer() = default;
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  virtual ~Peer() = default;

  /// The connection is set up, before the run: our side advertises `window` bytes from offset 0.
  virtual void connected(std::int64_t window) = 0;
  /// Called at the date `ack.sent_at`. The peer adds the way to it. Must not block.
  virtual void ack_leaves(const Ack& ack) = 0;
};

}  // namespace models
