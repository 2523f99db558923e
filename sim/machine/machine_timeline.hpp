// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "sim/machine/scheduler.hpp"
#include "sim/machine/timed_kernel.hpp"
#include "sim/observe/timeline.hpp"

namespace sim {

/// Draws the machine on a timeline: for every core who runs there, for every thread what it works
/// on and where it waits for locks, an arrow from each holder to whoever waited for it, and the
/// lengths of the run queues as counters.
class MachineTimeline final : public SchedulerObserver, public LockObserver {
 public:
  explicit MachineTimeline(Timeline& timeline) : timeline_(timeline) {}

  void add_thread(const Thread& thread);
  /// Completes what is still open when the run ends.
  void close(Picoseconds now);

  void thread_started(const Thread& thread, Picoseconds at) override;
  void thread_stopped(const Thread& thread, Picoseconds at) override;
  void worked(const Thread& thread, Work work, Picoseconds from, Picoseconds to) override;
  void queue_length(int core, std::size_t length, Picoseconds at) override;
  void waited(const Thread& waiter, const Thread& holder, const LockState& lock, Picoseconds from,
              Picoseconds to) override;

 private:
  struct CoreTrack {
    Timeline::Track track;
    std::string queue_name;
    const Thread* running = nullptr;
    Picoseconds from_ps = 0;
  };
  /// Work of one kind, not yet drawn because it may go on.
  struct ThreadTrack {
    Timeline::Track work_track;
    Timeline::Track wait_track;
    Work work = Work::idle;
    Picoseconds from_ps = 0;
    Picoseconds to_ps = 0;
  };

  CoreTrack& core_track(int core);
  void draw_work(ThreadTrack& track);

  Timeline& timeline_;
  std::vector<CoreTrack> cores_;
  std::vector<ThreadTrack> threads_;
};

}  // namespace sim
