// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/reduced_search.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "sim/base/assert.hpp"

namespace sim {
namespace {

/// Of the way from a part's root to the end, the fraction that is given away at a time: a part
/// becomes small soon, and those that it gives away are large.
constexpr std::size_t kSharedFraction = 4;

std::size_t lowest(ThreadSet set) { return static_cast<std::size_t>(std::countr_zero(set)); }

template <class Each>
void for_each_bit(std::uint64_t set, Each each) {
  for (; set != 0; set &= set - 1) each(static_cast<std::size_t>(std::countr_zero(set)));
}

template <class Each>
void for_each_bit(const std::array<std::uint64_t, 2>& set, Each each) {
  for_each_bit(set[0], each);
  for_each_bit(set[1], [&](std::size_t bit) { each(bit + 64); });
}

}  // namespace

ReducedSearch::ReducedSearch(Execution& execution, Part part)
    : execution_(execution), part_(std::move(part)), first_(part_.path.size()) {
  SIM_ASSERT(part_.thread >= 0 || part_.path.empty(), "a part below the root names its thread");
  frozen_ = part_.thread >= 0 ? first_ + 1 : 0;
}

void ReducedSearch::History::clear(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) thread[i] = {};
  woken_by.fill(-1);
  last_use.fill(-1);
  last_acquired.fill(-1);
  last_write.fill(-1);
  readers.fill(0);
}

// --- going forward -------------------------------------------------------------------------------

ReducedSearch::Node& ReducedSearch::push(ThreadSet enabled) {
  check_length(depth_);
  if (depth_ == nodes_.size()) nodes_.emplace_back();
  Node& node = nodes_[depth_++];
  node.enabled = enabled;
  node.backtrack = node.sleep = 0;
  node.outcome = 0;
  node.united = {};
  return node;
}

/// What the last node has chosen is about to be executed.
void ReducedSearch::prepare() {
  Node& node = nodes_[depth_ - 1];
  node.choice = execution_.next(node.thread).op == Op::choice;
  schedule_.push_back({node.thread, node.outcome});
}

/// Executes what the last node has chosen.
void ReducedSearch::take() {
  prepare();
  const Node& node = nodes_[depth_ - 1];
  note_effect(depth_ - 1, execution_.step(node.thread, node.outcome));
}

void ReducedSearch::note_effect(std::size_t depth, const StepEffect& effect) {
  Node& node = nodes_[depth];
  node.footprint = effect.footprint;
  if (node.choice) node.united.add(effect.footprint);
  node.acquired = static_cast<std::int16_t>(effect.acquired);
  node.awaited = effect.tried ? std::int16_t{-1} : node.acquired;
  node.woken = effect.woken;
  node.clock = find_causes(depth);
  remember(depth);
}

/// Executes the steps that are as before again.
void ReducedSearch::replay() {
  execution_.begin();
  schedule_.resize(depth_ - 1);
  execution_.run(schedule_);
  history_.clear(execution_.threads());
  for (std::size_t i = 0; i + 1 < depth_; ++i) remember(i);
}

/// From the last node to the end. False when cut short by the sleep sets.
bool ReducedSearch::extend() {
  chosen_ = choose();
  while (chosen_ == Choice::thread) {
    prepare();
    const Node& node = nodes_[depth_ - 1];
    execution_.steps(node.thread, node.outcome, *this);
  }
  race_with_the_blocked();
  return chosen_ == Choice::complete;
}

/// A thread that waits for a lock to the end, as its owner panicked or waits, too, takes no step
/// from which a race could be found: but it could have been first.
void ReducedSearch::race_with_the_blocked() {
  for (std::size_t thread = 0; thread < execution_.threads(); ++thread) {
    const LockState* const lock = execution_.waits_for(thread);
    if (lock == nullptr) continue;
    Node& node = push(0);
    node.thread = static_cast<std::uint8_t>(thread);
    node.footprint = {};
    node.footprint.add_lock(*lock);
    node.awaited = static_cast<std::int16_t>(Footprint::lock_bit(*lock));
    find_causes(depth_ - 1);
    --depth_;
  }
}

