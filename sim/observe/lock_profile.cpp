// SPDX-License-Identifier: BSD-2-Clause
#include "sim/observe/lock_profile.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/assert.hpp"
#include "sim/base/int128.hpp"

namespace sim {

void LockFigures::reset() {
  const std::size_t thresholds = waits_over.size();
  *this = LockFigures{};
  waits_over.assign(thresholds, 0);
}

void LockBlame::add(const LockPoint* waiter_point, const LockPoint* holder_point,
                    Picoseconds waited_ps) {
  ++count;
  wait_ps += waited_ps;
  for (LockBlamePlace& place : places) {
    if (place.waiter_point == waiter_point && place.holder_point == holder_point) {
      place.wait_ps += waited_ps;
      return;
    }
  }
  places.push_back({waiter_point, holder_point, waited_ps});
}

LockClass& LockProfile::add_class(std::string name, LockKind kind) {
  auto& cls = *lock_classes_.emplace_back(std::make_unique<LockClass>());
  cls.name = std::move(name);
  cls.kind = kind;
  cls.id = static_cast<std::uint32_t>(classes_.size());
  auto& profile = *classes_.emplace_back(std::make_unique<LockClassProfile>());
  profile.cls = &cls;
  profile.figures.waits_over.assign(options_.wait_thresholds_ps.size(), 0);
  profile.at_lock = TimeWeighted(options_.level_cap + 1);
  return cls;
}

LockFigures& LockProfile::figures_of(LockClassProfile& profile, const LockPoint& point) {
  for (const auto& known : profile.points) {
    if (known->point == &point) return known->figures;
  }
  auto& added = *profile.points.emplace_back(std::make_unique<LockPointProfile>());
  added.point = &point;
  added.figures.waits_over.assign(options_.wait_thresholds_ps.size(), 0);
  return added.figures;
}

LockFigures& LockProfile::figures_of_instance(LockClassProfile& profile, const LockRecord& lock) {
  while (profile.per_instance.size() < lock.instance) {
    profile.per_instance.push_back(std::make_unique<LockFigures>());
    profile.per_instance.back()->waits_over.assign(options_.wait_thresholds_ps.size(), 0);
  }
  return *profile.per_instance[lock.instance - 1];
}

void LockProfile::count_in(LockFigures& figures, const Acquisition& how,
                           Picoseconds wait_ps) const {
  ++figures.acquisitions;
  figures.contended += how.contended;
  figures.spin_ps += how.spin_ps;
  figures.block_ps += how.block_ps;
  figures.wait.add(wait_ps);
  for (std::size_t i = 0; i < figures.waits_over.size(); ++i) {
    figures.waits_over[i] += wait_ps > options_.wait_thresholds_ps[i];
  }
}

void LockProfile::wait_begins(LockRecord& lock, Picoseconds now) {
  LockClassProfile& profile = of(lock);
  ++lock.failed_during_hold;
  ++profile.waiters_now;
  profile.wait_starts_ps += now;
  profile.waiting.set(now, profile.waiters_now);
  profile.at_lock.set(now, profile.waiters_now + profile.holders_now);
}

void LockProfile::wait_abandoned(LockRecord& lock, Picoseconds arrived_at, Picoseconds now) {
  LockClassProfile& profile = of(lock);
  const Picoseconds start = std::max(arrived_at, window_from_);
  --profile.waiters_now;
  profile.wait_starts_ps -= start;
  profile.window_wait_ps += now - start;
  profile.waiting.set(now, profile.waiters_now);
  profile.at_lock.set(now, profile.waiters_now + profile.holders_now);
}

void LockProfile::acquired(LockRecord& lock, const LockPoint& point, const Acquisition& how,
                           Picoseconds now) {
  LockClassProfile& profile = of(lock);
  const Picoseconds wait_ps = now - how.arrived_at;
  if (lock.instance == 0) [[unlikely]] {
    lock.instance = ++profile.instances;
  }
  LockFigures& at_point = figures_of(profile, point);
  count_in(profile.figures, how, wait_ps);
  count_in(at_point, how, wait_ps);
  if (LockFigures* instance = instance_figures(profile, lock)) count_in(*instance, how, wait_ps);
  if (how.contended) {
    const Picoseconds start = std::max(how.arrived_at, window_from_);
    --profile.waiters_now;
    profile.wait_starts_ps -= start;
    profile.window_wait_ps += now - start;
    profile.waiting.set(now, profile.waiters_now);
    LockBlame& blame = profile.blame[{how.waiter_role, how.holder_role}];
    blame.add(&point, how.holder_point, wait_ps);
  }
  ++profile.holders_now;
  profile.hold_starts_ps += now;
  profile.held.set(now, profile.holders_now);
  profile.at_lock.set(now, profile.waiters_now + profile.holders_now);
  lock.owner_point = &point;
  lock.point_figures = &at_point;
  lock.acquired_at = now;
  lock.arrived_at = how.arrived_at;
  lock.failed_during_hold = 0;
  lock.waited_for = how.contended;
}

void LockProfile::released(LockRecord& lock, Picoseconds now) {
  LockClassProfile& profile = of(lock);
  const Picoseconds hold_ps = now - lock.acquired_at;
  const auto count_hold = [&](LockFigures& figures) {
    figures.hold.add(hold_ps);
    figures.failed_while_held += lock.failed_during_hold;
    if (lock.waited_for) figures.contended_hold_ps += hold_ps;
  };
  count_hold(profile.figures);
  count_hold(*lock.point_figures);
  if (LockFigures* instance = instance_figures(profile, lock)) count_hold(*instance);
  profile.sojourn.add(now - lock.arrived_at);
  const Picoseconds start = std::max(lock.acquired_at, window_from_);
  --profile.holders_now;
  profile.hold_starts_ps -= start;
  profile.window_hold_ps += now - start;
  profile.held.set(now, profile.holders_now);
  profile.at_lock.set(now, profile.waiters_now + profile.holders_now);
}

void LockProfile::reset(Picoseconds now) {
  window_from_ = now;
  for (auto& profile : classes_) {
    profile->figures.reset();
    for (auto& point : profile->points) point->figures.reset();
    for (auto& instance : profile->per_instance) instance->reset();
    profile->sojourn.reset();
    profile->blame.clear();
    profile->at_lock.reset(now);
    profile->waiting.reset(now);
    profile->held.reset(now);
    profile->window_wait_ps = profile->window_hold_ps = 0;
    profile->wait_starts_ps = static_cast<Int128>(profile->waiters_now) * now;
    profile->hold_starts_ps = static_cast<Int128>(profile->holders_now) * now;
  }
}

void LockProfile::close(Picoseconds now) {
  for (auto& profile : classes_) {
    const auto waits = static_cast<Int128>(profile->waiters_now) * now - profile->wait_starts_ps +
                       profile->window_wait_ps;
    const auto holds = static_cast<Int128>(profile->holders_now) * now - profile->hold_starts_ps +
                       profile->window_hold_ps;
    SIM_ASSERT(
        profile->waiting.integral(now) == waits,
        fmt::format("Little's law fails for lock {}: the number waiting integrates to {} ps, "
                    "the waits add up to {} ps",
                    profile->cls->name, static_cast<std::int64_t>(profile->waiting.integral(now)),
                    static_cast<std::int64_t>(waits)));
    SIM_ASSERT(
        profile->held.integral(now) == holds,
        fmt::format("lock {} was busy for {} ps, but its holds add up to {} ps", profile->cls->name,
                    static_cast<std::int64_t>(profile->held.integral(now)),
                    static_cast<std::int64_t>(holds)));
  }
}

}  // namespace sim
