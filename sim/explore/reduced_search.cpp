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

ReducedSearch::History::History() {
  events_.fill(-1);
  for (std::size_t i = 0; i < Footprint::kMemoryBits; ++i) events_[readers(i)] = 0;
}

// --- going forward -------------------------------------------------------------------------------

ReducedSearch::Node& ReducedSearch::push(ThreadSet enabled) {
  check_length(depth_);
  if (depth_ == taken_.size()) {
    nodes_.emplace_back();
    taken_.emplace_back();
  }
  Node& node = nodes_[depth_++];
  node.enabled = enabled;
  node.backtrack = node.sleep = 0;
  node.sleepers = sleepers_;
  return node;
}

void ReducedSearch::put_to_sleep(Node& node, std::size_t thread, const Footprint& footprint) {
  node.sleep |= bit_of(thread);
  node.asleep[thread] = sleepers_;
  if (sleepers_ == sleeping_.size()) sleeping_.emplace_back();
  sleeping_[sleepers_++] = footprint;
}

/// What the last node has chosen is about to be executed.
Director::Next ReducedSearch::prepare() {
  Node& node = nodes_[depth_ - 1];
  const ScheduleStep& step = taken_[depth_ - 1];
  node.choice = execution_.next_is_choice(step.thread);
  return {&node.effect, step.thread, step.outcome};
}

/// Executes what the last node has chosen.
void ReducedSearch::take() {
  const Next next = prepare();
  *next.effect = execution_.step(next.thread, next.outcome);
  note_effect();
}

/// What the last node has chosen has been executed.
void ReducedSearch::note_effect() {
  Node& node = nodes_[depth_ - 1];
  if (node.choice) {
    if (taken_[depth_ - 1].outcome == 0) node.united = {};
    node.united.add(node.effect.footprint);
  }
  find_causes(depth_ - 1);
}

/// Executes the steps that are as before again.
void ReducedSearch::replay() {
  execution_.begin_again(schedule().first(depth_ - 1));
}

/// From the last node, which is new, to the end. False when cut short by the sleep sets.
bool ReducedSearch::extend() {
  if (chosen_ == Choice::thread) execution_.steps(prepare(), *this);
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
    taken_[depth_ - 1] = {static_cast<std::uint8_t>(thread), 0};
    node.effect.clear();
    node.effect.footprint.add_lock(*lock);
    node.effect.acquired = static_cast<int>(Footprint::lock_bit(*lock));
    find_causes(depth_ - 1);
    history_.take_back(node.history);
    --depth_;
  }
}

