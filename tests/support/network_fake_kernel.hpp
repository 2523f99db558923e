// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sim/machine/kernel_ops.hpp"
#include "sim/machine/violation.hpp"
#include "tests/support/fake_hardware.hpp"

namespace test {

/// One thread that is never disturbed: locks are only recorded, costs only added up, time stands
/// still.
class FakeKernel : public sim::KernelOps {
 public:
  explicit FakeKernel(FakeHardware& hw) : hw_(&hw) {}

  std::map<std::string, int> acquisitions;  ///< by acquisition point
  std::vector<std::string> held;            ///< names of the lock classes held now, in order
  std::vector<std::string> history;         ///< "+name" and "-name"
  std::array<sim::Picoseconds, sim::kWorkCount> spent{};

  std::uint32_t thread_id() const override { return 0; }
  std::string_view thread_name() const override { return "fake"; }
  int core() const override { return 0; }
  sim::Picoseconds now() override { return hw_->now(); }
  void spend(sim::Work work, sim::Picoseconds cost_ps) override {
    if (cost_ps < 0) throw std::logic_error("negative cost");
    spent.at(static_cast<std::size_t>(work)) += cost_ps;
  }
  void spend_exactly(sim::Work work, sim::Picoseconds duration_ps) override {
    spend(work, duration_ps);
  }
  void touch(sim::CacheLine& line, sim::Work) override { line.last_core = 0; }

  void lock(sim::Mutex& mutex, const sim::LockPoint& at) override {
    if (mutex.destroyed) violate("destroyed_lock", mutex.cls->name);
    if (owns(mutex)) violate("recursed_lock", mutex.cls->name);
    owned_.push_back(&mutex);
    held.push_back(mutex.cls->name);
    history.push_back("+" + mutex.cls->name);
    ++acquisitions[at.name];
  }
  bool try_lock(sim::Mutex& mutex, const sim::LockPoint& at) override {
    lock(mutex, at);
    return true;
  }
  void unlock(sim::Mutex& mutex) override {
    for (std::size_t i = 0; i < owned_.size(); ++i) {
      if (owned_[i] != &mutex) continue;
      owned_.erase(owned_.begin() + static_cast<std::ptrdiff_t>(i));
      held.erase(held.begin() + static_cast<std::ptrdiff_t>(i));
      history.push_back("-" + mutex.cls->name);
      return;
    }
    violate("not_owner", mutex.cls->name);
  }
  bool owns(const sim::Mutex& mutex) const override {
    for (const sim::Mutex* m : owned_) {
      if (m == &mutex) return true;
    }
    return false;
  }
  void destroy(sim::Mutex& mutex) override { mutex.destroyed = true; }
  void sx_destroy(sim::Sx& sx) override { sx.destroyed = true; }
  void access(const sim::SharedMemory&, sim::Access) override {}
  void unlocked_access(const sim::SharedMemory&, sim::Access) override {}
  sim::WakeReason sx_xlock(sim::Sx&, const sim::LockPoint&, sim::Interruptible) override {
    return sim::WakeReason::woken;
  }
  bool sx_try_xlock(sim::Sx&, const sim::LockPoint&) override { return true; }
  void sx_xunlock(sim::Sx&) override {}
  sim::WakeReason sleep(sim::WaitChannel&, sim::Mutex&, const sim::LockPoint&, int,
                        sim::Interruptible) override {
    throw std::logic_error("the fake thread cannot sleep");
  }
  void wakeup(sim::WaitChannel&) override {}
  void wakeup_one(sim::WaitChannel&) override {}
  void pause(sim::Picoseconds) override { throw std::logic_error("the fake thread cannot pause"); }
  void signal(std::uint32_t) override {}
  void poll_again(sim::Picoseconds interval_ps) override { pause(interval_ps); }
  void await_interrupt() override { throw std::logic_error("the fake thread cannot wait"); }
  void copy_out(std::int64_t, sim::Picoseconds cost_ps) override {
    spend(sim::Work::copy, cost_ps);
  }
  bool chance(std::string_view, double p) override { return p >= 1.0; }
  void note(const char*, const char*, std::int64_t) override {}
  [[noreturn]] void violate(std::string_view kind, std::string message) override {
    throw sim::Violation(std::string(kind), message);
  }
  void user_return() override {}

 private:
  FakeHardware* hw_;
  std::vector<const sim::Mutex*> owned_;
};

}  // namespace test
