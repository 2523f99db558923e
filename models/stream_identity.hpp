// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>

#include "sim/machine/kernel_ops.hpp"

namespace models {

/// Which bytes of a connection's stream have reached an application: each exactly once.
///
/// With one reader the bytes come in order. With several, a read that took later bytes may return
/// first; the gap must close before the run ends. Memory grows with the number of open gaps only.
class StreamIdentity {
 public:
  /// The stream starts at `offset` (default 0); call before the first byte.
  void start_at(std::int64_t offset) { start_ = next_ = offset; }
  /// A read handed over [offset, offset + len). Violation "bytes_duplicated" when any of it came
  /// before; with `in_order`, "stream_reordered" / "bytes_lost" when it does not continue the
  /// stream.
  void deliver(sim::KernelOps& k, std::int64_t offset, std::int64_t len, bool in_order);
  /// These bytes are gone for a documented reason (docs/model.md, Counts and faults); they never
  /// come.
  void skip(sim::KernelOps& k, std::int64_t offset, std::int64_t len);

  /// All bytes before this one were delivered or skipped.
  std::int64_t next() const { return next_; }
  /// No gap is open.
  bool contiguous() const { return ahead_.empty(); }
  /// All bytes that were delivered or skipped.
  std::int64_t bytes() const { return next_ - start_ + bytes_ahead(); }
  /// Bytes delivered or skipped beyond the first gap.
  std::int64_t bytes_ahead() const;

 private:
  void take(sim::KernelOps& k, std::int64_t offset, std::int64_t len);
  std::int64_t start_ = 0;
  std::int64_t next_ = 0;
  std::map<std::int64_t, std::int64_t> ahead_;  ///< start to end of what lies beyond the first gap
};

}  // namespace models
