// SPDX-License-Identifier: BSD-2-Clause
#include "models/copyout.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace models {

std::int64_t Uio::moved() const {
  std::int64_t bytes = 0;
  for (const Chunk& chunk : chunks) bytes += chunk.len;
  return bytes;
}

void Uio::keep_first(std::int64_t bytes) {
  std::size_t kept = 0;
  for (; kept < chunks.size() && bytes > 0; ++kept) {
    chunks[kept].len = std::min(chunks[kept].len, bytes);
    bytes -= chunks[kept].len;
  }
  chunks.resize(kept);
}

std::size_t CopyTroubles::add(const CopyTrouble& trouble) {
  troubles_.push_back(trouble);
  return troubles_.size() - 1;
}

CopyTroubles::Verdict CopyTroubles::judge(sim::KernelOps& k, std::int64_t offset,
                                          std::int64_t len) {
  Verdict verdict;
  k.access(memory_, sim::Access::write);
  for (CopyTrouble& t : troubles_) {
    if (!t.active) continue;
    std::int64_t at = 0;
    if (t.offset) {
      at = *t.offset - offset;
      if (at < 0 || at >= len) continue;
    }
    const bool fault = t.kind == CopyTrouble::Kind::fault;
    if (t.probability) {
      const bool strikes = k.chance(fault ? "copy_fault" : "page_fault", *t.probability);
      k.access(memory_, sim::Access::write);
      if (!strikes || !t.active) continue;  // it may have struck another reader meanwhile
    }
    if (t.once || !t.probability) t.active = false;
    ++t.struck;
    if (fault) {
      verdict.fault_after = std::min(verdict.fault_after.value_or(at), at);
    } else {
      verdict.page_fault = true;
      verdict.sleep_ps += t.sleep_ps;
    }
  }
  return verdict;
}

Errno uiomove(sim::KernelOps& k, Socket& so, Mbuf& m, std::int64_t moff, std::int64_t len, Uio& uio,
              CopyTroubles* troubles) {
  if (so.so_rcv.observer != nullptr) {
    so.so_rcv.observer->happened(k, SockbufObserver::Event::copyout);
  }
  const NetCosts& costs = so.so_rcv.costs();
  const MbufRef ref(&m);
  const Uio::Chunk chunk{m.stream_offset + moff, len, m.wire_at};
  std::int64_t bytes = len;
  bool fault = false;
  if (troubles != nullptr && !troubles->empty()) {
    const CopyTroubles::Verdict verdict = troubles->judge(k, chunk.offset, len);
    if (verdict.page_fault) {
      k.note("page fault in copyout");
      k.spend(sim::Work::copy, costs.page_fault_ps);
      if (verdict.sleep_ps > 0) k.pause(verdict.sleep_ps);
    }
    if (verdict.fault_after) {
      fault = true;
      bytes = *verdict.fault_after;
    }
    ref.use(k, "uiomove");
  }
  const std::int64_t begin = m.data_start + moff;
  const auto warm = static_cast<double>(m.cached.in_cache_of(k.core(), begin, begin + bytes));
  const double cold = static_cast<double>(bytes) - warm;
  k.copy_out(bytes, costs.uiomove_setup_ps + sim::round_to_ps(warm * costs.copy_warm_ps_per_byte +
                                                              cold * costs.copy_cold_ps_per_byte));
  ref.use(k, "uiomove");
  m.cached.touch(k.core(), begin, begin + bytes);
  if (so.so_rcv.observer != nullptr) {
    so.so_rcv.observer->happened(k, SockbufObserver::Event::copied);
  }
  if (fault) {
    k.note("copyout fails with EFAULT", "uiomove", bytes);
    return Errno::efault;
  }
  uio.resid -= len;
  uio.chunks.push_back(chunk);
  return Errno::ok;
}

}  // namespace models