int ReducedSearch::stepped(const StepEffect& effect) {
  const std::size_t thread = nodes_[depth_ - 1].thread;
  note_effect(depth_ - 1, effect);
  chosen_ = choose();
  if (chosen_ != Choice::thread || nodes_[depth_ - 1].thread != thread) return -1;
  prepare();
  return nodes_[depth_ - 1].outcome;
}

/// Adds a node, with the thread that goes next from here.
ReducedSearch::Choice ReducedSearch::choose() {
  const ThreadSet enabled = execution_.enabled();
  if (enabled == 0) return Choice::complete;
  ThreadSet sleep = 0;
  const std::size_t depth = depth_;
  Node& node = push(enabled);
  if (depth > 0) {
    const Node& parent = nodes_[depth - 1];
    for_each_bit(parent.sleep & ~bit_of(parent.thread), [&](std::size_t q) {
      if (parent.asleep[q].conflicts(parent.footprint)) return;
      sleep |= bit_of(q);
      node.asleep[q] = parent.asleep[q];
    });
  }
  node.sleep = sleep;
  const ThreadSet awake = enabled & ~sleep;
  if (awake == 0) {
    --depth_;
    return Choice::asleep;
  }
  const bool stay = depth > 0 && (awake & bit_of(nodes_[depth - 1].thread)) != 0;
  node.thread = static_cast<std::uint8_t>(stay ? nodes_[depth - 1].thread : lowest(awake));
  node.backtrack = bit_of(node.thread);
  return Choice::thread;
}

ReducedSearch::Result ReducedSearch::advance() {
  if (executions_ == 0) {
    execution_.begin();
    history_.clear(execution_.threads());
    for (const ScheduleStep& step : part_.path) {
      Node& node = push(execution_.enabled());
      node.thread = step.thread;
      node.outcome = step.outcome;
      take();
    }
    requests_.clear();  // made by whoever went here first
    if (part_.thread >= 0) {
      Node& node = push(execution_.enabled());
      node.thread = static_cast<std::uint8_t>(part_.thread);
      node.backtrack = bit_of(node.thread);
      for (const Sleeper& sleeper : part_.sleepers) {
        node.sleep |= bit_of(sleeper.thread);
        node.asleep[sleeper.thread] = sleeper.footprint;
      }
      take();
    }
    return end_execution(extend());
  }
  if (!backtrack()) return Result::exhausted;
  replay();
  take();
  return end_execution(extend());
}

ReducedSearch::Result ReducedSearch::end_execution(bool complete) {
  ++executions_;
  if (part_.share_after > 0 && executions_ % part_.share_after == 0) share_nodes();
  return complete ? Result::interleaving : Result::redundant;
}

/// Leaves the nodes near the root of what is left of this part to the caller: what is open there is
/// the most that can be given away. What is below the thread that is being tried stays here.
void ReducedSearch::share_nodes() {
  std::size_t depth = frozen_;
  if (depth > 0 && nodes_[depth - 1].choice) return;  // both outcomes are this part's
  const std::size_t end = depth + (depth_ - depth) / kSharedFraction;
  for (; depth < end; ++depth) {
    const Node& node = nodes_[depth];
    if (node.choice) break;
    SharedNode shared{node.enabled, node.thread, node.footprint, {}};
    for_each_bit(node.sleep, [&](std::size_t q) {
      shared.sleepers.push_back({static_cast<std::uint8_t>(q), node.asleep[q]});
    });
    // Reversals found before the node became the caller's.
    const ThreadSet wanted = node.backtrack & ~node.sleep & ~bit_of(node.thread);
    for_each_bit(wanted, [&](std::size_t q) {
      requests_.push_back(
          {static_cast<std::uint32_t>(depth), bit_of(q), static_cast<std::uint8_t>(q)});
    });
    shared_.push_back(std::move(shared));
  }
  frozen_ = depth;
}

// --- going back ----------------------------------------------------------------------------------

