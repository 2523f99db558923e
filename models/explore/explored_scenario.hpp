// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/explore/parts.hpp"
#include "models/mbuf.hpp"
#include "models/scenario/scenario.hpp"
#include "models/tcp.hpp"
#include "sim/explore/footprint.hpp"
#include "sim/explore/program.hpp"
#include "sim/machine/hardware.hpp"

namespace models {

/// Most that SO_RCVLOWAT of a socket is: `explore.low_water`, else what is buffered at first, or 1.
std::int64_t explored_low_water(const Scenario& scenario);

/// A scenario as a program to explore: the code of a timed run, without time. What remains of the
/// scenario:
///
/// * sockets with `explore.buffered_segments` in the buffer, and an interrupt thread a socket that
///   brings `explore.segments` more (`nic` gives their size and their mbufs);
/// * readers, that make `max_reads` reads, or `explore.reads`;
/// * each disturbance as a thread that may strike at any moment, or at any moment after the first
///   event of its condition (`when.event`, unless `explore.at_any_moment`; dates and counts are
///   dropped). A copy fault strikes any one copyout, or the one with its `offset_bytes`;
/// * closed synthetic threads, `loops` rounds (or one).
///
/// Left out, as nothing can come of them: costs, cores, page faults (a copyout is a step anyhow,
/// before which everybody else may run), timers (the delayed ACK sends, and does nothing here).
/// SO_RCVLOWAT is at most explored_low_water().
///
/// Beyond what the model and the execution find, the end is judged (models/explore/end.hpp).
class ExploredScenario final : public sim::Program {
 public:
  /// Throws ScenarioErrors (with `path`) when it has no threads, or more than can be explored, or
  /// parts that cannot be.
  ExploredScenario(const Scenario& scenario, const std::string& path);
  ~ExploredScenario() override;

  std::size_t threads() const override { return threads_.size(); }
  bool polls(std::size_t thread) const override { return threads_[thread].polls; }
  std::string_view thread_name(std::size_t thread) const override { return threads_[thread].name; }
  const ThreadOrigin& origin(std::size_t thread) const { return threads_[thread].origin; }
  void reset() override;
  void run(std::size_t thread, sim::KernelOps& k) override { threads_[thread].body(k); }
  std::optional<sim::Finding> judge_end(std::span<const sim::ThreadEnd> ends) override;
  std::uint64_t final_state(std::span<const sim::ThreadEnd> ends) const override;
  std::span<const std::pair<const sim::LockClass*, const sim::LockClass*>> lock_order()
      const override {
    return order_;
  }

 private:
  class NoHardware;

  void add_classes();
  void add_connections();
  void add_readers(Connection& connection, std::size_t socket);
  std::int64_t max_retries(std::size_t socket) const;
  void add_disturbances();
  void add_disturbance(const Disturb& spec, ThreadOrigin origin);
  void send_signal(sim::KernelOps& k, const Disturb& spec) const;
  void add_synthetic();
  /// Another thread that has the name already makes it `name2`.
  ExploredThread& add_thread(const std::string& name, ThreadOrigin origin,
                             std::function<void(sim::KernelOps&)> body,
                             ReaderThread* reader = nullptr, std::size_t socket = 0);
  void make_socket(Connection& connection, int index, sim::Numbering& numbering);
  void add_troubles();
  Segment make_segment(int socket, std::int64_t offset);

  Scenario scenario_;
  NetCosts costs_;
  const ReceiveAlgorithm* algorithm_ = nullptr;
  std::deque<sim::LockClass> classes_;
  std::vector<std::pair<const sim::LockClass*, const sim::LockClass*>> order_;
  std::unique_ptr<NoHardware> hardware_;
  std::optional<TcpShared> tcp_;
  MbufPool pool_;
  Connections connections_;
  std::deque<std::optional<sim::Mutex>> locks_;  ///< of synthetic threads
  std::vector<ExploredThread> threads_;
};

}  // namespace models
