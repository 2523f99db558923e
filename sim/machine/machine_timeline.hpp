// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "sim/machine/scheduler.hpp"
#include "sim/machine/timed_kernel.hpp"
#include "sim/observe/timeline.hpp"

namespace sim {

/// Draws the machine on a timeline: one track a core (who runs), one a thread (what it works on, where it
/// waits and because of whom), run-queue lengths as counters.
class MachineTimeline final : public SchedulerObserver, public LockObserver {
 public:
  explicit MachineTimeline(Timeline& timeline) : timeline_(timeline) {}

  void add_thread(const Thread& thread);
  void close(Picoseconds now);

  void thread_started(const Thread& thread, Picoseconds at) override;
  void thread_stopped(const Thread& thread, Picoseconds at) override;
  void worked(const Thread& thread, Work work, Picoseconds from, Picoseconds to) override;
  void queue_length(int core, std::size_t length, Picoseconds at) override;
  void waited(const Thread& waiter, const Thread& holder, const LockState& lock, Picoseconds from,
              Picoseconds to) override;

 private:
  struct Running {
    const Thread* thread = nullptr;
    Picoseconds from = 0;
  };

  int core_track(int core);

  Timeline& timeline_;
  std::vector<int> core_tracks_;
  std::vector<Running> running_;
  std::vector<int> thread_tracks_;
  std::vector<std::string> queue_names_;
};

}  // namespace sim
