// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/execution.hpp"

#include <fmt/format.h>

#include <bit>
#include <utility>

#include "sim/base/assert.hpp"
#include "sim/engine/fiber.hpp"
#include "sim/explore/explored_kernel.hpp"
#include "sim/machine/violation.hpp"

namespace sim {

Execution::Execution(Program& program, Turns& turns)
    : program_(program), turns_(turns), threads_(program.threads()) {
  const std::size_t count = threads_.size();
  SIM_ASSERT(count > 0 && count <= kMaxExploredThreads,
             fmt::format("an explored program has 1 to {} threads", kMaxExploredThreads));
  for (std::size_t i = 0; i < count; ++i) {
    Slot& slot = threads_[i];
    slot.identity.id = static_cast<std::uint32_t>(i);
    slot.identity.name = program.thread_name(i);
    slot.polls = program.polls(i);
    if (slot.polls) pollers_.push_back(i);
  }
  for (const auto& [before, after] : program.lock_order()) declare_order(before->id, after->id);
  declared_ = taken_after_;
  for (std::size_t i = 0; i < count; ++i) {
    threads_[i].kernel = &kernels_.emplace_back(*this, i);
  }
}

Execution::~Execution() { abandon(); }

void Execution::abandon() {
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    Slot& slot = threads_[i];
    if (!slot.finished || slot.given_up) turns_.abandon(i);
    slot.finished = true;
    slot.given_up = false;
  }
}

void Execution::begin() {
  for (const std::size_t poller : pollers_) threads_[poller].watches.clear();
  start_threads();
}

void Execution::begin_again(std::span<const ScheduleStep> steps) {
  start_threads();
  ahead_ = steps.data();
  ahead_end_ = ahead_ + steps.size();
  for (; ahead_ != ahead_end_; ++steps_) {
    std::size_t thread = begin_known();
    do {
      resume(thread);
      thread = ahead_[-1].thread;
    } while (std::exchange(begun_, false));
  }
  has_polled_ = false;
  for (const std::size_t poller : pollers_) {
    std::vector<Watch>& watches = threads_[poller].watches;
    while (watches.back().since > steps_) watches.pop_back();
  }
}

void Execution::start_threads() {
  abandon();
  finding_.reset();
  notes_.clear();
  steps_ = 0;
  effect_ = &own_effect_;
  director_ = nullptr;
  ahead_ = ahead_end_ = nullptr;
  begun_ = has_polled_ = false;
  if (order_learnt_) {
    taken_after_ = declared_;
    order_learnt_ = false;
  }
  program_.reset();
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    Slot& slot = threads_[i];
    slot.identity.held.clear();
    slot.identity.signalled = slot.identity.catches_signals = false;
    slot.wanted = nullptr;
    slot.channel = nullptr;
    slot.finished = slot.crashed = slot.woken = slot.interrupted = false;
    effect_->clear();
    turns_.start(i, &Execution::thread_main, slot.kernel);
    slot.fiber = turns_.fiber(i);
    resume(i);
    SIM_ASSERT(!effect_->footprint.conflicts(effect_->footprint) && !finding_,
               "an explored thread changed shared memory before its first operation");
    if (slot.polls && slot.watches.empty()) {
      slot.watches.push_back({effect_->footprint.memory(), false, 0});
    }
  }
}

void Execution::thread_main(void* argument) {
  auto& kernel = *static_cast<ExploredKernel*>(argument);
  Execution& self = kernel.execution_;
  Slot& slot = kernel.slot_;
  try {
    self.program_.run(kernel.index_, kernel);
  } catch (const RunEnded&) {
    // Abandoned by turns that unwind.
  } catch (const Violation& violation) {
    slot.crashed = true;
    self.met(violation.kind(), violation.what(), kernel.index_);
  } catch (...) {
    self.failure_ = std::current_exception();
  }
  slot.finished = true;
}

void Execution::met(std::string_view kind, std::string message, std::size_t thread) {
  if (finding_) return;
  finding_ = Finding{std::string(kind), std::move(message)};
  finding_thread_ = thread;
  const bool judged = thread == threads_.size();
  finding_step_ = judged ? steps_ : steps_ + 1;  // the step is under way
}

std::string_view Execution::finding_thread_name() const {
  if (!finding_ || finding_thread_ == threads_.size()) return {};
  return threads_[finding_thread_].identity.name;
}

inline bool Execution::can_go_on(const Slot& slot) const {
  if (slot.finished) return false;
  const Op op = slot.pending.op;
  if (op == Op::lock || op == Op::relock) {
    if (op == Op::relock && !slot.woken) return false;
    const LockState& wanted = *slot.wanted;
    if (wanted.owner == nullptr || wanted.destroyed || wanted.owner == &slot.identity) return true;
    return op == Op::lock && slot.identity.signalled && slot.identity.catches_signals;
  }
  if (op == Op::poll) return slot.watches.back().changed;
  return op != Op::await_interrupt;
}

