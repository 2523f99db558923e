// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/int128.hpp"
#include "sim/base/time.hpp"
#include "sim/observe/histogram.hpp"
#include "sim/observe/lock_record.hpp"
#include "sim/observe/time_weighted.hpp"

namespace sim {

/// Wait and hold times of a lock class, of one of its instances, or of one acquisition point.
/// Waits are counted when the lock is got, holds when it is released.
struct LockFigures {
  std::uint64_t acquisitions = 0;
  std::uint64_t contended = 0;            ///< acquisitions whose first attempt failed
  Picoseconds spin_ps = 0;                ///< of the waiting: burning the core
  Picoseconds block_ps = 0;               ///< of the waiting: without a core
  Picoseconds contended_hold_ps = 0;      ///< of the holding: after acquisitions that had to wait
  std::uint64_t failed_while_held = 0;    ///< attempts of others that failed during holds from here
  Histogram wait;                         ///< ps, over all acquisitions (0 when not contended)
  Histogram hold;                         ///< ps
  std::vector<std::uint64_t> waits_over;  ///< acquisitions that waited longer than each threshold

  void reset();
};

/// One acquisition point: file and line of the real code.
struct LockPointProfile {
  const LockPoint* point = nullptr;
  LockFigures figures;
};

/// Part of a blame: where the waiter wanted the lock, and where the holder had got it.
struct LockBlamePlace {
  const LockPoint* waiter_point = nullptr;
  const LockPoint* holder_point = nullptr;
  Picoseconds wait_ps = 0;
};

/// Who waited for whom, by role.
struct LockBlame {
  std::uint64_t count = 0;
  Picoseconds wait_ps = 0;
  std::vector<LockBlamePlace> places;  ///< in order of first use

  void add(const LockPoint* waiter_point, const LockPoint* holder_point, Picoseconds waited_ps);
};

/// Everything known of one lock class.
struct LockClassProfile {
  const LockClass* cls = nullptr;
  std::uint32_t instances = 0;
  LockFigures figures;
  Histogram sojourn;  ///< ps from the first attempt to the release
  std::vector<std::unique_ptr<LockPointProfile>> points;               ///< in order of first use
  std::vector<std::unique_ptr<LockFigures>> per_instance;              ///< only when asked for
  std::map<std::pair<std::uint32_t, std::uint32_t>, LockBlame> blame;  ///< (waiter, holder) roles
  TimeWeighted at_lock;  ///< number that hold or wait, over all instances
  TimeWeighted waiting;
  TimeWeighted held;

  // For the always-true identities, kept apart from the integrals above.
  Picoseconds window_wait_ps = 0;  ///< waits, cut to the window
  Picoseconds window_hold_ps = 0;  ///< holds, cut to the window
  std::int64_t waiters_now = 0;
  std::int64_t holders_now = 0;
  Int128 wait_starts_ps = 0;  ///< sum of the starts of the waits in progress
  Int128 hold_starts_ps = 0;
};

/// How a lock came to be owned.
struct Acquisition {
  bool contended = false;
  Picoseconds arrived_at = 0;  ///< first attempt
  Picoseconds spin_ps = 0;
  Picoseconds block_ps = 0;
  std::uint32_t waiter_role = 0;
  std::uint32_t holder_role = 0;  ///< who held it at the first attempt; meaningful when contended
  const LockPoint* holder_point = nullptr;  ///< where that hold had begun
};

/// LOCK_PROFILING(9) of the simulated machine: per class, per acquisition point, per pair of roles.
class LockProfile {
 public:
  struct Options {
    bool per_instance = false;
    std::vector<Picoseconds> wait_thresholds_ps;
    std::size_t level_cap = 64;  ///< distribution of the number at a lock: last bin is "or more"
  };

  explicit LockProfile(Options options) : options_(std::move(options)) {}

  /// Registers a class; its id becomes its index here.
  LockClass& add_class(std::string name, LockKind kind);

  // --- events, in order of date -----------------------------------------------------------------
  void wait_begins(LockRecord& lock, Picoseconds now);
  void acquired(LockRecord& lock, const LockPoint& point, const Acquisition& how, Picoseconds now);
  void released(LockRecord& lock, Picoseconds now);
  /// A thread gave up waiting (interrupted sleep on an sx).
  void wait_abandoned(LockRecord& lock, Picoseconds arrived_at, Picoseconds now);

  /// Measured values start here.
  void reset(Picoseconds now);
  /// Brings the integrals up to `now` and checks the identities: lock busy time is the sum of
  /// holds, and Little's law for those who wait. Throws InternalError with the class and the
  /// figures.
  void close(Picoseconds now);

  std::size_t size() const { return classes_.size(); }
  const LockClassProfile& profile(std::size_t id) const { return *classes_[id]; }
  const Options& options() const { return options_; }

 private:
  LockClassProfile& of(const LockRecord& lock) { return *classes_[lock.cls->id]; }
  LockFigures& figures_of(LockClassProfile& profile, const LockPoint& point);
  /// Null unless each instance is to be told apart.
  LockFigures* instance_figures(LockClassProfile& profile, const LockRecord& lock) {
    return options_.per_instance ? &figures_of_instance(profile, lock) : nullptr;
  }
  LockFigures& figures_of_instance(LockClassProfile& profile, const LockRecord& lock);
  void count_in(LockFigures& figures, const Acquisition& how, Picoseconds wait_ps) const;

  Options options_;
  std::vector<std::unique_ptr<LockClass>> lock_classes_;
  std::vector<std::unique_ptr<LockClassProfile>> classes_;
  Picoseconds window_from_ = 0;
};

}  // namespace sim
