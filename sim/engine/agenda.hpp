// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

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

/// What is to happen, in order of date, then of tie-break: a binary heap whose entries can be
/// removed.
class Agenda {
 public:
  Agenda(TieBreak tie_break, std::uint64_t seed) : tie_break_(tie_break), seed_(seed) {}

  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  Picoseconds next_date() const { return heap_.front().date; }

  /// Puts `event` (not queued) at `date`.
  void add(Event& event, Picoseconds date);
  /// Takes the next event out.
  Event& pop();
  /// Does nothing when `event` is not queued.
  void remove(Event& event);
  /// Counts an event that was passed over without being queued, so that drawn ties do not depend on
  /// which shortcuts were taken.
  void skip() { ++order_; }

 private:
  struct Entry {
    Picoseconds date;
    std::uint64_t order;
    Event* event;
    bool before(const Entry& other) const {
      return date != other.date ? date < other.date : order < other.order;
    }
  };

  std::uint64_t next_order();
  void place(std::size_t at, const Entry& entry);
  void sift_up(std::size_t at, const Entry& entry);
  void sift_down(std::size_t at, const Entry& entry);

  TieBreak tie_break_;
  std::uint64_t seed_;
  std::uint64_t order_ = 0;
  std::vector<Entry> heap_;
};

}  // namespace sim
