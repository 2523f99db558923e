// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "sim/machine/kernel_ops.hpp"
#include "sim/machine/violation.hpp"

namespace models {

/// For building an initial state with the model's own functions, while nobody else is there: every
/// lock counts as held, and nothing costs anything.
class SetupKernel final : public sim::KernelOps {
 public:
  std::uint32_t thread_id() const override { return 0; }
  std::string_view thread_name() const override { return "setup"; }
  int core() const override { return 0; }
  sim::Picoseconds now() override { return 0; }
  void spend(sim::Work, sim::Picoseconds) override {}
  void spend_exactly(sim::Work, sim::Picoseconds) override {}
  void touch(sim::CacheLine&, sim::Work) override {}
  void lock(sim::Mutex&, const sim::LockPoint&) override {}
  bool try_lock(sim::Mutex&, const sim::LockPoint&) override { return true; }
  void unlock(sim::Mutex&) override {}
  void destroy(sim::Mutex&) override {}
  bool owns(const sim::Mutex&) const override { return true; }
  sim::WakeReason sx_xlock(sim::Sx&, const sim::LockPoint&, sim::Interruptible) override {
    return sim::WakeReason::woken;
  }
  bool sx_try_xlock(sim::Sx&, const sim::LockPoint&) override { return true; }
  void sx_xunlock(sim::Sx&) override {}
  void sx_destroy(sim::Sx&) override {}
  void access(const sim::SharedMemory&, sim::Access) override {}
  void unlocked_access(const sim::SharedMemory&, sim::Access) override {}
  sim::WakeReason sleep(sim::WaitChannel&, sim::Mutex&, const sim::LockPoint&, int,
                        sim::Interruptible) override {
    return sim::WakeReason::woken;
  }
  void wakeup(sim::WaitChannel&) override {}
  void wakeup_one(sim::WaitChannel&) override {}
  void pause(sim::Picoseconds) override {}
  void signal(std::uint32_t) override {}
  void poll_again(sim::Picoseconds) override {}
  void await_interrupt() override {}
  void copy_out(std::int64_t, sim::Picoseconds) override {}
  bool chance(std::string_view, double) override { return false; }
  void note(const char*, const char*, std::int64_t) override {}
  [[noreturn]] void violate(std::string_view kind, std::string message) override {
    throw sim::Violation(std::string(kind), message);
  }
  void user_return() override {}
};

}  // namespace models