/// Drops nodes until one has something left to try, and sets it up. False when none has.
bool ReducedSearch::backtrack() {
  for (; depth_ > 0; --depth_) {
    const std::size_t depth = depth_ - 1;
    Node& node = nodes_[depth];
    const bool fixed = depth < first_;
    if (fixed) return false;
    if (node.choice && node.outcome == 0 && (depth >= frozen_ || depth == first_)) {
      node.outcome = 1;
      return true;
    }
    if (depth < frozen_) continue;
    node.sleep |= bit_of(node.thread);
    node.asleep[node.thread] = node.choice ? node.united : node.footprint;
    const ThreadSet open = node.backtrack & ~node.sleep;
    if (open == 0) continue;
    node.thread = static_cast<std::uint8_t>(lowest(open));
    node.outcome = 0;
    node.united = {};
    return true;
  }
  return false;
}

// --- what happens before what --------------------------------------------------------------------

/// The events that the step conflicts with and that are not known to precede it.
void ReducedSearch::collect(const Footprint& footprint, int acquired, const EventClock& known) {
  candidates_.clear();
  const auto consider = [&](std::int32_t event) {
    if (event < 0) return;
    const auto index = static_cast<std::size_t>(event);
    if (!before(index, known)) candidates_.push_back(index);
  };
  for_each_bit(footprint.locks, [&](std::size_t bit) {
    consider(static_cast<int>(bit) == acquired ? history_.last_acquired[bit]
                                               : history_.last_use[bit]);
  });
  for_each_bit(footprint.writes, [&](std::size_t bit) {
    consider(history_.last_write[bit]);
    for_each_bit(history_.readers[bit],
                 [&](std::size_t q) { consider(history_.last_read[bit][q]); });
  });
  for_each_bit(footprint.reads, [&](std::size_t bit) { consider(history_.last_write[bit]); });
}

EventClock ReducedSearch::find_causes(std::size_t depth) {
  const Node& node = nodes_[depth];
  EventClock clock = history_.thread[node.thread];
  const auto join = [&](std::int32_t event) {
    if (event >= 0) clock.join(nodes_[static_cast<std::size_t>(event)].clock);
  };
  join(history_.woken_by[node.thread]);
  std::int32_t holder = -1;  // who took the lock last that this step waited for
  if (node.awaited >= 0) {
    const auto lock = static_cast<std::size_t>(node.awaited);
    holder = history_.last_acquired[lock];
    // If that acquisition comes first anyhow, so does the release.
    if (holder >= 0 && before(static_cast<std::size_t>(holder), clock)) {
      join(history_.last_use[lock]);
      holder = -1;
    }
  }
  collect(node.footprint, node.awaited, clock);
  find_races(depth, holder, clock);
  for (const std::size_t event : candidates_) clock.join(nodes_[event].clock);
  if (node.awaited >= 0) join(history_.last_use[static_cast<std::size_t>(node.awaited)]);
  clock.set(node.thread, depth + 1);
  return clock;
}

/// Of the candidates, those that nothing else orders before the step at `depth`.
void ReducedSearch::find_races(std::size_t depth, std::int32_t holder, const EventClock& known) {
  if (candidates_.empty()) return;
  races_ = candidates_;
  const auto acquisition = static_cast<std::size_t>(holder);
  const EventClock* release = nullptr;
  if (holder >= 0) {
    // What precedes the release can be reversed only together with the acquisition.
    const auto lock = static_cast<std::size_t>(nodes_[depth].awaited);
    release = &nodes_[static_cast<std::size_t>(history_.last_use[lock])].clock;
    std::erase_if(
        races_, [&](std::size_t event) { return event != acquisition && before(event, *release); });
  }
  for (const std::size_t event : races_) {
    EventClock clock = known;  // of this step, if `event` and what follows from it had not been
    bool immediate = true;
    for (const std::size_t other : races_) {
      if (other == event) continue;
      if (before(event, nodes_[other].clock)) {
        immediate = false;
        break;
      }
      clock.join(holder >= 0 && other == acquisition ? *release : nodes_[other].clock);
    }
    if (immediate) race(event, depth, clock);
  }
}

