// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "models/scenario/scenario.hpp"
#include "models/tcp.hpp"

namespace models {

/// Large receive offload of one queue (tcp_lro.c [S73]): merges in-order segments of a
/// connection into one segment with a longer chain, while the driver polls. The number of mbufs
/// stays what it was.
///
/// A connection has at most one aggregate. It goes up when a segment does not continue it, carries
/// FIN or RST, or would bring it beyond max_bytes less one MTU; and at the end of the driver's
/// pass. A segment of a connection that finds all entries taken goes up alone.
class LroEngine {
 public:
  LroEngine(const Lro& lro, int mtu);

  /// Offers a segment; appends to `up` whatever has to go up now, in the order of the stream.
  void offer(Segment segment, std::vector<Segment>& up);
  /// The end of the pass: appends all aggregates to `up`, oldest first.
  void flush(std::vector<Segment>& up);

  /// Calls visit(Mbuf* chain) for every aggregate.
  template <class Visit>
  void for_each_chain(Visit visit) const {
    for (const Entry& entry : entries_) visit(entry.segment.chain);
  }

  /// Frames that went up in an aggregate of two or more.
  std::int64_t frames_merged() const { return frames_merged_; }
  void reset_stats() { frames_merged_ = 0; }

 private:
  struct Entry {
    Segment segment;
    Mbuf* tail = nullptr;
  };

  void emit(const Segment& segment, std::vector<Segment>& up);

  std::size_t capacity_;
  std::int64_t limit_;          ///< payload bytes of an aggregate
  std::vector<Entry> entries_;  ///< by age
  std::int64_t frames_merged_ = 0;
};

}  // namespace models
