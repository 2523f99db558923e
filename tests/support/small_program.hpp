// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/random.hpp"
#include "sim/explore/footprint.hpp"
#include "sim/explore/program.hpp"

namespace test {

/// A program of a few threads on a few locks and a few variables, for testing searches. Its final
/// state is what the variables hold, in the order in which each was written, and how threads ended.
class SmallProgram final : public sim::Program {
 public:
  SmallProgram(std::size_t mutexes, std::size_t variables)
      : mutex_count_(mutexes), variable_count_(variables) {}

  void thread(std::function<void(sim::KernelOps&)> body) { bodies_.push_back(std::move(body)); }
  sim::Mutex& mutex(std::size_t i) { return state_->mutexes.at(i); }
  sim::WaitChannel& channel() { return state_->channel; }
  sim::Sx& sx() { return state_->sx; }
  /// What a thread has learnt without looking at a variable goes into the final state, too.
  void learnt(sim::KernelOps& k, std::uint64_t value) { mix(k, value); }

  /// A look or a change without any lock. What is read goes into the final state, too.
  void read(sim::KernelOps& k, std::size_t variable) {
    k.unlocked_access(state_->memories.at(variable), sim::Access::read);
    mix(k, state_->values.at(variable));
  }
  void write(sim::KernelOps& k, std::size_t variable) {
    k.unlocked_access(state_->memories.at(variable), sim::Access::write);
    assign(k, variable);
  }
  /// The same without a point, as part of the step before.
  void write_along(sim::KernelOps& k, std::size_t variable) {
    k.access(state_->memories.at(variable), sim::Access::write);
    assign(k, variable);
  }
  void read_along(sim::KernelOps& k, std::size_t variable) {
    k.access(state_->memories.at(variable), sim::Access::read);
    mix(k, state_->values.at(variable));
  }
  bool flag() const { return state_->flag; }
  void set_flag(bool value) { state_->flag = value; }

  std::size_t threads() const override { return bodies_.size(); }
  std::string_view thread_name(std::size_t thread) const override {
    static constexpr const char* kNames = "T0T1T2T3T4T5T6T7";
    return {kNames + 2 * thread, 2};
  }
  void reset() override {
    state_ = std::make_unique<State>();
    sim::Numbering numbering;
    for (std::size_t i = 0; i < mutex_count_; ++i) {
      state_->classes.push_back({.name = "L" + std::to_string(i),
                                 .kind = sim::LockKind::adaptive,
                                 .id = static_cast<std::uint32_t>(i)});
    }
    for (auto& cls : state_->classes) numbering.add(state_->mutexes.emplace_back(cls));
    numbering.add(state_->channel);
    numbering.add(state_->sx);
    for (std::size_t i = 0; i < variable_count_; ++i) {
      numbering.add(state_->memories.emplace_back("variable"));
      state_->values.push_back(i);
    }
    state_->seen.assign(bodies_.size(), 0);
  }
  void run(std::size_t thread, sim::KernelOps& k) override { bodies_.at(thread)(k); }
  std::optional<sim::Finding> judge_end(std::span<const sim::ThreadEnd> ends) override {
    for (const sim::ThreadEnd& end : ends) {
      if (end.where == sim::ThreadEnd::Where::waits) return sim::Finding{"deadlock", "stuck"};
      if (end.where == sim::ThreadEnd::Where::sleeps) return sim::Finding{"lost_wakeup", "asleep"};
    }
    return std::nullopt;
  }
  std::uint64_t final_state(std::span<const sim::ThreadEnd> ends) const override {
    std::uint64_t state = 1;
    const auto add = [&](std::uint64_t value) {
      state = (state ^ value) * 0x9E3779B97F4A7C15ULL;
      state ^= state >> 29;
    };
    for (const sim::ThreadEnd& end : ends) add(static_cast<std::uint64_t>(end.where) + 7);
    for (const std::uint64_t value : state_->values) add(value);
    for (const std::uint64_t value : state_->seen) add(value);
    return state;
  }

 private:
  struct State {
    std::deque<sim::LockClass> classes;
    std::deque<sim::Mutex> mutexes;
    sim::WaitChannel channel{"channel"};
    sim::LockClass sx_class{.name = "sx", .kind = sim::LockKind::sx, .id = 60};
    sim::Sx sx{sx_class};
    std::deque<sim::SharedMemory> memories;
    std::vector<std::uint64_t> values;
    std::vector<std::uint64_t> seen;  ///< by thread
    bool flag = false;
  };
  void assign(sim::KernelOps& k, std::size_t variable) {
    std::uint64_t& value = state_->values.at(variable);
    value = (value * 31 + k.thread_id() + 1) * 0x9E3779B97F4A7C15ULL;
  }
  void mix(sim::KernelOps& k, std::uint64_t value) {
    std::uint64_t& seen = state_->seen.at(k.thread_id());
    seen = (seen * 17 + value) * 0xD6E8FEB86659FD93ULL;
  }

