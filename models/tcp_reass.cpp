// SPDX-License-Identifier: BSD-2-Clause
#include "models/tcp_reass.hpp"

#include <algorithm>
#include <utility>

#include "models/socket.hpp"
#include "sim/base/assert.hpp"

namespace models {
namespace {

/// Shortens `seg` so that it does not overlap the queue; removes queued segments that it covers
/// whole.
void resolve_overlaps(sim::KernelOps& k, Socket& so, Segment& seg) {
  TcpCb& tp = so.tcb;
  for (auto it = tp.reass.begin(); it != tp.reass.end() && seg.len > 0;) {
    const std::int64_t start = it->seq;
    const std::int64_t end = start + it->len;
    const std::int64_t seg_end = seg.seq + seg.len;
    if (it->len == 0 || end <= seg.seq || start >= seg_end) {
      ++it;
    } else if (start <= seg.seq) {
      const std::int64_t overlap = std::min<std::int64_t>(end - seg.seq, seg.len);
      tp.stats.duplicate_bytes += overlap;
      trim_front(k, so, seg, overlap);
      ++it;
    } else if (end <= seg_end) {
      tp.stats.duplicate_bytes += it->len;
      seg.fin = seg.fin || it->fin;
      free_chain(k, so, it->chain);
      it = tp.reass.erase(it);
    } else {
      tp.stats.duplicate_bytes += seg_end - start;
      trim_back(k, so, seg, seg_end - start);
      ++it;
    }
  }
}

}  // namespace

void free_chain(sim::KernelOps& k, Socket& so, Mbuf* chain) {
  m_freem(k, so.so_rcv.pool(), so.so_rcv.costs(), chain, sim::Work::protocol);
}

void trim_front(sim::KernelOps& k, Socket& so, Segment& seg, std::int64_t bytes) {
  SIM_ASSERT(bytes >= 0 && bytes <= seg.len, "trim_front beyond the segment");
  seg.seq += bytes;
  seg.len -= static_cast<std::int32_t>(bytes);
  while (seg.chain != nullptr && seg.chain->m_len <= bytes) {
    bytes -= seg.chain->m_len;
    Mbuf* empty = std::exchange(seg.chain, seg.chain->m_next);
    empty->m_next = nullptr;
    free_chain(k, so, empty);
  }
  if (bytes > 0) {
    seg.chain->m_len -= static_cast<std::int32_t>(bytes);
    seg.chain->data_start += static_cast<std::int32_t>(bytes);
    seg.chain->stream_offset += bytes;
  }
}

void trim_back(sim::KernelOps& k, Socket& so, Segment& seg, std::int64_t bytes) {
  SIM_ASSERT(bytes >= 0 && bytes <= seg.len, "trim_back beyond the segment");
  seg.len -= static_cast<std::int32_t>(bytes);
  std::int64_t keep = seg.len;
  Mbuf** link = &seg.chain;
  while (*link != nullptr && keep > 0) {
    Mbuf* m = *link;
    m->m_len = static_cast<std::int32_t>(std::min<std::int64_t>(m->m_len, keep));
    keep -= m->m_len;
    link = &m->m_next;
  }
  free_chain(k, so, std::exchange(*link, nullptr));
}

void enqueue_reassembly(sim::KernelOps& k, Socket& so, Segment& seg) {
  TcpCb& tp = so.tcb;
  if (tp.reass.size() >= kReassemblyLimit && seg.seq != tp.rcv_nxt) {
    tp.stats.reass_dropped_frames += seg.frames;
    free_chain(k, so, std::exchange(seg.chain, nullptr));
    seg.fin = false;
    return;
  }
  resolve_overlaps(k, so, seg);
  if (seg.len == 0 && !seg.fin) return;
  const auto place = std::find_if(tp.reass.begin(), tp.reass.end(), [&](const Segment& queued) {
    return queued.seq > seg.seq || (queued.seq == seg.seq && queued.len == 0);
  });
  Segment queued = seg;
  seg.chain = nullptr;
  tp.reass.insert(place, queued);
}

void free_reassembly(sim::KernelOps& k, Socket& so) {
  for (Segment& seg : so.tcb.reass) free_chain(k, so, std::exchange(seg.chain, nullptr));
  so.tcb.reass.clear();
}

}  // namespace models
