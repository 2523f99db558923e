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

// --- going forward -------------------------------------------------------------------------------

void ReducedSearch::make_room() {
  check_length(depth_);
  room_ = std::min(2 * depth_ + 64, kMaxInterleavingSteps);
  nodes_.resize(room_);
  taken_.resize(room_);
  clocks_.resize(room_ + 1);
}

inline ReducedSearch::Node& ReducedSearch::push(ThreadSet enabled) {
  if (depth_ == room_) [[unlikely]]
    make_room();
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
inline Director::Next ReducedSearch::prepare() {
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
inline void ReducedSearch::note_effect() {
  Node& node = nodes_[depth_ - 1];
  if (node.choice) {
    if (taken_[depth_ - 1].outcome == 0) node.united = {};
    node.united.add(node.effect.footprint);
  }
  find_causes(depth_ - 1);
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
inline ReducedSearch::Choice ReducedSearch::choose() {
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
  execution_.begin_again(schedule().first(depth_ - 1));
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
inline void ReducedSearch::collect(const StepEffect& effect, EventNumber event,
                                   const EventClock& known, History::Changing& past) {
  const auto consider = [&](EventNumber earlier) {
    if (earlier < 0 || before(static_cast<std::size_t>(earlier), known)) return;
    candidates_.add(earlier);
  };
  const Footprint& footprint = effect.footprint;
  const int awaited = effect.awaited();
  candidates_.clear();
  for_each_bit(footprint.locks, [&](std::size_t bit) {
    const History::Past uses = past[History::lock(bit)];
    consider(static_cast<int>(bit) == awaited ? uses.other() : uses.last());
    const bool acquires = static_cast<int>(bit) == effect.acquired;
    past.set(History::lock(bit), {event, acquires ? event : uses.other()});
  });
  for_each_bit(footprint.writes, [&](std::size_t bit) {
    const History::Past uses = past[History::memory(bit)];
    consider(uses.last());
    for_each_bit(static_cast<std::uint16_t>(uses.other()),
                 [&](std::size_t q) { consider(past[History::reads(bit, q)].last()); });
    past.set(History::memory(bit), {event, 0});
  });
  const std::size_t thread = thread_of(static_cast<std::size_t>(event));
  for_each_bit(footprint.reads, [&](std::size_t bit) {
    const History::Past uses = past[History::memory(bit)];
    if (uses.last() != event) consider(uses.last());
    const auto readers =
        static_cast<EventNumber>(uses.other() | static_cast<EventNumber>(bit_of(thread)));
    if (readers != uses.other()) past.set(History::memory(bit), {uses.last(), readers});
    past.set(History::reads(bit, thread), {event, -1});
  });
}

/// Sets the node's clock, and has the step remembered.
void ReducedSearch::find_causes(std::size_t depth) {
  Node& node = nodes_[depth];
  const std::size_t thread = thread_of(depth);
  const auto event = static_cast<EventNumber>(depth);
  const StepEffect& effect = node.effect;
  node.history = history_.changes();
  History::Changing past(history_);
  const History::Past own = past[History::thread(thread)];
  EventClock clock = clock_of(own.last());
  clock.join(clock_of(own.other()));
  past.set(History::thread(thread), {event, -1});
  for_each_bit(effect.woken, [&](std::size_t q) {
    past.set(History::thread(q), {past[History::thread(q)].last(), event});
  });
  EventNumber holder = -1;  // who took the lock last that this step waited for
  EventNumber last_use = -1;
  if (const int awaited = effect.awaited(); awaited >= 0) {
    const History::Past uses = past[History::lock(static_cast<std::size_t>(awaited))];
    last_use = uses.last();
    holder = uses.other();
    // If that acquisition comes first anyhow, so does the release.
    if (holder >= 0 && before(static_cast<std::size_t>(holder), clock)) {
      clock.join(clock_of(last_use));
      holder = -1;
    }
  }
  collect(effect, event, clock, past);
  if (!candidates_.empty()) {
    find_races(depth, holder, last_use, clock);
    for (const EventNumber candidate : candidates_) clock.join(clock_of(candidate));
  }
  clock.join(clock_of(last_use));
  clock.set(thread, depth + 1);
  clocks_[depth + 1] = clock;
}

/// Of the candidates, those that nothing else orders before the step at `depth`.
void ReducedSearch::find_races(std::size_t depth, EventNumber holder, EventNumber last_use,
                               const EventClock& known) {
  EventNumbers races;
  for (const EventNumber event : candidates_) {
    // What precedes the release can be reversed only together with the acquisition.
    const bool released = holder >= 0 && event != holder &&
                          before(static_cast<std::size_t>(event), clock_of(last_use));
    if (!released) races.add(event);
  }
  for (const EventNumber event : races) {
    EventClock clock = known;  // of this step, if `event` and what follows from it had not been
    bool immediate = true;
    for (const EventNumber other : races) {
      if (other == event) continue;
      if (before(static_cast<std::size_t>(event), clock_of(other))) {
        immediate = false;
        break;
      }
      clock.join(clock_of(other == holder ? last_use : other));
    }
    if (immediate) race(static_cast<std::size_t>(event), depth, clock);
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
    const EventClock& clock = clocks_[k + 1];
    if (before(earlier, clock)) continue;
    const std::size_t thread = thread_of(k);
    first_of_all = first_of_all && !node.effect.footprint.conflicts(nodes_[later].effect.footprint);
    if ((seen & bit_of(thread)) != 0) continue;
    if (begins(clock, thread)) initials |= bit_of(thread);
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
