// SPDX-License-Identifier: BSD-2-Clause
#include "sim/machine/machine_timeline.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace sim {

MachineTimeline::CoreTrack& MachineTimeline::core_track(int core) {
  while (static_cast<int>(cores_.size()) <= core) {
    const std::size_t number = cores_.size();
    cores_.push_back({timeline_.add_track("cores", fmt::format("core {}", number)),
                      fmt::format("run queue of core {}", number)});
  }
  return cores_[static_cast<std::size_t>(core)];
}

void MachineTimeline::add_thread(const Thread& thread) {
  threads_.push_back({timeline_.add_track("threads", thread.name),
                      timeline_.add_track("lock waits", thread.name)});
}

void MachineTimeline::draw_work(ThreadTrack& track) {
  if (track.to_ps > track.from_ps) {
    timeline_.slice(track.work_track, work_name(track.work), "work", track.from_ps, track.to_ps);
  }
  track.to_ps = track.from_ps = 0;
}

void MachineTimeline::worked(const Thread& thread, Work work, Picoseconds from, Picoseconds to) {
  ThreadTrack& track = threads_[thread.id];
  if (track.work != work || track.to_ps != from) {
    draw_work(track);
    track.work = work;
    track.from_ps = from;
  }
  track.to_ps = to;
}

void MachineTimeline::thread_started(const Thread& thread, Picoseconds at) {
  CoreTrack& core = core_track(thread.core);
  core.running = &thread;
  core.from_ps = at;
}

void MachineTimeline::thread_stopped(const Thread& thread, Picoseconds at) {
  CoreTrack& core = core_track(thread.core);
  if (core.running != nullptr && at > core.from_ps) {
    timeline_.slice(core.track, core.running->name, "core", core.from_ps, at);
  }
  core.running = nullptr;
}

void MachineTimeline::queue_length(int core, std::size_t length, Picoseconds at) {
  timeline_.counter(core_track(core).queue_name, at, static_cast<std::int64_t>(length));
}

void MachineTimeline::waited(const Thread& waiter, const Thread& holder, const LockState& lock,
                             Picoseconds from, Picoseconds to) {
  if (to == from) return;
  const ThreadTrack& track = threads_[waiter.id];
  timeline_.slice(track.wait_track, fmt::format("waits for {}", lock.cls->name), "lock", from, to);
  timeline_.flow(threads_[holder.id].work_track, from, track.wait_track, to - 1, "lets go");
}

void MachineTimeline::close(Picoseconds now) {
  for (CoreTrack& core : cores_) {
    if (core.running != nullptr && now > core.from_ps) {
      timeline_.slice(core.track, core.running->name, "core", core.from_ps, now);
    }
    core.running = nullptr;
  }
  for (ThreadTrack& track : threads_) {
    track.to_ps = std::min(track.to_ps, now);  // an interrupt may reach beyond the end
    draw_work(track);
  }
}

}  // namespace sim
