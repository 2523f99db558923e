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
    if (program.polls(i)) pollers_ |= bit_of(i);
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
    slot.finished = slot.crashed = slot.woken = slot.interrupted = slot.changed = false;
    effect_->clear();
    turns_.start(i, &Execution::thread_main, slot.kernel);
    slot.fiber = turns_.fiber(i);
    resume(i);
    SIM_ASSERT(!effect_->footprint.conflicts(effect_->footprint) && !finding_,
               "an explored thread changed shared memory before its first operation");
    slot.looked = effect_->footprint;
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
  if (op == Op::poll) return slot.changed;
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
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    if (can_go_on(threads_[i])) set |= bit_of(i);
  }
  return set;
}

/// A change counts from the look on, not only from the time when its thread waits: what is between
/// the two commutes with the change.
void Execution::tell_pollers(std::size_t by) {
  for (ThreadSet rest = pollers_ & ~bit_of(by); rest != 0; rest &= rest - 1) {
    Slot& slot = threads_[static_cast<std::size_t>(std::countr_zero(rest))];
    if (slot.finished || slot.changed) continue;
    slot.changed = effect_->footprint.changed_what(slot.looked);
  }
}

inline void Execution::begin_step(StepEffect& effect, int outcome) {
  effect_ = &effect;
  effect.clear();
  outcome_ = outcome;
}

inline void Execution::end_step(std::size_t thread) {
  ++steps_;
  if (pollers_ == 0) return;
  if ((pollers_ & bit_of(thread)) != 0) threads_[thread].looked.add(effect_->footprint);
  if (effect_->footprint.changed_anything()) tell_pollers(thread);
  // It comes after all who changed that, not only after the first.
  if (std::exchange(has_polled_, false)) effect_->footprint.add_reads(polled_);
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
  ahead_end_ = steps.data() + steps.size();
  for (ahead_ = steps.data(); ahead_ != ahead_end_; ++ahead_) {
    begin_step(own_effect_, ahead_->outcome);
    do {
      resume(ahead_->thread);
    } while (std::exchange(begun_, false));
    end_step(ahead_->thread);
  }
}

inline std::size_t Execution::begin_next(std::size_t thread) {
  if (director_ != nullptr) {
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
  if (ahead_ == ahead_end_ || ahead_ + 1 == ahead_end_) return kNobody;
  end_step(thread);
  ++ahead_;
  begin_step(own_effect_, ahead_->outcome);
  return ahead_->thread;
}

void Execution::await_turn(std::size_t thread) {
  const std::size_t next = begin_next(thread);
  if (next == thread) return;
  Fiber* const fiber = threads_[thread].fiber;
  if (fiber == nullptr) {
    begun_ = next != kNobody;
    turns_.suspend(thread);
  } else if (next == kNobody) {
    fiber->suspend();
  } else {
    fiber->hand_over(*threads_[next].fiber);
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

void Execution::check_lock_order(ExploredKernel& kernel, const LockState& lock) {
  const std::uint32_t wanted = lock.cls->id;
  for (const LockState* held : kernel.slot_.identity.held) {
    const std::uint32_t has = held->cls->id;
    if (has == wanted || (taken_after_.at(has) >> wanted & 1) != 0) continue;
    if ((taken_after_.at(wanted) >> has & 1) != 0) {
      kernel.violate(
          "lock_order_reversal",
          fmt::format("lock order reversal: {0} is taken with {1} held, elsewhere {0} comes before "
                      "{1}",
                      lock.cls->name, held->cls->name));
    }
    declare_order(has, wanted);
    order_learnt_ = true;
  }
}

}  // namespace sim