  std::size_t mutex_count_;
  std::size_t variable_count_;
  std::vector<std::function<void(sim::KernelOps&)>> bodies_;
  std::unique_ptr<State> state_;
};

/// Two or three threads of a few operations each, drawn: critical sections (nested ones too, in
/// any order), looks and changes with and without lock, and some that depend on what others did
/// before, sleeps and wakeups, trylocks.
inline void add_random_threads(SmallProgram& program, std::uint64_t seed) {
  static constexpr sim::LockPoint kHere{"random.cpp:1"};
  sim::Stream draw(seed, 0, "small program");
  const auto pick = [&](std::uint32_t n) {
    return static_cast<std::uint32_t>(draw.uniform01() * n);
  };
  const std::uint32_t threads = 2 + pick(2);
  for (std::uint32_t t = 0; t < threads; ++t) {
    std::vector<std::uint32_t> kinds;
    const std::uint32_t length = threads == 2 ? 1 + pick(3) : 1 + pick(2);
    for (std::uint32_t i = 0; i < length; ++i) kinds.push_back(pick(13));
    program.thread([&program, kinds](sim::KernelOps& k) {
      for (const std::uint32_t kind : kinds) {
        const std::size_t a = kind % 2;
        switch (kind) {
          case 0:
          case 1:
            program.read(k, a);
            break;
          case 2:
          case 3:
            program.write(k, a);
            break;
          case 4:
          case 5:
            k.lock(program.mutex(a), kHere);
            program.write_along(k, a);
            k.unlock(program.mutex(a));
            break;
          case 6:
            k.lock(program.mutex(0), kHere);
            program.read(k, 1);
            program.write_along(k, 0);
            k.unlock(program.mutex(0));
            program.read_along(k, 0);
            break;
          case 7:
            k.lock(program.mutex(0), kHere);
            k.lock(program.mutex(1), kHere);
            k.unlock(program.mutex(1));
            k.unlock(program.mutex(0));
            break;
          case 8:
            if (k.try_lock(program.mutex(1), kHere)) {
              program.write_along(k, 1);
              k.unlock(program.mutex(1));
            } else {
              program.read_along(k, 0);
            }
            break;
          case 9:
            k.lock(program.mutex(0), kHere);
            if (!program.flag()) {
              program.write_along(k, 0);
              k.sleep(program.channel(), program.mutex(0), kHere, 0, sim::Interruptible::no);
            }
            program.read_along(k, 0);
            k.unlock(program.mutex(0));
            break;
          case 10:
            k.lock(program.mutex(0), kHere);
            if (program.flag()) program.write_along(k, 1);
            k.unlock(program.mutex(0));
            break;
          case 11:
            k.lock(program.mutex(0), kHere);
            if (!program.flag()) program.write_along(k, 0);
            program.set_flag(true);
            k.unlock(program.mutex(0));
            break;
          default:
            k.lock(program.mutex(0), kHere);
            program.set_flag(true);
            k.unlock(program.mutex(0));
            k.wakeup(program.channel());
            break;
        }
      }
    });
  }
}

/// A thread that sends signals to the others, which sleep so that signals may end it, wake one
/// another, take an sx with and without being open to signals, and return to user mode.
inline void add_random_signals(SmallProgram& program, std::uint64_t seed) {
  static constexpr sim::LockPoint kHere{"random.cpp:2"};
  sim::Stream draw(seed, 0, "signals");
  const auto pick = [&](std::uint32_t n) {
    return static_cast<std::uint32_t>(draw.uniform01() * n);
  };
  const std::uint32_t threads = 3 + pick(2);
  for (std::uint32_t t = 1; t < threads; ++t) {
    std::vector<std::uint32_t> kinds;
    for (std::uint32_t i = 0; i < (threads == 3 && t == 1 ? 2U : 1U); ++i) kinds.push_back(pick(8));
    program.thread([&program, kinds](sim::KernelOps& k) {
      for (const std::uint32_t kind : kinds) {
        switch (kind) {
          case 0:
          case 1:
            k.lock(program.mutex(0), kHere);
            if (!program.flag()) {
              const auto open = kind == 0 ? sim::Interruptible::yes : sim::Interruptible::no;
              program.write_along(k, 0);
              const auto reason = k.sleep(program.channel(), program.mutex(0), kHere, 0, open);
              program.learnt(k, reason == sim::WakeReason::woken ? 1 : 2);
            }
            program.read_along(k, 0);
            k.unlock(program.mutex(0));
            break;
          case 2:
          case 3: {
            const auto open = kind == 2 ? sim::Interruptible::yes : sim::Interruptible::no;
            const bool got = k.sx_xlock(program.sx(), kHere, open) == sim::WakeReason::woken;
            program.learnt(k, got ? 3 : 4);
            if (got) {
              program.write(k, 1);
              k.sx_xunlock(program.sx());
            }
            break;
          }
          case 4:
            program.write(k, 0);
            k.user_return();
            break;
          case 5:
            k.lock(program.mutex(0), kHere);
            program.set_flag(true);
            k.unlock(program.mutex(0));
            k.wakeup(program.channel());
            break;
          case 6:
            program.read(k, 0);
            k.wakeup_one(program.channel());
            break;
          default:
            k.signal(0);
            break;
        }
      }
    });
  }
  const std::uint32_t signals = threads == 3 ? 1 + pick(2) : 1;
  program.thread([&program, signals, threads](sim::KernelOps& k) {
    for (std::uint32_t i = 0; i < signals; ++i) {
      program.read(k, 0);
      k.signal(i % (threads - 1));
    }
    program.write(k, 1);
  });
}

}  // namespace test