/// `later` could come before `earlier`: sees to it that this is tried. In theory nothing is left to
/// be done where one of the threads that could begin sleeps. But that supposes that what a step
/// conflicts with does not depend on what came before it. Where it does, the sequences that begin
/// with something that the sleeping step, in this place, conflicts with were seen by nobody: then
/// everything is tried.
void ReducedSearch::race(std::size_t earlier, std::size_t later, const EventClock& later_clock) {
  // The events after `earlier` that do not depend on it, then `later`'s thread: which threads may
  // begin such a sequence? Of each thread, only its first event there can.
  std::array<std::size_t, kMaxExploredThreads> first{};
  ThreadSet seen = 0;
  ThreadSet initials = 0;
  const auto begins = [&](const EventClock& clock, std::size_t own) {
    bool alone = true;
    for_each_bit(seen & ~bit_of(own),
                 [&](std::size_t q) { alone = alone && clock[q] <= first[q]; });
    return alone;
  };
  bool first_of_all = true;  // `later`: what is between may have hidden that it comes after these
  for (std::size_t k = earlier + 1; k < later; ++k) {
    const Node& node = nodes_[k];
    if (before(earlier, node.clock)) continue;
    first_of_all = first_of_all && !node.footprint.conflicts(nodes_[later].footprint);
    if ((seen & bit_of(node.thread)) != 0) continue;
    if (begins(node.clock, node.thread)) initials |= bit_of(node.thread);
    seen |= bit_of(node.thread);
    first[node.thread] = k;
  }
  const std::size_t last = nodes_[later].thread;
  if (first_of_all && (seen & bit_of(last)) == 0 && begins(later_clock, last)) {
    initials |= bit_of(last);
  }

  Node& node = nodes_[earlier];
  initials &= node.enabled;
  if (initials == 0) return;  // `later` waited for a lock until `earlier` destroyed it
  const std::size_t preferred = (initials & bit_of(last)) != 0 ? last : lowest(initials);
  if (earlier < frozen_) {
    if ((initials & bit_of(node.thread)) == 0) request(earlier, initials, preferred);
    return;
  }
  if ((initials & node.backtrack) != 0) return;
  node.backtrack |= (initials & node.sleep) == 0 ? bit_of(preferred) : node.enabled & ~node.sleep;
}

void ReducedSearch::request(std::size_t depth, ThreadSet initials, std::size_t preferred) {
  const bool known = std::any_of(requests_.begin(), requests_.end(), [&](const Request& r) {
    return r.depth == depth && (r.initials & ~initials) == 0;
  });
  if (known) return;
  requests_.push_back(
      {static_cast<std::uint32_t>(depth), initials, static_cast<std::uint8_t>(preferred)});
}

void ReducedSearch::remember(std::size_t depth) {
  const Node& node = nodes_[depth];
  const auto event = static_cast<std::int32_t>(depth);
  history_.thread[node.thread] = node.clock;
  history_.woken_by[node.thread] = -1;
  for_each_bit(node.woken, [&](std::size_t q) { history_.woken_by[q] = event; });
  for_each_bit(node.footprint.locks, [&](std::size_t bit) { history_.last_use[bit] = event; });
  if (node.acquired >= 0) history_.last_acquired[static_cast<std::size_t>(node.acquired)] = event;
  for_each_bit(node.footprint.writes, [&](std::size_t bit) {
    history_.last_write[bit] = event;
    history_.readers[bit] = 0;
  });
  for_each_bit(node.footprint.reads, [&](std::size_t bit) {
    history_.readers[bit] |= bit_of(node.thread);
    history_.last_read[bit][node.thread] = event;
  });
}

double ReducedSearch::progress() const {
  double done = 0.0;
  double share = 1.0;
  for (std::size_t i = frozen_; i < depth_; ++i) {
    const Node& node = nodes_[i];
    const auto all = static_cast<double>(std::popcount(node.backtrack));
    const auto tried = static_cast<double>(std::popcount(node.backtrack & node.sleep));
    if (all <= 0.0) continue;
    done += share * tried / all;
    share /= all;
  }
  return done;
}

}  // namespace sim
