// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "models/scenario/scenario.hpp"
#include "sim/base/distribution.hpp"
#include "sim/base/random.hpp"
#include "sim/machine/machine.hpp"

namespace models {

/// What a group of synthetic threads did since the end of the warm-up.
struct SyntheticStats {
  std::uint64_t arrivals = 0;  ///< open groups: requests that came
  std::uint64_t rejected = 0;  ///< open groups: requests that found the waiting line full
  std::uint64_t rounds = 0;    ///< rounds or requests completed
  sim::Histogram
      response;  ///< ps: closed: from the end of thinking, open: from the arrival, to the end
};

/// Threads that think, work, lock, hold and unlock (closed groups), or that each serve one request
/// of a Poisson stream (open groups). For background contention, and for checking the machine's
/// locks and run queues against queueing theory.
class SyntheticThreads {
 public:
  SyntheticThreads(sim::Machine& machine, const Scenario& scenario, std::uint32_t replication);
  ~SyntheticThreads();
  SyntheticThreads(const SyntheticThreads&) = delete;
  SyntheticThreads& operator=(const SyntheticThreads&) = delete;

  std::size_t size() const { return groups_.size(); }
  const std::string& name(std::size_t group) const;
  const SyntheticStats& stats(std::size_t group) const;
  /// Rounds and requests completed since the start of the run, by all groups.
  std::int64_t rounds_ever() const { return rounds_ever_; }

 private:
  struct Group;
  struct Worker;

  void start_closed(Group& group);
  void start_open(Group& group);
  void arrive(Group& group);
  void admit(Group& group);
  void add_worker(Group& group);
  void serve_forever(Group& group, Worker& worker, sim::KernelOps& k);
  void round(Group& group, sim::Stream& stream, sim::KernelOps& k) const;

  sim::Machine& machine_;
  std::uint64_t seed_;
  std::uint32_t replication_;
  std::int64_t rounds_ever_ = 0;
  std::vector<std::unique_ptr<sim::Mutex>> mutexes_;
  std::vector<std::unique_ptr<Group>> groups_;
};

}  // namespace models
