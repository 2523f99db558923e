// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/machine/kernel_ops.hpp"
#include "sim/machine/violation.hpp"

namespace test {

/// Kernel operations without a machine: executes at once, in the caller's thread, and records. A
/// test plays the other threads by running their code at a chosen operation (`before`), as another
/// thread (`as`). A lock that would have to wait, or a sleep that no script answers, is a
/// StuckError.
class ScriptedKernel final : public sim::KernelOps {
 public:
  struct StuckError : std::runtime_error {
    using std::runtime_error::runtime_error;
  };

  /// Runs `action` before the `nth` (from 1) operation named `op`, once. Operations: "copy_out",
  /// "lock:POINT", "unlock:CLASS", "sx_xlock", "sleep:CHANNEL", "pause".
  void before(const std::string& op, int nth, std::function<void()> action) {
    hooks_[op].push_back({nth, std::move(action)});
  }
  /// Runs `body` as another thread.
  void as(std::uint32_t thread, int core, const std::function<void()>& body) {
    const auto saved_thread = thread_;
    const int saved_core = core_;
    thread_ = thread;
    core_ = core;
    body();
    thread_ = saved_thread;
    core_ = saved_core;
  }

  int locked_at(std::string_view point) const {
    const auto found = locks_.find(std::string(point));
    return found == locks_.end() ? 0 : found->second;
  }
  /// Acquisitions of all mutexes of a class.
  int locked_class(std::string_view name) const {
    const auto found = classes_.find(std::string(name));
    return found == classes_.end() ? 0 : found->second;
  }
  int count(const std::string& op) const {
    const auto found = counts_.find(op);
    return found == counts_.end() ? 0 : found->second;
  }
  void forget() {
    locks_.clear();
    classes_.clear();
    counts_.clear();
    spent_under_.clear();
  }
  /// Frees recorded while a mutex was held, by class ("" for none held): picoseconds spent.
  sim::Picoseconds spent_under(const std::string& mutex_class) { return spent_under_[mutex_class]; }
  bool holds_nothing() const { return held_.empty() && sx_held_.empty(); }
  const std::vector<std::string>& notes() const { return notes_; }
  /// The answer of chance(); false when empty.
  std::function<bool(double)> dice;

  std::uint32_t thread_id() const override { return thread_; }
  std::string_view thread_name() const override { return "scripted"; }
  int core() const override { return core_; }
  sim::Picoseconds now() override { return now_; }
  void spend(sim::Work, sim::Picoseconds cost_ps) override {
    now_ += cost_ps;
    std::string under;
    for (const auto& [mutex, thread] : held_) {
      if (thread == thread_) under = mutex->cls->name;
    }
    spent_under_[under] += cost_ps;
  }
  void spend_exactly(sim::Work work, sim::Picoseconds duration_ps) override {
    spend(work, duration_ps);
  }
  void touch(sim::CacheLine& line, sim::Work) override {
    line.last_core = static_cast<std::int16_t>(core_);
  }

