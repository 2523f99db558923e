// SPDX-License-Identifier: BSD-2-Clause
#include "models/sockbuf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "models/mutation.hpp"
#include "sim/base/assert.hpp"

namespace models {
namespace {

/// How a console would print the pointer: by serial number, as addresses differ from run to run.
std::string mbuf_name(const Mbuf* m) {
  return m == nullptr ? std::string("0x0") : fmt::format("#{}", m->id);
}

}  // namespace

std::int64_t SockbufCounters::discarded_total() const {
  return std::accumulate(discarded.begin(), discarded.end(), std::int64_t{0});
}

Sockbuf::Sockbuf(sim::LockClass& mutex_class, const BufferLimits& limits, MbufPool& pool,
                 const NetCosts& costs)
    : sb_mtx(mutex_class),
      sb_lowat(limits.lowat_bytes),
      sb_max_bytes_(limits.sb_max_bytes),
      pool_(&pool),
      costs_(&costs) {
  SIM_ASSERT(limits.lowat_bytes >= 1, "sb_lowat must be at least 1");
  const bool granted = sbreserve(limits.hiwat_bytes);
  SIM_ASSERT(granted, "a socket begins with a buffer that sbreserve grants");
}

bool Sockbuf::sbreserve(std::int64_t hiwat_bytes) {
  SIM_ASSERT(hiwat_bytes > 0, "sb_hiwat must be positive");
  if (hiwat_bytes > sb_max_adj(sb_max_bytes_)) return false;
  constexpr std::int64_t kSbEfficiency = 8;
  sb_hiwat = hiwat_bytes;
  sb_mbmax = std::min(kSbEfficiency * hiwat_bytes, sb_max_bytes_);
  return true;
}

std::int64_t Sockbuf::sbspace() const { return std::min(sb_hiwat - sb_cc, sb_mbmax - sb_mbcnt); }

void Sockbuf::begin_change(sim::KernelOps& k, const char* function) const {
  if (!held_by(k)) {
    k.violate("lock_not_held", fmt::format("mutex {} not owned at {}", sb_mtx.cls->name, function));
  }
  k.access(memory, sim::Access::write);
}

void Sockbuf::sballoc(const Mbuf& m) {
  sb_cc += m.m_len;
  sb_mbcnt += m.charge();
}

void Sockbuf::sbfree(const Mbuf& m) {
  sb_cc -= m.m_len;
  sb_mbcnt -= m.charge();
}

void Sockbuf::empty_fixup() {
  sb_lastrecord = sb_mb;
  if (sb_mb == nullptr) sb_mbtail = nullptr;
}

Mbuf* Sockbuf::append_one(sim::KernelOps& k, Mbuf* m) {
  Mbuf* tail = sb_mbtail;
  if (tail != nullptr) k.access(tail->memory, sim::Access::write);
  const bool marked = tail != nullptr && tail->solocked && !SOCKBUFSIM_MUTATED(mark_ignored);
  if (tail != nullptr && !marked && m->m_len <= kMclbytes / 4 &&
      m->m_len <= tail->trailing_space()) {
    tail->m_len += m->m_len;
    tail->wire_at = std::max(tail->wire_at, m->wire_at);
    sb_cc += m->m_len;
    ++counters.compressed_mbufs;
    return m;
  }
  m->m_next = nullptr;
  if (tail != nullptr) {
    tail->m_next = m;
  } else {
    sb_mb = sb_lastrecord = m;
  }
  sb_mbtail = m;
  sballoc(*m);
  return nullptr;
}

void Sockbuf::sbappendstream(sim::KernelOps& k, Mbuf* chain) {
  begin_change(k, "sbappendstream");
  SIM_ASSERT(chain != nullptr, "an append needs a chain");
  chain->packet_head = true;
  if (sb_mb != sb_lastrecord) k.violate("sbappendstream", "sbappendstream 1");
  check_tail(k);
  sim::Picoseconds cost = costs_->sbappend_ps - costs_->sbappend_mbuf_ps;
  std::int64_t length = 0;
  double compressed_bytes = 0.0;
  Mbuf* unused = nullptr;  // merged away; freed after the walk, as the charge is one
  for (Mbuf* m = chain; m != nullptr;) {
    Mbuf* next = m->m_next;
    if (!m->live) k.violate("mbuf_use_after_free", "sbappendstream: freed mbuf in the chain");
    if (next_offset_ >= 0 && m->stream_offset != next_offset_) {
      k.violate("stream_reordered", fmt::format("sbappendstream: byte {} follows byte {}",
                                                m->stream_offset, next_offset_));
    }
    next_offset_ = m->stream_end();
    length += m->m_len;
    cost += costs_->sbappend_mbuf_ps;
    const std::int32_t len = m->m_len;
    if (Mbuf* merged = append_one(k, m); merged != nullptr) {
      compressed_bytes += len;
      merged->m_next = unused;
      unused = merged;
    }
    m = next;
  }
  cost += sim::round_to_ps(compressed_bytes * costs_->copy_warm_ps_per_byte);
  k.spend(sim::Work::protocol, cost);
  m_freem(k, *pool_, *costs_, unused, sim::Work::protocol);
  counters.appended += length;
  counters.peak_cc = std::max(counters.peak_cc, sb_cc);
  check_tail(k);
  if (sb_cc > sb_hiwat && !overcommitted_) {
    k.violate("sockbuf_overflow",
              fmt::format("sbappendstream: cc {} exceeds hiwat {}", sb_cc, sb_hiwat));
  }
  if (observer != nullptr) observer->happened(k, SockbufObserver::Event::append);
}

void Sockbuf::sbdrop(sim::KernelOps& k, std::int64_t len) {
  begin_change(k, "sbdrop");
  std::int64_t freed = 0;
  while (len > 0) {
    Mbuf* m = sb_mb;
    if (m == nullptr) k.violate("sbdrop", "sbdrop");
    if (!m->live) k.violate("mbuf_use_after_free", "sbdrop: freed mbuf in the buffer");
    if (m->m_len > len) {
      k.access(m->memory, sim::Access::write);
      m->m_len -= static_cast<std::int32_t>(len);
      m->data_start += static_cast<std::int32_t>(len);
      m->stream_offset += len;
      sb_cc -= len;
      break;
    }
    len -= m->m_len;
    sbfree(*m);
    k.touch(m->header, sim::Work::syscall);
    sb_mb = m->m_next;
    k.access(m->memory, sim::Access::write);
    pool_->release(m);
    ++freed;
  }
  k.spend(sim::Work::syscall, freed * costs_->mbuf_free_ps);
  empty_fixup();
}

void Sockbuf::sbflush(sim::KernelOps& k, Discard reason, bool panic_if_locked) {
  begin_change(k, "sbflush");
  if (panic_if_locked && (sb_flags & kSbLock) != 0) {
    k.violate("sbflush_locked", "sbflush_locked: locked");
  }
  counters.discarded[static_cast<std::size_t>(reason)] += available();
  while (sb_mbcnt > 0 && sb_mb != nullptr && available() > 0) sbdrop(k, available());
  if (sb_cc != 0 || sb_mb != nullptr || sb_mbcnt != 0) {
    std::string text = fmt::format("sbflush_internal: cc {} || mb {} || mbcnt {}", sb_cc,
                                   mbuf_name(sb_mb), sb_mbcnt);
    k.violate("sbflush_panic", std::move(text));
  }
  flushed = true;
  ++flushes;
}

Mbuf* Sockbuf::steal_all_and_zero(sim::KernelOps& k, Discard reason) {
  begin_change(k, "sorflush");
  std::string error = charged_cc > 0 ? "charged to a chain that is not here" : accounting_error();
  if (!error.empty()) {
    error = fmt::format("sbflush_internal: cc {} || mb {} || mbcnt {} ({})", sb_cc,
                        mbuf_name(sb_mb), sb_mbcnt, error);
    k.violate("sbflush_panic", std::move(error));
  }
  counters.discarded[static_cast<std::size_t>(reason)] += sb_cc;
  Mbuf* chain = sb_mb;
  sb_mb = sb_mbtail = sb_lastrecord = nullptr;
  sb_cc = sb_mbcnt = sb_hiwat = sb_mbmax = sb_lowat = 0;
  sb_flags = 0;
  flushed = true;
  ++flushes;
  return chain;
}

Mbuf* Sockbuf::detach(sim::KernelOps& k, std::int64_t len) {
  begin_change(k, "sbcut");
  SIM_ASSERT(len > 0 && len <= sb_cc, "detach takes 1..sb_cc bytes");
  Mbuf* const chain = sb_mb;
  Mbuf* last = nullptr;
  std::int64_t walked = 0;
  std::int64_t left = len;
  while (left > 0) {
    Mbuf* m = sb_mb;
    if (m == nullptr) k.violate("sbdrop", "sbcut: fewer bytes than sb_cc says");
    if (!m->live) k.violate("mbuf_use_after_free", "sbcut: freed mbuf in the buffer");
    k.access(m->memory, sim::Access::write);
    k.touch(m->header, sim::Work::syscall);
    sbfree(*m);
    sb_mb = m->m_next;
    if (m->m_len > left) {
      Mbuf* rest = pool_->alloc(m->storage);
      rest->stream_offset = m->stream_offset + left;
      rest->m_len = m->m_len - static_cast<std::int32_t>(left);
      rest->wire_at = m->wire_at;
      rest->header.last_core = static_cast<std::int16_t>(k.core());
      rest->shared = m->shared = m->storage > 0;
      if (rest->shared) {
        rest->data_start = m->data_start + static_cast<std::int32_t>(left);
        rest->cached = m->cached;
      } else {
        rest->cached = CachedBytes{};
        rest->cached.touch(k.core(), 0, rest->m_len);
      }
      rest->m_next = sb_mb;
      m->m_len = static_cast<std::int32_t>(left);
      sballoc(*rest);
      sb_mb = rest;
      if (sb_mbtail == m) sb_mbtail = rest;
    }
    left -= m->m_len;
    last = m;
    ++walked;
  }
  last->m_next = nullptr;
  empty_fixup();
  check_tail(k);
  counters.in_call += len;
  k.spend(sim::Work::syscall, walked * costs_->mbuf_detach_ps);
  return chain;
}

void Sockbuf::charge(sim::KernelOps& k, const Mbuf* chain) {
  begin_change(k, "sbcharge");
  for (const Mbuf* m = chain; m != nullptr; m = m->m_next) {
    sballoc(*m);
    charged_cc += m->m_len;
    charged_mbcnt += m->charge();
  }
}

void Sockbuf::uncharge(sim::KernelOps& k, const Mbuf* chain) {
  begin_change(k, "sbuncharge");
  for (const Mbuf* m = chain; m != nullptr; m = m->m_next) {
    sbfree(*m);
    charged_cc -= m->m_len;
    charged_mbcnt -= m->charge();
  }
}

void Sockbuf::put_back(sim::KernelOps& k, Mbuf* chain) {
  const std::int64_t len = chain_length(chain);
  k.access(memory, sim::Access::write);
  if (destroyed) {
    k.violate("putback_destroyed",
              fmt::format("sbprepend: {} bytes put back into a destroyed socket buffer", len));
  }
  begin_change(k, "sbprepend");
  if (flushed) {
    k.violate(
        "putback_flushed",
        fmt::format("sbprepend: {} bytes put back into a flushed socket buffer (cc {}, "
                    "hiwat {}, mbmax {}{})",
                    len, sb_cc, sb_hiwat, sb_mbmax, cantrcvmore() ? ", SBS_CANTRCVMORE" : ""));
  }
  Mbuf* last = chain;
  std::int64_t mbufs = 0;
  for (Mbuf* m = chain; m != nullptr; m = m->m_next) {
    sballoc(*m);
    last = m;
    ++mbufs;
  }
  const std::int64_t follows = sb_mb != nullptr ? sb_mb->stream_offset : next_offset_;
  if (last->stream_end() != follows) {
    k.violate("stream_reordered",
              fmt::format("sbprepend: bytes {}..{} put back, but byte {} comes next: what is "
                          "between was read meanwhile",
                          chain->stream_offset, last->stream_end(), follows));
  }
  last->m_next = sb_mb;
  const bool relinks = (sb_mb == nullptr && !SOCKBUFSIM_MUTATED(tail_not_relinked)) ||
                       SOCKBUFSIM_MUTATED(tail_moved);
  if (relinks) sb_mbtail = last;  // the buffer ran empty: the tail has to be found again
  sb_mb = sb_lastrecord = chain;
  counters.in_call -= len;
  check_tail(k);
  if (sb_cc > sb_hiwat && !may_overcommit) {
    k.violate("sockbuf_overflow",
              fmt::format("sbprepend: cc {} exceeds hiwat {}", sb_cc, sb_hiwat));
  }
  overcommitted_ = true;
  k.spend(sim::Work::syscall, mbufs * costs_->mbuf_detach_ps);
}

void Sockbuf::sbdestroy(sim::KernelOps& k) {
  k.unlocked_access(memory, sim::Access::write);
  counters.discarded[static_cast<std::size_t>(Discard::destroyed)] += available();
  m_freem(k, *pool_, *costs_, sb_mb);
  sb_mb = sb_mbtail = sb_lastrecord = nullptr;
  sb_cc = sb_mbcnt = charged_cc = charged_mbcnt = 0;
  flushed = destroyed = true;
}

std::string Sockbuf::accounting_error() const {
  std::int64_t cc = 0;
  std::int64_t mbcnt = 0;
  const Mbuf* tail = nullptr;
  for (const Mbuf* m = sb_mb; m != nullptr; m = m->m_next) {
    if (!m->live) return fmt::format("mbuf #{} is freed", m->id);
    if (tail != nullptr && tail->stream_end() != m->stream_offset) {
      return fmt::format("byte {} follows byte {}", m->stream_offset, tail->stream_end());
    }
    cc += m->m_len;
    mbcnt += m->charge();
    tail = m;
  }
  cc += charged_cc;
  mbcnt += charged_mbcnt;
  if (cc != sb_cc) return fmt::format("sb_cc {} but {} bytes are linked", sb_cc, cc);
  if (mbcnt != sb_mbcnt) return fmt::format("sb_mbcnt {} but {} are linked", sb_mbcnt, mbcnt);
  if (sb_mbtail != tail) {
    return fmt::format("sb_mbtail {} but the last mbuf is {}", mbuf_name(sb_mbtail),
                       mbuf_name(tail));
  }
  if (sb_lastrecord != sb_mb) return "sb_lastrecord is not sb_mb";
  return {};
}

void Sockbuf::check_accounting(sim::KernelOps& k) const {
  if (std::string error = accounting_error(); !error.empty()) {
    error.insert(0, "sblastmbufchk: ");
    k.violate("sockbuf_accounting", std::move(error));
  }
}

void Sockbuf::check_tail(sim::KernelOps& k) const {
  const char* error = nullptr;
  if ((sb_mb == nullptr) != (sb_mbtail == nullptr)) error = "head and tail are not null together";
  if ((sb_mb == nullptr) != (available() == 0)) error = "the counters disagree with the chain";
  if ((sb_mb == nullptr) != (sb_mbcnt == charged_mbcnt))
    error = "sb_mbcnt disagrees with the chain";
  if (sb_mbtail != nullptr && !sb_mbtail->live) error = "the tail is freed";
  if (sb_mbtail != nullptr && sb_mbtail->m_next != nullptr) error = "mbufs follow the tail";
  if (sb_lastrecord != sb_mb) error = "sb_lastrecord is not sb_mb";
  if (error == nullptr) return;
  std::string text = fmt::format("sblastmbufchk: {} (cc {}, mbcnt {}, mb {}, mbtail {})", error,
                                 sb_cc, sb_mbcnt, mbuf_name(sb_mb), mbuf_name(sb_mbtail));
  k.violate("sockbuf_accounting", std::move(text));
}

void Sockbuf::check_conservation() const {
  SIM_ASSERT(
      counters.appended ==
          counters.copied + available() + counters.discarded_total() + counters.in_call,
      fmt::format("sockbuf: appended {} != copied {} + buffered {} + discarded {} + in calls {}",
                  counters.appended, counters.copied, available(), counters.discarded_total(),
                  counters.in_call));
}

}  // namespace models
