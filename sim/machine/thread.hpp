// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/base/work.hpp"
#include "sim/engine/engine.hpp"
#include "sim/machine/locks.hpp"

namespace sim {

enum class ThreadState : std::uint8_t {
  ready,     ///< on a run queue
  running,   ///< occupies a core (also while it spins)
  blocked,   ///< on a turnstile
  sleeping,  ///< on a wait channel, an sx lock, or in a pause
  idle,      ///< awaits an interrupt or a job
  done
};

/// Work that a thread has asked for and not yet done, in order.
class PendingWork {
 public:
  struct Item {
    Work work;
    Picoseconds cost_ps;
  };

  bool empty() const { return total_ps_ == 0; }
  Picoseconds total_ps() const { return total_ps_; }
  bool full() const { return count_ == items_.size(); }

  /// Adds to the last item when the category is the same. Needs !full() otherwise.
  void add(Work work, Picoseconds cost_ps) {
    if (cost_ps == 0) return;
    total_ps_ += cost_ps;
    if (count_ > first_ && items_[count_ - 1].work == work) {
      items_[count_ - 1].cost_ps += cost_ps;
    } else {
      items_[count_++] = {work, cost_ps};
    }
  }

  /// Takes up to `elapsed_ps` off the front and calls `each(work, ps)` for every piece.
  template <class Each>
  void consume(Picoseconds elapsed_ps, Each each) {
    while (elapsed_ps > 0 && first_ < count_) {
      Item& item = items_[first_];
      const Picoseconds piece = item.cost_ps < elapsed_ps ? item.cost_ps : elapsed_ps;
      each(item.work, piece);
      item.cost_ps -= piece;
      elapsed_ps -= piece;
      total_ps_ -= piece;
      if (item.cost_ps == 0) ++first_;
    }
    if (first_ == count_) first_ = count_ = 0;
  }

  /// Whether, `elapsed_ps` from now, the work under way is of that category.
  bool is_doing(Work work, Picoseconds elapsed_ps) const {
    for (std::size_t i = first_; i < count_; ++i) {
      if (elapsed_ps < items_[i].cost_ps) return items_[i].work == work;
      elapsed_ps -= items_[i].cost_ps;
    }
    return false;
  }

  /// Stretches or shrinks everything that is left.
  void scale(double factor) {
    total_ps_ = 0;
    for (std::size_t i = first_; i < count_; ++i) {
      items_[i].cost_ps = round_to_ps(static_cast<double>(items_[i].cost_ps) * factor);
      total_ps_ += items_[i].cost_ps;
    }
  }

 private:
  std::array<Item, 8> items_{};
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  Picoseconds total_ps_ = 0;
};

/// A simulated thread, as the scheduler and the locks see it.
class Thread {
 public:
  std::uint32_t id = 0;
  std::string name;
  std::uint32_t role = 0;  ///< threads that do the same job share a role: the unit of blame
  Engine::Task* task = nullptr;

  // Scheduling.
  ThreadState state = ThreadState::idle;
  int base_priority = 0;  ///< its own
  int kernel_priority =
      0;             ///< what a kernel sleep left it with, until it returns to user mode; 0: none
  int priority = 0;  ///< what counts: the best of its own and what is lent to it
  int pinned = -1;
  int core = 0;  ///< where it runs, ran last, or is queued
  Picoseconds ready_since_ps = 0;
  Picoseconds slice_left_ps = 0;  ///< of the slice in which it was preempted; 0: it gets a new one
  int critical = 0;               ///< > 0: neither preempted nor interrupted
  bool interrupt_pending = false;
  bool woken = false;            ///< taken off its wait channel
  bool signalled = false;        ///< a signal is pending: a sleep that may be interrupted ends
  bool catches_signals = false;  ///< the sleep in progress may be interrupted

  // The stretch of running in progress.
  Picoseconds run_from_ps =
      0;  ///< up to here everything is accounted for; > now while switching in
  PendingWork pending;
  bool working_off = false;  ///< parked until `pending` is done, and not just until it has a core
  bool spinning = false;
  double slowdown = 1.0;  ///< > 1 while waiters poll the ticket lock that it holds

  // Locks.
  std::vector<LockState*> held;
  LockState* waiting_for = nullptr;
  const WaitChannel* asleep_on = nullptr;  ///< null: not in a sleep on a channel
  Picoseconds waits_since_ps = 0;          ///< start of the last wait for a lock or on a channel
};

}  // namespace sim
