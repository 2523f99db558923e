// SPDX-License-Identifier: BSD-2-Clause
#include "models/stream_identity.hpp"

#include <fmt/format.h>

namespace models {

void StreamIdentity::deliver(sim::KernelOps& k, std::int64_t offset, std::int64_t len,
                             bool in_order) {
  if (in_order && offset > next_) {
    k.violate("bytes_lost",
              fmt::format("a read starts at byte {} of the stream, byte {} is due", offset, next_));
  }
  take(k, offset, len);
}

void StreamIdentity::skip(sim::KernelOps& k, std::int64_t offset, std::int64_t len) {
  take(k, offset, len);
}

void StreamIdentity::take(sim::KernelOps& k, std::int64_t offset, std::int64_t len) {
  if (len <= 0) return;
  const std::int64_t end = offset + len;
  const auto duplicated = [&](std::int64_t byte) {
    k.violate("bytes_duplicated",
              fmt::format("byte {} of the stream reached an application twice (in a read of "
                          "bytes {}..{})",
                          byte, offset, end));
  };
  if (offset < next_) duplicated(offset);
  if (ahead_.empty() && offset == next_) {  // the usual case
    next_ = end;
    return;
  }
  const auto after = ahead_.lower_bound(offset);
  if (after != ahead_.end() && after->first < end) duplicated(after->first);
  if (after != ahead_.begin() && std::prev(after)->second > offset) duplicated(offset);
  ahead_.emplace(offset, end);
  while (!ahead_.empty() && ahead_.begin()->first == next_) {
    next_ = ahead_.begin()->second;
    ahead_.erase(ahead_.begin());
  }
}

std::int64_t StreamIdentity::bytes_ahead() const {
  std::int64_t bytes = 0;
  for (const auto& [start, end] : ahead_) bytes += end - start;
  return bytes;
}

}  // namespace models