Director::Next ReducedSearch::stepped() {
  note_effect();
  chosen_ = choose();
  return chosen_ == Choice::thread ? prepare() : Next{};
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
    for_each_bit(parent.sleep & ~bit_of(thread_of(depth - 1)), [&](std::size_t q) {
      if (sleeping_[parent.asleep[q]].conflicts(parent.effect.footprint)) return;
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
  const bool stay = depth > 0 && (awake & bit_of(thread_of(depth - 1))) != 0;
  const std::size_t thread = stay ? thread_of(depth - 1) : lowest(awake);
  taken_[depth] = {static_cast<std::uint8_t>(thread), 0};
  node.backtrack = bit_of(thread);
  return Choice::thread;
}

ReducedSearch::Result ReducedSearch::advance() {
  if (executions_ == 0) {
    execution_.begin();
    for (const ScheduleStep& step : part_.path) {
      push(execution_.enabled());
      taken_[depth_ - 1] = step;
      take();
    }
    requests_.clear();  // made by whoever went here first
    if (part_.thread >= 0) {
      Node& node = push(execution_.enabled());
      taken_[depth_ - 1] = {static_cast<std::uint8_t>(part_.thread), 0};
      node.backtrack = bit_of(thread_of(depth_ - 1));
      for (const Sleeper& sleeper : part_.sleepers) {
        put_to_sleep(node, sleeper.thread, sleeper.footprint);
      }
      take();
    }
    chosen_ = choose();
    return end_execution(extend());
  }
  if (!backtrack()) return Result::exhausted;
  replay();
  chosen_ = Choice::thread;
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
    SharedNode shared{node.enabled, taken_[depth].thread, node.effect.footprint, {}};
    for_each_bit(node.sleep, [&](std::size_t q) {
      shared.sleepers.push_back({static_cast<std::uint8_t>(q), sleeping_[node.asleep[q]]});
    });
    // Reversals found before the node became the caller's.
    const ThreadSet wanted = node.backtrack & ~node.sleep & ~bit_of(thread_of(depth));
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
    ScheduleStep& step = taken_[depth];
    if (node.choice && step.outcome == 0 && (depth >= frozen_ || depth == first_)) {
      step.outcome = 1;
      history_.take_back(node.history);
      return true;
    }
    if (depth >= frozen_) {
      const ThreadSet open = node.backtrack & ~node.sleep & ~bit_of(step.thread);
      if (open != 0) {
        put_to_sleep(node, step.thread, node.choice ? node.united : node.effect.footprint);
        step = {static_cast<std::uint8_t>(lowest(open)), 0};
        history_.take_back(node.history);
        return true;
      }
    }
    sleepers_ = node.sleepers;
  }
  return false;
}

// --- what happens before what --------------------------------------------------------------------

/// Finds the candidates: events that the step conflicts with and that are not known to precede it.
/// From here on the step is what later ones conflict with.
void ReducedSearch::collect(const StepEffect& effect, std::size_t depth, const EventClock& known) {
  History& h = history_;
  const auto event = static_cast<History::Event>(depth);
  const auto consider = [&](History::Event earlier) {
    if (earlier < 0) return;
    const auto index = static_cast<std::size_t>(earlier);
    if (!before(index, known)) candidates_.push_back(index);
  };
  const Footprint& footprint = effect.footprint;
  const int awaited = effect.awaited();
  candidates_.clear();
  for_each_bit(footprint.locks, [&](std::size_t bit) {
    const History::Event last_use = h.set(History::last_use(bit), event);
    consider(static_cast<int>(bit) == awaited ? h[History::last_acquired(bit)] : last_use);
  });
  if (effect.acquired >= 0) {
    h.set(History::last_acquired(static_cast<std::size_t>(effect.acquired)), event);
  }
  for_each_bit(footprint.writes, [&](std::size_t bit) {
    consider(h.set(History::last_write(bit), event));
    const auto readers = static_cast<ThreadSet>(h[History::readers(bit)]);
    if (readers == 0) return;
    for_each_bit(readers, [&](std::size_t q) { consider(h[History::last_read(bit, q)]); });
    h.set(History::readers(bit), 0);
  });
  const std::size_t thread = thread_of(depth);
  for_each_bit(footprint.reads, [&](std::size_t bit) {
    const History::Event last_write = h[History::last_write(bit)];
    if (last_write != event) consider(last_write);
    h.add_reader(bit, thread, event);
  });
}

/// Sets the node's clock, and has the step remembered.
void ReducedSearch::find_causes(std::size_t depth) {
  Node& node = nodes_[depth];
  History& h = history_;
  const std::size_t thread = thread_of(depth);
  const auto event = static_cast<History::Event>(depth);
  node.history = h.begin_event();
  EventClock clock;
  const auto join = [&](History::Event earlier) {
    if (earlier >= 0) clock.join(nodes_[static_cast<std::size_t>(earlier)].clock);
  };
  join(h.set(History::last_of(thread), event));
  if (const History::Event waker = h[History::woken_by(thread)]; waker >= 0) {
    join(waker);
    h.set(History::woken_by(thread), -1);
  }
  for_each_bit(node.effect.woken, [&](std::size_t q) { h.set(History::woken_by(q), event); });
  History::Event holder = -1;  // who took the lock last that this step waited for
  History::Event last_use = -1;
  if (const int awaited = node.effect.awaited(); awaited >= 0) {
    const auto lock = static_cast<std::size_t>(awaited);
    last_use = h[History::last_use(lock)];
    holder = h[History::last_acquired(lock)];
    // If that acquisition comes first anyhow, so does the release.
    if (holder >= 0 && before(static_cast<std::size_t>(holder), clock)) {
      join(last_use);
      holder = -1;
    }
  }
  collect(node.effect, depth, clock);
  if (!candidates_.empty()) {
    find_races(depth, holder, last_use, clock);
    for (const std::size_t candidate : candidates_) clock.join(nodes_[candidate].clock);
  }
  join(last_use);
  clock.set(thread, depth + 1);
  node.clock = clock;
}

/// Of the candidates, those that nothing else orders before the step at `depth`.
void ReducedSearch::find_races(std::size_t depth, History::Event holder, History::Event last_use,
                               const EventClock& known) {
  races_ = candidates_;
  const auto acquisition = static_cast<std::size_t>(holder);
  const EventClock* release = nullptr;
  if (holder >= 0) {
    // What precedes the release can be reversed only together with the acquisition.
    release = &nodes_[static_cast<std::size_t>(last_use)].clock;
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
    const std::size_t thread = thread_of(k);
    first_of_all = first_of_all && !node.effect.footprint.conflicts(nodes_[later].effect.footprint);
    if ((seen & bit_of(thread)) != 0) continue;
    if (begins(node.clock, thread)) initials |= bit_of(thread);
    seen |= bit_of(thread);
    first[thread] = k;
  }
  const std::size_t last = thread_of(later);
  if (first_of_all && (seen & bit_of(last)) == 0 && begins(later_clock, last)) {
    initials |= bit_of(last);
  }

  Node& node = nodes_[earlier];
  initials &= node.enabled;
  if (initials == 0) return;  // `later` waited for a lock until `earlier` destroyed it
  const std::size_t preferred = (initials & bit_of(last)) != 0 ? last : lowest(initials);
  if (earlier < frozen_) {
    if ((initials & bit_of(thread_of(earlier))) == 0) request(earlier, initials, preferred);
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
