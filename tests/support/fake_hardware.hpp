// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/machine/hardware.hpp"
#include "sim/machine/violation.hpp"

namespace test {

/// Hardware without a machine: a queue of callbacks, and threads that only exist by name. A test
/// decides in `on_interrupt` what an interrupt does.
class FakeHardware : public sim::Hardware {
 public:
  std::function<void(sim::ThreadId)> on_interrupt;
  std::function<void(sim::ThreadId)> on_schedule;
  std::vector<std::string> threads;

  sim::Picoseconds now() const override { return now_; }

  sim::TimerId at(sim::Picoseconds date_ps, std::function<void()> callback) override {
    if (date_ps < now_) throw std::logic_error("callback in the past");
    const sim::TimerId id = ++last_;
    events_.emplace(std::pair(date_ps, id), std::move(callback));
    dates_.emplace(id, date_ps);
    return id;
  }
  void cancel(sim::TimerId timer) override {
    const auto date = dates_.find(timer);
    if (date == dates_.end()) return;
    events_.erase({date->second, timer});
    dates_.erase(date);
  }
  sim::ThreadId spawn(sim::ThreadSpec spec, std::function<void(sim::KernelOps&)>) override {
    threads.push_back(spec.name);
    return static_cast<sim::ThreadId>(threads.size() - 1);
  }
  void interrupt(int, sim::Picoseconds, sim::ThreadId thread) override {
    if (on_interrupt) on_interrupt(thread);
  }
  void schedule(sim::ThreadId thread) override {
    if (on_schedule) on_schedule(thread);
  }
  void interrupt_sleep(sim::ThreadId) override {}
  void counter(const char*, std::int64_t) override {}
  bool records_timeline() const override { return false; }
  [[noreturn]] void violate(std::string kind, std::string message) override {
    throw sim::Violation(std::move(kind), message);
  }

  /// Runs everything up to `end_ps`, which is then the present date.
  void run_until(sim::Picoseconds end_ps) {
    while (!events_.empty() && events_.begin()->first.first <= end_ps) step();
    now_ = end_ps;
  }
  /// Runs until nothing is left to do.
  void run() {
    while (!events_.empty()) step();
  }
  std::size_t pending() const { return events_.size(); }

 private:
  void step() {
    const auto node = events_.extract(events_.begin());
    now_ = node.key().first;
    dates_.erase(node.key().second);
    node.mapped()();
  }

  sim::Picoseconds now_ = 0;
  sim::TimerId last_ = 0;
  std::map<std::pair<sim::Picoseconds, sim::TimerId>, std::function<void()>> events_;
  std::map<sim::TimerId, sim::Picoseconds> dates_;
};

}  // namespace test
