// SPDX-License-Identifier: BSD-2-Clause
#include "sim/machine/machine.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "sim/base/assert.hpp"
#include "sim/machine/hang.hpp"
#include "sim/machine/machine_timeline.hpp"

namespace sim {
namespace {

constexpr std::size_t kTrailLength = 40;

/// A thread that hangs for this part of the run, to its end, is taken for deadlocked.
constexpr Picoseconds kHangFraction = 4;

/// hz = 1000, the default of amd64 and i386 [S: sys/param.h].
constexpr Picoseconds kClockTick = kMillisecond;

const char* describe(ThreadState state) {
  switch (state) {
    case ThreadState::ready:
      return "is ready to run";
    case ThreadState::running:
      return "runs";
    case ThreadState::blocked:
      return "is blocked";
    case ThreadState::sleeping:
      return "sleeps";
    case ThreadState::idle:
      return "awaits an interrupt";
    case ThreadState::done:
      return "is done";
  }
  return "?";
}

}  // namespace

Machine::Machine(Engine& engine, Options options)
    : engine_(engine),
      options_(std::move(options)),
      accounting_(options_.warmup_ps, options_.horizon_ps),
      profile_(options_.profile),
      scheduler_(engine, accounting_, options_.scheduler),
      context_{engine, scheduler_, profile_, trail_, *this, nullptr, options_.cost_cv},
      timeline_(options_.timeline) {
  if (options_.scheduler.costs.sched_tick_ps > 0) {
    every(kClockTick, [this] { scheduler_.tick(); });
  }
  scheduler_.on_stopped([this](Thread& stopped) { look_again(stopped); });
  if (timeline_ != nullptr) {
    machine_timeline_ = std::make_unique<MachineTimeline>(*timeline_);
    scheduler_.observe(machine_timeline_.get());
    context_.observer = machine_timeline_.get();
  }
  engine_.at(options_.warmup_ps, [this] { end_warmup(); });
}

Machine::~Machine() = default;

TimerId Machine::at(Picoseconds date_ps, std::function<void()> callback) {
  return engine_.at(date_ps, std::move(callback));
}

std::uint32_t Machine::role_id(std::string_view role) {
  const auto known = std::find(roles_.begin(), roles_.end(), role);
  if (known == roles_.end()) {
    roles_.emplace_back(role);
    return static_cast<std::uint32_t>(roles_.size() - 1);
  }
  return static_cast<std::uint32_t>(known - roles_.begin());
}

ThreadId Machine::spawn(ThreadSpec spec, std::function<void(KernelOps&)> body) {
  return spawn_with_role(spec, spec.name, std::move(body));
}

ThreadId Machine::spawn_with_role(const ThreadSpec& spec, std::string_view role,
                                  std::function<void(KernelOps&)> body) {
  Slot& slot = threads_.emplace_back();
  Thread& thread = slot.thread;
  thread.id = static_cast<std::uint32_t>(threads_.size() - 1);
  thread.name = spec.name;
  thread.role = role_id(role);
  thread.base_priority = thread.priority = spec.priority;
  thread.pinned = spec.core;
  slot.kernel = std::make_unique<TimedKernel>(
      context_, thread, Stream(options_.seed, options_.replication, "thread:" + thread.name));
  thread.task = &engine_.spawn(spec.name, spec.daemon, [this, &slot, work = std::move(body)] {
    try {
      scheduler_.settle(slot.thread);
      work(*slot.kernel);
      scheduler_.work_off(slot.thread);
      scheduler_.finish(slot.thread);
    } catch (const std::exception&) {
      if (incident_thread_.empty()) incident_thread_ = slot.thread.name;
      throw;
    }
  });
  if (machine_timeline_) machine_timeline_->add_thread(thread);
  scheduler_.start(thread);
  return thread.id;
}

void Machine::interrupt(int core, Picoseconds filter_ps, ThreadId ithread) {
  const int on = options_.scheduler.core_per_thread ? threads_[ithread].thread.core : core;
  Thread& thread = threads_[ithread].thread;
  scheduler_.interrupt(on, filter_ps, [this, &thread] { wake_idle(thread, thread.core); });
}

void Machine::schedule(ThreadId id) {
  Thread& thread = threads_[id].thread;
  const int waker = scheduler_.executing_core();
  wake_idle(thread, waker >= 0 ? waker : thread.core);
}

void Machine::interrupt_sleep(ThreadId id) {
  Thread& thread = threads_[id].thread;
  if (thread.state == ThreadState::done || scheduler_.in_user_mode(thread)) return;
  thread.signalled = true;
  if (thread.state != ThreadState::sleeping || !thread.catches_signals) return;
  if (thread.asleep_on != nullptr) scheduler_.raise_to_kernel_priority(thread);
  const int waker = scheduler_.executing_core();
  scheduler_.make_ready(thread, waker >= 0 ? waker : thread.core);
}

void Machine::wake_idle(Thread& thread, int waker_core) {
  thread.interrupt_pending = true;
  if (thread.state == ThreadState::idle) scheduler_.make_ready(thread, waker_core);
}

void Machine::counter(const char* name, std::int64_t value) {
  if (timeline_ != nullptr) timeline_->counter(name, engine_.now(), value);
}

void Machine::violate(std::string kind, std::string message) {
  throw Violation(std::move(kind), message);
}

void Machine::every(Picoseconds interval_ps, std::function<void()> callback) {
  ++housekeeping_;
  engine_.at(engine_.now() + interval_ps, [this, interval_ps, again = std::move(callback)] {
    --housekeeping_;
    again();
    if (engine_.now() < options_.horizon_ps) every(interval_ps, again);
  });
}

void Machine::end_warmup() {
  profile_.reset(engine_.now());
  scheduler_.reset_statistics();
  for (const auto& hook : warmup_hooks_) hook();
}

/// Whoever spins on a lock of a thread that stopped running has to decide anew.
void Machine::look_again(Thread& stopped) {
  for (const LockState* held : stopped.held) {
    for (Thread* spinner : held->spinners) scheduler_.poke(*spinner);
  }
}

std::vector<std::string> Machine::thread_names() const {
  std::vector<std::string> names;
  for (const Slot& slot : threads_) names.push_back(slot.thread.name);
  return names;
}

const RunQueueStats* Machine::run_queue_stats(std::string_view role) const {
  const auto known = std::find(roles_.begin(), roles_.end(), role);
  if (known == roles_.end()) return nullptr;
  return &scheduler_.run_queue_stats(static_cast<std::uint32_t>(known - roles_.begin()));
}

Incident Machine::incident(std::string kind, std::string message) const {
  return Incident{std::move(kind), std::move(message), engine_.now(), incident_thread_,
                  trail_.merged(kTrailLength)};
}

void Machine::report_stuck(RunResult& result) const {
  std::string message = "nothing is left that could happen:";
  for (const Slot& slot : threads_) {
    const Thread& thread = slot.thread;
    if (thread.state == ThreadState::done || thread.state == ThreadState::idle) continue;
    message += fmt::format(" {} {}", thread.name, describe(thread.state));
    if (thread.waiting_for) message += fmt::format(" for {}", thread.waiting_for->cls->name);
    message += ';';
  }
  message.pop_back();
  result.verdict = Verdict::deadlock;
  result.incidents.push_back(incident("deadlock", message));
}

/// Whether anything but housekeeping would go on after the end of the run.
bool Machine::something_may_happen() const {
  const auto goes_on = [](const Slot& slot) {
    const Thread& thread = slot.thread;
    return thread.state == ThreadState::ready ||
           (thread.state == ThreadState::running && !thread.spinning);
  };
  return engine_.pending() > housekeeping_ ||
         std::any_of(threads_.begin(), threads_.end(), goes_on);
}

/// Timers and traffic go on at the horizon; a thread may yet be stuck for ever.
void Machine::report_hangs(RunResult& result) const {
  std::vector<const Thread*> threads;
  threads.reserve(threads_.size());
  for (const Slot& slot : threads_) threads.push_back(&slot.thread);
  const bool certain = !something_may_happen();
  const Picoseconds now = engine_.now();
  for (const Thread* thread : threads) {
    if (thread->task->daemon) continue;
    std::optional<Hang> hang = find_hang(*thread, threads);
    if (!hang) continue;
    hang->chain += ": nobody woke it to the end of the run";
    if (certain || now - hang->since_ps >= options_.horizon_ps / kHangFraction) {
      result.verdict = Verdict::deadlock;
      result.incidents.push_back(incident("deadlock", hang->chain));
      result.incidents.back().thread = thread->name;
    } else {
      result.warnings.push_back(std::move(hang->chain));
    }
  }
}

RunResult Machine::run() {
  RunResult result;
  try {
    if (engine_.run(options_.horizon_ps) == RunOutcome::stuck) {
      report_stuck(result);
    } else {
      report_hangs(result);
    }
  } catch (const Violation& violation) {
    result.verdict = Verdict::violation;
    result.incidents.push_back(incident(violation.kind(), violation.what()));
  } catch (const Deadlock& deadlock) {
    result.verdict = Verdict::deadlock;
    result.incidents.push_back(incident("deadlock", deadlock.what()));
  }
  result.end_ps = engine_.now();
  if (result.end_ps < options_.warmup_ps) profile_.reset(result.end_ps);
  scheduler_.close_accounts();
  accounting_.close(result.end_ps);
  profile_.close(result.end_ps);
  if (machine_timeline_) machine_timeline_->close(result.end_ps);
  return result;
}

}  // namespace sim
