// SPDX-License-Identifier: BSD-2-Clause
#include "models/lro.hpp"

#include <algorithm>

namespace models {
namespace {

Mbuf* last_of(Mbuf* chain) {
  while (chain->m_next != nullptr) chain = chain->m_next;
  return chain;
}

bool continues(const Segment& aggregate, const Segment& next) {
  if (aggregate.seq == kUnsequenced || next.seq == kUnsequenced) return aggregate.seq == next.seq;
  return next.seq == aggregate.seq + aggregate.len;
}

}  // namespace

LroEngine::LroEngine(const Lro& lro, int mtu)
    : capacity_(static_cast<std::size_t>(lro.entries)), limit_(lro.max_bytes - mtu) {}

void LroEngine::emit(const Segment& segment, std::vector<Segment>& up) {
  if (segment.frames > 1) frames_merged_ += segment.frames;
  up.push_back(segment);
}

void LroEngine::offer(Segment segment, std::vector<Segment>& up) {
  const bool mergeable = !segment.fin && !segment.rst && segment.len > 0;
  const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) {
    return e.segment.socket == segment.socket;
  });
  if (entry != entries_.end()) {
    Segment& aggregate = entry->segment;
    if (mergeable && continues(aggregate, segment) && aggregate.len + segment.len <= limit_) {
      entry->tail->m_next = segment.chain;
      entry->tail = last_of(segment.chain);
      aggregate.len += segment.len;
      aggregate.frames += segment.frames;
      aggregate.wire_at = segment.wire_at;
      aggregate.ts_echo = std::max(aggregate.ts_echo, segment.ts_echo);
      return;
    }
    emit(aggregate, up);
    entries_.erase(entry);
  }
  if (!mergeable || entries_.size() >= capacity_) {
    emit(segment, up);
    return;
  }
  Mbuf* tail = last_of(segment.chain);
  entries_.push_back({.segment = segment, .tail = tail});
}

void LroEngine::flush(std::vector<Segment>& up) {
  for (const Entry& entry : entries_) emit(entry.segment, up);
  entries_.clear();
}

}  // namespace models
