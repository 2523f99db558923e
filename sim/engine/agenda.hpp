// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/int128.hpp"
#include "sim/base/time.hpp"

namespace sim {

/// The order of what happens at one date.
enum class TieBreak : std::uint8_t {
  fifo,    ///< as it was asked for
  shuffle  ///< drawn from the seed: to show that a conclusion does not rest on the order
};

/// Something that happens at a date. Owned by its user; knows its place in the agenda.
struct Event {
  static constexpr std::uint32_t kNotQueued = 0xffffffffu;
  enum class Kind : std::uint8_t { task, timer };

  bool queued() const { return place != kNotQueued; }

  Kind kind = Kind::task;
  std::uint32_t place = kNotQueued;
  std::uint32_t timer = 0;  ///< index of the timer, when it is one
  void* owner = nullptr;    ///< the task, when it is one
};

/// What is to happen, in order of date (>= 0), then of tie-break: a heap whose entries can be
/// removed. Each entry has up to four children, which halves the levels that an entry passes.
class Agenda {
 public:
  Agenda(TieBreak tie_break, std::uint64_t seed) : tie_break_(tie_break), seed_(seed) {}

  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  Picoseconds next_date() const { return heap_.front().date(); }

  /// Puts `event` (not queued) at `date`.
  void add(Event& event, Picoseconds date);
  /// Takes the next event out.
  Event& pop();
  /// Does nothing when `event` is not queued.
  void remove(Event& event) {
    if (event.queued()) take_out(event);
  }
  /// Counts an event that was passed over without being queued, so that drawn ties do not depend on
  /// which shortcuts were taken.
  void skip() { ++order_; }

 private:
  /// Date and order in one number, so that comparing two needs no branch: which of two comes first
  /// cannot be predicted.
  struct Entry {
    Uint128 key;
    Event* event;

    Entry(Picoseconds date, std::uint64_t order, Event& what)
        : key((static_cast<Uint128>(date) << 64) | order), event(&what) {}
    Picoseconds date() const { return static_cast<Picoseconds>(key >> 64); }
    bool before(const Entry& other) const { return key < other.key; }
  };
  static constexpr std::size_t kChildren = 4;

  std::uint64_t next_order();
  std::size_t first_child(std::size_t first) const;
  void take_out(Event& event);
  void place(std::size_t at, const Entry& entry);
  void sift_up(std::size_t at, const Entry& entry);
  void sift_down(std::size_t at, const Entry& entry);

  TieBreak tie_break_;
  std::uint64_t seed_;
  std::uint64_t order_ = 0;
  std::vector<Entry> heap_;
};

}  // namespace sim
