// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/engine/engine.hpp"
#include "sim/machine/hardware.hpp"
#include "sim/machine/scheduler.hpp"
#include "sim/machine/timed_kernel.hpp"
#include "sim/observe/cpu_accounting.hpp"
#include "sim/observe/lock_profile.hpp"
#include "sim/observe/timeline.hpp"
#include "sim/observe/trail.hpp"

namespace sim {

class MachineTimeline;

/// How a run of the machine ended.
enum class Verdict : std::uint8_t { completed, violation, deadlock };

constexpr std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::completed:
      return "completed";
    case Verdict::violation:
      return "violation";
    case Verdict::deadlock:
      return "deadlock";
  }
  return "?";
}

/// What happened, when the run did not complete.
struct Incident {
  std::string kind;
  std::string message;
  Picoseconds at_ps = 0;
  std::string thread;             ///< empty when a device found it
  std::vector<TrailEntry> trail;  ///< who did what on which core, oldest first
};

struct RunResult {
  Verdict verdict = Verdict::completed;
  std::vector<Incident> incidents;
  std::vector<std::string> warnings;  ///< of a run that completed: threads that may hang
  Picoseconds end_ps = 0;             ///< the date at which the run ended
};

/// A simulated SMP machine: cores, threads, locks and time, and nothing of sockets.
class Machine final : public Hardware {
 public:
  struct Options {
    Scheduler::Options scheduler;
    double cost_cv = 0.0;
    std::uint64_t seed = 1;
    std::uint32_t replication = 0;
    LockProfile::Options profile;
    Picoseconds warmup_ps = 0;     ///< measured values start here
    Picoseconds horizon_ps = 0;    ///< the run ends here
    Timeline* timeline = nullptr;  ///< records when not null
  };

  /// `engine` has not run yet and outlives the machine.
  Machine(Engine& engine, Options options);
  ~Machine() override;

  // --- Hardware
  // -----------------------------------------------------------------------------------
  Picoseconds now() const override { return engine_.now(); }
  TimerId at(Picoseconds date_ps, std::function<void()> callback) override;
  void cancel(TimerId timer) override { engine_.cancel(timer); }
  ThreadId spawn(ThreadSpec spec, std::function<void(KernelOps&)> body) override;
  void interrupt(int core, Picoseconds filter_ps, ThreadId ithread) override;
  void schedule(ThreadId id) override;
  void interrupt_sleep(ThreadId id) override;
  void counter(const char* name, std::int64_t value) override;
  bool records_timeline() const override { return timeline_ != nullptr; }
  [[noreturn]] void violate(std::string kind, std::string message) override;

  // --- building
  // -----------------------------------------------------------------------------------
  LockProfile& lock_profile() { return profile_; }
  /// Threads of one role share blame and run-queue statistics; by default a thread is its own role.
  ThreadId spawn_with_role(const ThreadSpec& spec, std::string_view role,
                           std::function<void(KernelOps&)> body);
  /// Called at the end of the warm-up, after the machine's own statistics were reset.
  void on_warmup_end(std::function<void()> callback) {
    warmup_hooks_.push_back(std::move(callback));
  }
  /// Called every `interval_ps` from date 0 on (for the series of the warm-up check).
  void every(Picoseconds interval_ps, std::function<void()> callback);

  /// Runs to the horizon, or to the violation or deadlock. Checks the always-true identities.
  RunResult run();
  /// Something that was found after the run, with the trail of what went before.
  Incident incident(std::string kind, std::string message) const;

  // --- results
  // ------------------------------------------------------------------------------------
  const CpuAccounting& cpu_accounting() const { return accounting_; }
  const LockProfile& lock_profile() const { return profile_; }
  int cores() const { return scheduler_.cores(); }
  const std::vector<std::string>& roles() const { return roles_; }
  std::vector<std::string> thread_names() const;
  /// Null when no thread had that role.
  const RunQueueStats* run_queue_stats(std::string_view role) const;
  Picoseconds warmup_ps() const { return options_.warmup_ps; }

 private:
  struct Slot {
    Thread thread;
    std::unique_ptr<TimedKernel> kernel;
  };

  void wake_idle(Thread& thread, int waker_core);
  void end_warmup();
  void look_again(Thread& stopped);
  std::uint32_t role_id(std::string_view role);
  void report_stuck(RunResult& result) const;
  void report_hangs(RunResult& result) const;
  bool something_may_happen() const;

  Engine& engine_;
  Options options_;
  CpuAccounting accounting_;
  LockProfile profile_;
  Trail trail_;
  Scheduler scheduler_;
  TimedContext context_;
  Timeline* timeline_;
  std::unique_ptr<MachineTimeline> machine_timeline_;
  std::deque<Slot> threads_;
  std::vector<std::string> roles_;
  std::vector<std::function<void()>> warmup_hooks_;
  std::string incident_thread_;
  std::size_t housekeeping_ = 0;  ///< timers of every() that are set
};

}  // namespace sim