const LockState* Execution::waits_for(std::size_t thread) const {
  const Slot& slot = threads_[thread];
  const Op op = slot.pending.op;
  const bool wants = !slot.finished && (op == Op::lock || (op == Op::relock && slot.woken));
  return wants && !can_go_on(slot) ? slot.wanted : nullptr;
}

ThreadSet Execution::enabled() const {
  ThreadSet set = 0;
  ThreadSet bit = 1;
  for (const Slot& slot : threads_) {
    if (can_go_on(slot)) set |= bit;
    bit <<= 1;
  }
  return set;
}

/// A change counts from the look on, not only from the time when its thread waits: what is between
/// the two commutes with the change.
void Execution::tell_pollers(std::size_t by) {
  Footprint& did = effect_->footprint;
  const Footprint::MemorySet memory = did.memory();
  const bool polled = std::exchange(has_polled_, false);
  for (const std::size_t poller : pollers_) {
    std::vector<Watch>& watches = threads_[poller].watches;
    const Watch& before = watches.back();
    if (poller != by) {
      if (before.changed || !did.changed_any_of(before.looked)) continue;
      watches.push_back({before.looked, true, steps_});
    } else if (polled) {
      // It comes after all who changed that, not only after the first.
      did.add_reads(before.looked);
      watches.push_back({memory, false, steps_});
    } else {
      const Footprint::MemorySet all = {before.looked[0] | memory[0], before.looked[1] | memory[1]};
      if (all != before.looked) watches.push_back({all, before.changed, steps_});
    }
  }
}

inline void Execution::begin_step(StepEffect& effect, int outcome) {
  effect_ = &effect;
  effect.clear();
  outcome_ = outcome;
}

inline void Execution::end_step(std::size_t thread) {
  ++steps_;
  if (!pollers_.empty() && (has_polled_ || effect_->footprint.uses_memory())) {
    tell_pollers(thread);
  }
}

inline void Execution::resume(std::size_t thread) {
  if (Fiber* fiber = threads_[thread].fiber; fiber != nullptr) {
    fiber->resume();
  } else {
    turns_.resume(thread);
  }
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

const StepEffect& Execution::step(std::size_t thread, int outcome) {
  begin_step(own_effect_, outcome);
  resume(thread);
  end_step(thread);
  return own_effect_;
}

void Execution::steps(Director::Next first, Director& director) {
  director_ = &director;
  for (Director::Next next = first; next.effect != nullptr; next = director.stepped()) {
    running_ = next.thread;
    begin_step(*next.effect, next.outcome);
    do {
      resume(running_);
    } while (std::exchange(begun_, false));
    if (director_ == nullptr) return;
    end_step(running_);  // it gave the turn back for good
  }
  director_ = nullptr;
}

void Execution::run(std::span<const ScheduleStep> steps) {
  for (const ScheduleStep& next : steps) step(next.thread, next.outcome);
}

std::size_t Execution::ask_director(std::size_t thread) {
  if (director_ == nullptr) return kNobody;
  end_step(thread);
  const Director::Next next = director_->stepped();
  if (next.effect == nullptr) {
    director_ = nullptr;
    return kNobody;
  }
  running_ = next.thread;
  begin_step(*next.effect, next.outcome);
  return next.thread;
}

void Execution::give_turn(std::size_t from, std::size_t to) {
  Fiber* const fiber = threads_[from].fiber;
  if (fiber == nullptr) {
    begun_ = to != kNobody;
    turns_.suspend(from);
  } else if (to == kNobody) {
    fiber->suspend();
  } else {
    fiber->hand_over(*threads_[to].fiber);
  }
}

std::span<const ThreadEnd> Execution::ends() {
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    const Slot& slot = threads_[i];
    ThreadEnd& end = ends_[i] = {};
    if (slot.crashed) {
      end.where = ThreadEnd::Where::crashed;
    } else if (!slot.finished) {
      end.lock = slot.wanted;
      end.channel = slot.channel;
      switch (slot.pending.op) {
        case Op::lock:
          end.where = ThreadEnd::Where::waits;
          break;
        case Op::relock:
          end.where = slot.woken ? ThreadEnd::Where::waits : ThreadEnd::Where::sleeps;
          break;
        case Op::poll:
          end.where = ThreadEnd::Where::polls;
          break;
        default:
          end.where = ThreadEnd::Where::idle;
          break;
      }
    }
  }
  return {ends_.data(), threads_.size()};
}

void Execution::judge() {
  if (finding_) return;
  if (auto finding = program_.judge_end(ends())) {
    met(finding->kind, std::move(finding->message), threads_.size());
  }
}

std::uint64_t Execution::final_state() { return program_.final_state(ends()); }

void Execution::declare_order(std::uint32_t before, std::uint32_t after) {
  SIM_ASSERT(before < kClasses && after < kClasses,
             "an explored program has up to 64 lock classes");
  const std::uint64_t reached = (std::uint64_t{1} << after) | taken_after_[after];
  taken_after_[before] |= reached;
  for (std::uint64_t& set : taken_after_) {
    if ((set >> before & 1) != 0) set |= reached;
  }
}

}  // namespace sim
