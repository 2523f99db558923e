// SPDX-License-Identifier: BSD-2-Clause
#include "sim/engine/agenda.hpp"

#include "sim/base/assert.hpp"

namespace sim {
namespace {

/// The finaliser of SplitMix64: a bijection, so that drawn orders never collide.
std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ull;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

}  // namespace

std::uint64_t Agenda::next_order() {
  const std::uint64_t order = order_++;
  return tie_break_ == TieBreak::fifo ? order : mix(order + mix(seed_));
}

void Agenda::place(std::size_t at, const Entry& entry) {
  heap_[at] = entry;
  entry.event->place = static_cast<std::uint32_t>(at);
}

void Agenda::sift_up(std::size_t at, const Entry& entry) {
  while (at > 0) {
    const std::size_t parent = (at - 1) / kChildren;
    if (!entry.before(heap_[parent])) break;
    place(at, heap_[parent]);
    at = parent;
  }
  place(at, entry);
}

/// Of the siblings from `first` on, the one that comes first.
std::size_t Agenda::first_child(std::size_t first) const {
  const auto sooner = [this](std::size_t a, std::size_t b) {
    return heap_[b].before(heap_[a]) ? b : a;
  };
  if (first + kChildren <= heap_.size()) [[likely]] {
    return sooner(sooner(first, first + 1), sooner(first + 2, first + 3));
  }
  std::size_t best = first;
  for (std::size_t other = first + 1; other < heap_.size(); ++other) best = sooner(best, other);
  return best;
}

void Agenda::sift_down(std::size_t at, const Entry& entry) {
  for (;;) {
    const std::size_t first = kChildren * at + 1;
    if (first >= heap_.size()) break;
    const std::size_t child = first_child(first);
    if (!heap_[child].before(entry)) break;
    place(at, heap_[child]);
    at = child;
  }
  place(at, entry);
}

void Agenda::add(Event& event, Picoseconds date) {
  SIM_ASSERT(!event.queued(), "an event has one date at a time");
  const Entry entry(date, next_order(), event);
  heap_.push_back(entry);
  sift_up(heap_.size() - 1, entry);
}

Event& Agenda::pop() {
  Event& event = *heap_.front().event;
  take_out(event);
  return event;
}

void Agenda::take_out(Event& event) {
  const std::size_t at = event.place;
  event.place = Event::kNotQueued;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (at == heap_.size()) return;
  if (at > 0 && last.before(heap_[(at - 1) / kChildren])) {
    sift_up(at, last);
  } else {
    sift_down(at, last);
  }
}

}  // namespace sim
