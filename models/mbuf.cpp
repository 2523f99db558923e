// SPDX-License-Identifier: BSD-2-Clause
#include "models/mbuf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "sim/base/assert.hpp"
#include "sim/machine/violation.hpp"

namespace models {
namespace {

/// What a freed mbuf reads as: no stream has a byte there.
constexpr std::int64_t kPoison = -0x0deadc0de0deadLL;

std::string double_free_message(const Mbuf& m) {
  return fmt::format("m_free: mbuf #{} freed twice", m.id);
}

}  // namespace

std::int64_t CachedBytes::in_cache_of(int core, std::int64_t begin, std::int64_t end) const {
  if (core != core_) return 0;
  return std::max<std::int64_t>(
      0, std::min<std::int64_t>(end, end_) - std::max<std::int64_t>(begin, begin_));
}

void CachedBytes::touch(int core, std::int64_t begin, std::int64_t end) {
  if (begin >= end) return;
  const bool more = core == core_;
  begin_ = static_cast<std::int32_t>(more ? std::min<std::int64_t>(begin, begin_) : begin);
  end_ = static_cast<std::int32_t>(more ? std::max<std::int64_t>(end, end_) : end);
  core_ = static_cast<std::int16_t>(core);
}

std::int64_t chain_length(const Mbuf* chain) {
  std::int64_t length = 0;
  for (const Mbuf* m = chain; m != nullptr; m = m->m_next) length += m->m_len;
  return length;
}

Mbuf* MbufPool::alloc(std::int32_t storage_bytes) {
  SIM_ASSERT(storage_bytes >= 0, "an mbuf's storage cannot be negative");
  if (free_.empty()) {
    auto& block = *blocks_.emplace_back(std::make_unique<std::array<Mbuf, kBlock>>());
    const auto first = static_cast<std::uint32_t>((blocks_.size() - 1) * kBlock);
    for (std::size_t i = block.size(); i-- > 0;) {
      block[i].id = first + static_cast<std::uint32_t>(i);
      free_.push_back(&block[i]);
    }
  }
  Mbuf* m = free_.back();
  free_.pop_back();
  if (first_number_) {
    used_.push_back(m);
    m->memory.number = *first_number_ + m->id;
  }
  m->stream_offset = 0;
  m->m_len = 0;
  m->storage = storage_bytes;
  m->data_start = 0;
  m->wire_at = 0;
  m->m_next = nullptr;
  m->live = true;
  m->packet_head = m->solocked = m->shared = m->claimed = false;
  ++allocated_;
  ++live_;
  return m;
}

void MbufPool::release(Mbuf* m) {
  if (!m->live) throw sim::Violation("mbuf_double_free", double_free_message(*m));
  m->live = false;
  ++m->generation;
  m->stream_offset = kPoison;
  m->m_len = 0;
  m->m_next = nullptr;
  if (!first_number_) free_.push_back(m);
  ++freed_;
  --live_;
}

void MbufPool::number_from(std::uint32_t first) {
  SIM_ASSERT(live_ == 0, "mbufs get their numbers before they are used");
  first_number_ = first;
}

void MbufPool::start_over() {
  for (; !used_.empty(); used_.pop_back()) {
    Mbuf* m = used_.back();
    m->live = false;
    ++m->generation;
    free_.push_back(m);
  }
  allocated_ = freed_ = live_ = 0;
}

void MbufPool::release_chain(Mbuf* chain) {
  while (chain != nullptr) {
    Mbuf* next = chain->m_next;
    release(chain);
    chain = next;
  }
}

void MbufPool::check_conservation() const {
  std::int64_t live = 0;
  for (const auto& block : blocks_) {
    for (const Mbuf& m : *block) live += m.live ? 1 : 0;
  }
  SIM_ASSERT(live == live_ && allocated_ == freed_ + live_ &&
                 static_cast<std::int64_t>(free_.size()) + live_ == peak(),
             fmt::format("mbufs: allocated {} != freed {} + live {} (counted {})", allocated_,
                         freed_, live_, live));
}

void MbufPool::claim(Mbuf* chain) {
  // Behind one that was claimed before there is nothing new.
  for (Mbuf* m = chain; m != nullptr && m->live && !m->claimed; m = m->m_next) m->claimed = true;
}

std::vector<const Mbuf*> MbufPool::unclaimed() const {
  std::vector<const Mbuf*> lost;
  for (const auto& block : blocks_) {
    for (const Mbuf& m : *block) {
      if (m.live && !m.claimed) lost.push_back(&m);
    }
  }
  return lost;
}

void InHand::claim_if_unwound() const {
  if (std::uncaught_exceptions() > 0) MbufPool::claim(*chain_);
}

Mbuf& MbufRef::use(sim::KernelOps& k, const char* where) const {
  if (m_ != nullptr) k.access(m_->memory, sim::Access::read);
  if (!still_valid()) {
    k.violate("mbuf_use_after_free",
              fmt::format("{}: mbuf #{} was freed while it was in use", where,
                          m_ != nullptr ? static_cast<std::int64_t>(m_->id) : -1));
  }
  return *m_;
}

Mbuf* m_free(sim::KernelOps& k, MbufPool& pool, const NetCosts& costs, Mbuf* m, sim::Work work) {
  if (!m->live) k.violate("mbuf_double_free", double_free_message(*m));
  k.access(m->memory, sim::Access::write);
  k.touch(m->header, work);
  k.spend(work, costs.mbuf_free_ps);
  Mbuf* next = m->m_next;
  pool.release(m);
  return next;
}

void m_freem(sim::KernelOps& k, MbufPool& pool, const NetCosts& costs, Mbuf* chain,
             sim::Work work) {
  std::int64_t count = 0;
  while (chain != nullptr) {
    if (!chain->live) k.violate("mbuf_double_free", double_free_message(*chain));
    k.access(chain->memory, sim::Access::write);
    k.touch(chain->header, work);
    Mbuf* next = chain->m_next;
    pool.release(chain);
    chain = next;
    ++count;
  }
  if (count > 0) k.spend(work, count * costs.mbuf_free_ps);
}

}  // namespace models