  void lock(sim::Mutex& mutex, const sim::LockPoint& at) override {
    step(std::string("lock:") + at.name);
    if (mutex.destroyed) {
      violate("destroyed_lock",
              "mtx_lock() of destroyed mutex " + mutex.cls->name + " @ " + at.name);
    }
    const auto holder = held_.find(&mutex);
    if (holder != held_.end()) {
      if (holder->second == thread_) violate("recursed_lock", mutex.cls->name);
      throw StuckError("waits for mutex " + mutex.cls->name + " at " + at.name);
    }
    held_[&mutex] = thread_;
    ++locks_[at.name];
    ++classes_[mutex.cls->name];
  }
  bool try_lock(sim::Mutex& mutex, const sim::LockPoint& at) override {
    if (held_.contains(&mutex)) return false;
    lock(mutex, at);
    return true;
  }
  void unlock(sim::Mutex& mutex) override {
    if (!owns(mutex)) violate("not_owner", mutex.cls->name);
    held_.erase(&mutex);
    step("unlock:" + mutex.cls->name);
  }
  bool owns(const sim::Mutex& mutex) const override {
    const auto holder = held_.find(const_cast<sim::Mutex*>(&mutex));
    return holder != held_.end() && holder->second == thread_;
  }
  void destroy(sim::Mutex& mutex) override { mutex.destroyed = true; }
  void sx_destroy(sim::Sx& sx) override { sx.destroyed = true; }
  void access(const sim::SharedMemory&, sim::Access) override {}
  void unlocked_access(const sim::SharedMemory&, sim::Access) override {}
  sim::WakeReason sx_xlock(sim::Sx& sx, const sim::LockPoint&, sim::Interruptible) override {
    step("sx_xlock");
    if (sx.destroyed) violate("destroyed_lock", sx.cls->name);
    if (sx_held_.contains(&sx)) throw StuckError("waits for sx " + sx.cls->name);
    sx_held_[&sx] = thread_;
    return sim::WakeReason::woken;
  }
  bool sx_try_xlock(sim::Sx& sx, const sim::LockPoint&) override {
    if (sx_held_.contains(&sx)) return false;
    sx_held_[&sx] = thread_;
    return true;
  }
  void sx_xunlock(sim::Sx& sx) override {
    if (sx_held_.erase(&sx) == 0) violate("not_owner", sx.cls->name);
    step("sx_xunlock");
  }
  /// Others run in a hook before "sleep:CHANNEL", with the interlock released; then the sleeper
  /// must have been woken.
  sim::WakeReason sleep(sim::WaitChannel& channel, sim::Mutex& interlock,
                        const sim::LockPoint& relock, int, sim::Interruptible) override {
    if (!owns(interlock)) violate("not_owner", interlock.cls->name);
    held_.erase(&interlock);
    asleep_[&channel] = true;
    const std::uint32_t sleeper = thread_;
    step(std::string("sleep:") + channel.name);
    thread_ = sleeper;
    if (interrupt_next_sleep) {
      interrupt_next_sleep = false;
      asleep_[&channel] = false;
      lock(interlock, relock);
      return sim::WakeReason::interrupted;
    }
    if (asleep_[&channel]) throw StuckError(std::string("sleeps for ever on ") + channel.name);
    lock(interlock, relock);
    return sim::WakeReason::woken;
  }
  void wakeup(sim::WaitChannel& channel) override {
    step(std::string("wakeup:") + channel.name);
    asleep_[&channel] = false;
  }
  void wakeup_one(sim::WaitChannel& channel) override { wakeup(channel); }
  void pause(sim::Picoseconds duration_ps) override {
    step("pause");
    now_ += duration_ps;
  }
  void signal(std::uint32_t) override {}
  void poll_again(sim::Picoseconds interval_ps) override { pause(interval_ps); }
  void await_interrupt() override {}
  void copy_out(std::int64_t bytes, sim::Picoseconds cost_ps) override {
    for (const auto& [mutex, thread] : held_) {
      if (thread == thread_) violate("copyout_with_mutex", mutex->cls->name);
    }
    step("copy_out");
    now_ += cost_ps;
    copied_bytes += bytes;
  }
  bool chance(std::string_view, double p) override {
    if (p <= 0.0) return false;
    if (p >= 1.0) return true;
    return dice ? dice(p) : false;
  }
  void note(const char* what, const char*, std::int64_t) override { notes_.emplace_back(what); }
  [[noreturn]] void violate(std::string_view kind, std::string message) override {
    throw sim::Violation(std::string(kind), message);
  }
  void user_return() override {}

  bool interrupt_next_sleep = false;
  std::int64_t copied_bytes = 0;

 private:
  struct Hook {
    int nth;
    std::function<void()> action;
  };

  void step(const std::string& op) {
    const int n = ++counts_[op];
    const auto hooks = hooks_.find(op);
    if (hooks == hooks_.end()) return;
    for (Hook& hook : hooks->second) {
      if (hook.nth != n || !hook.action) continue;
      const auto action = std::move(hook.action);
      hook.action = nullptr;
      action();
      return;  // the hook may have added others
    }
  }

  std::uint32_t thread_ = 0;
  int core_ = 1;
  sim::Picoseconds now_ = 0;
  std::map<sim::Mutex*, std::uint32_t> held_;
  std::map<sim::Sx*, std::uint32_t> sx_held_;
  std::map<sim::WaitChannel*, bool> asleep_;
  std::map<std::string, int> locks_;
  std::map<std::string, int> classes_;
  std::map<std::string, int> counts_;
  std::map<std::string, sim::Picoseconds> spent_under_;
  std::map<std::string, std::vector<Hook>> hooks_;
  std::vector<std::string> notes_;
};

}  // namespace test
