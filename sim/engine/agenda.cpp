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
    const std::size_t parent = (at - 1) / 2;
    if (!entry.before(heap_[parent])) break;
    place(at, heap_[parent]);
    at = parent;
  }
  place(at, entry);
}

void Agenda::sift_down(std::size_t at, const Entry& entry) {
  const std::size_t size = heap_.size();
  for (;;) {
    std::size_t child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && heap_[child + 1].before(heap_[child])) ++child;
    if (!heap_[child].before(entry)) break;
    place(at, heap_[child]);
    at = child;
  }
  place(at, entry);
}

void Agenda::add(Event& event, Picoseconds date) {
  SIM_ASSERT(!event.queued(), "an event has one date at a time");
  const Entry entry{date, next_order(), &event};
  heap_.push_back(entry);
  sift_up(heap_.size() - 1, entry);
}

Event& Agenda::pop() {
  Event& event = *heap_.front().event;
  remove(event);
  return event;
}

void Agenda::remove(Event& event) {
  if (!event.queued()) return;
  const std::size_t at = event.place;
  event.place = Event::kNotQueued;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (at == heap_.size()) return;
  if (at > 0 && last.before(heap_[(at - 1) / 2])) {
    sift_up(at, last);
  } else {
    sift_down(at, last);
  }
}

}  // namespace sim
