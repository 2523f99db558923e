// SPDX-License-Identifier: BSD-2-Clause
#include "sim/machine/timed_kernel.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/assert.hpp"
#include "sim/machine/timed_kernel_inline.hpp"

namespace sim {
Picoseconds TimedKernel::now() {
  flush();
  return context_.engine.now();
}

void TimedKernel::spend(Work work, Picoseconds cost_ps) {
  SIM_ASSERT(cost_ps >= 0, "work cannot take negative time");
  bill(work, vary(cost_ps));
}

void TimedKernel::spend_exactly(Work work, Picoseconds duration_ps) {
  SIM_ASSERT(duration_ps >= 0, "work cannot take negative time");
  bill(work, duration_ps);
}

void TimedKernel::touch(CacheLine& line, Work work) {
  if (const Picoseconds cost = fetch(line); cost > 0) bill(work, vary(cost));
}

void TimedKernel::copy_out(std::int64_t bytes, Picoseconds cost_ps) {
  for (const LockState* held : thread_.held) {
    if (held->cls->kind == LockKind::sx) continue;
    violate("copyout_with_mutex",
            fmt::format("panic: copyout with mutex {} held", held->cls->name));
  }
  trace("copyout", "bytes", bytes);
  bill(Work::copy, vary(cost_ps));
  flush();
}

// --- sleepqueue(9)
// --------------------------------------------------------------------------------

WakeReason TimedKernel::sleep(WaitChannel& channel, Mutex& interlock, const LockPoint& relock,
                              int priority, Interruptible interruptible) {
  SIM_ASSERT(owns(interlock), "msleep needs its interlock");
  trace("sleep", channel.name);
  bill(Work::wakeup, vary(costs().sleepq_sleep_ps));
  flush();
  thread_.woken = false;
  channel.sleepers.push_back(&thread_);
  thread_.asleep_on = &channel;
  thread_.waits_since_ps = context_.engine.now();
  unlock(interlock);
  const bool may_signal = interruptible == Interruptible::yes;
  if (!thread_.woken && !(may_signal && thread_.signalled)) {
    thread_.kernel_priority = priority;
    thread_.catches_signals = may_signal;
    context_.scheduler.block(thread_, ThreadState::sleeping);
  }
  thread_.asleep_on = nullptr;
  WakeReason reason = WakeReason::woken;
  if (!thread_.woken) {
    channel.sleepers.erase(std::find(channel.sleepers.begin(), channel.sleepers.end(), &thread_));
    thread_.signalled = false;
    reason = WakeReason::interrupted;
  }
  lock(interlock, relock);
  return reason;
}

void TimedKernel::wake(WaitChannel& channel, std::size_t at_most) {
  flush();  // who sleeps is known only once the work before it is done
  std::size_t count = std::min(at_most, channel.sleepers.size());
  bill(Work::wakeup, vary(count == 0 ? costs().sleepq_check_ps
                                     : costs().sleepq_wake_ps * static_cast<Picoseconds>(count)));
  flush();
  count = std::min(at_most, channel.sleepers.size());
  if (count > 0) trace("wakeup", channel.name, static_cast<std::int64_t>(count));
  for (; count > 0; --count) {
    Thread& sleeper = *channel.sleepers.front();
    channel.sleepers.erase(channel.sleepers.begin());
    sleeper.woken = true;
    if (sleeper.state != ThreadState::sleeping) continue;  // it has not given up its core yet
    context_.scheduler.raise_to_kernel_priority(sleeper);
    context_.scheduler.make_ready(sleeper, thread_.core);
  }
  context_.scheduler.settle(thread_);
}

void TimedKernel::pause(Picoseconds duration_ps) {
  SIM_ASSERT(duration_ps >= 0, "a pause cannot take negative time");
  flush();
  const Picoseconds end = context_.engine.now() + duration_ps;
  context_.engine.at(end, [this] { context_.scheduler.make_ready(thread_, thread_.core); });
  thread_.catches_signals = false;
  context_.scheduler.block(thread_, ThreadState::sleeping);
}

void TimedKernel::signal(std::uint32_t thread) {
  flush();
  trace("signal", "");
  context_.hardware.interrupt_sleep(thread);
  context_.scheduler.settle(thread_);
}

void TimedKernel::await_interrupt() {
  flush();
  if (!thread_.interrupt_pending) context_.scheduler.block(thread_, ThreadState::idle);
  thread_.interrupt_pending = false;
}

void TimedKernel::user_return() {
  thread_.signalled = false;  // its handler runs
  flush();
  if (thread_.kernel_priority != 0) {
    thread_.kernel_priority = 0;
    restore_priority();
  }
  context_.scheduler.return_to_user(thread_);
}

// --- chance and observation
// -----------------------------------------------------------------------

bool TimedKernel::chance(std::string_view what, double p) {
  (void)what;
  if (p <= 0.0) return false;
  return p >= 1.0 || stream_.chance(p);
}

void TimedKernel::note(const char* what, const char* object, std::int64_t amount) {
  context_.trail.milestone(context_.engine.now() + thread_.pending.total_ps(), thread_.id,
                           thread_.core, what, object,
                           amount == 0 ? TrailEntry::kNoAmount : amount);
}

void TimedKernel::violate(std::string_view kind, std::string message) {
  throw Violation(std::string(kind), message);
}

}  // namespace sim
