// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/scenario.hpp"

#include <algorithm>

#include "models/sockbuf.hpp"

namespace models {

std::int64_t Scenario::effective_sb_max_bytes() const {
  if (receive.sb_max_bytes) return *receive.sb_max_bytes;
  std::int64_t bytes = kSbMax;
  for (const SocketSpec& socket : sockets) {
    bytes = std::max(bytes, least_sb_max(socket.receive_buffer_bytes));
  }
  return bytes;
}

}  // namespace models
