// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sim/machine/hardware.hpp"
#include "sim/machine/violation.hpp"
#include "tests/support/scripted_kernel.hpp"

namespace test {

/// Hardware without a machine: callbacks wait until the test lets time pass; threads run at once,
/// to their end, on the scripted kernel.
class ScriptedHardware final : public sim::Hardware {
 public:
  explicit ScriptedHardware(ScriptedKernel& kernel) : kernel_(kernel) {}

  /// Runs every callback up to `date`.
  void run_until(sim::Picoseconds date) {
    while (!pending_.empty() && pending_.begin()->first <= date) {
      const auto first = pending_.begin();
      now_ = first->first;
      const auto callback = std::move(first->second);
      pending_.erase(first);
      callback();
    }
    now_ = date;
  }
  std::size_t pending() const { return pending_.size(); }
  std::vector<sim::ThreadSpec> spawned;
  std::vector<sim::ThreadId> signalled;

  sim::Picoseconds now() const override { return now_; }
  sim::TimerId at(sim::Picoseconds date_ps, std::function<void()> callback) override {
    pending_.emplace(date_ps, std::move(callback));
    return 1;
  }
  void cancel(sim::TimerId) override {}
  sim::ThreadId spawn(sim::ThreadSpec spec, std::function<void(sim::KernelOps&)> body) override {
    const auto id = static_cast<sim::ThreadId>(200 + spawned.size());
    const int core = spec.core;
    spawned.push_back(std::move(spec));
    kernel_.as(id, core, [&] { body(kernel_); });
    return id;
  }
  void interrupt(int, sim::Picoseconds, sim::ThreadId) override {}
  void schedule(sim::ThreadId) override {}
  void interrupt_sleep(sim::ThreadId thread) override { signalled.push_back(thread); }
  void counter(const char*, std::int64_t) override {}
  bool records_timeline() const override { return false; }
  [[noreturn]] void violate(std::string kind, std::string message) override {
    throw sim::Violation(std::move(kind), message);
  }

 private:
  ScriptedKernel& kernel_;
  sim::Picoseconds now_ = 0;
  std::multimap<sim::Picoseconds, std::function<void()>> pending_;
};

}  // namespace test
