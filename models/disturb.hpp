// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "models/copyout.hpp"
#include "models/reader.hpp"
#include "models/scenario/scenario.hpp"
#include "models/socket.hpp"
#include "sim/machine/hardware.hpp"

namespace models {

/// What the disturbances of a scenario need from the rest of the run.
struct DisturbEnvironment {
  sim::Hardware* hardware = nullptr;
  /// By the scenario's socket index; all outlive the disturbances.
  std::vector<Socket*> sockets;
  /// One a socket: what its readers were given.
  std::vector<CopyTroubles*> troubles;
  /// Sends a segment with RST or FIN down the socket's receive path, at the present date.
  std::function<void(int socket, bool rst)> inject;
  /// The threads that read a socket, but for those of second_reader.
  std::function<std::vector<sim::ThreadId>(int socket)> readers;
  /// For second_reader.
  const ReceiveAlgorithm* algorithm = nullptr;
};

/// Whether it only makes copyouts fault: neither a thread nor a segment.
bool is_trouble(DisturbKind kind);

/// What a trigger waits for, be it the first or another one.
SockbufObserver::Event event_of(TriggerEvent trigger);
/// The how manieth it waits for.
std::int64_t wanted_count(const Trigger& trigger);

/// What the thread of a shutdown_rd, close or kernel_close disturbance executes.
void perform(const Disturb& spec, sim::KernelOps& k, Socket& so);

/// Turns `disturb` of a scenario into threads, segments and planned faults: at a date, at a
/// condition ("the first copyout after 1 ms"), or from the start. A thread is created at that
/// moment, on the core that the entry names.
class Disturbances {
 public:
  /// Arms everything; the run has not started yet. Throws sim::InternalError for a socket that does
  /// not exist (loading a scenario has checked that).
  Disturbances(const std::vector<Disturb>& specs, DisturbEnvironment environment);
  Disturbances(const Disturbances&) = delete;
  Disturbances& operator=(const Disturbances&) = delete;
  ~Disturbances();

  /// Readers that second_reader disturbances start, in the order of the scenario; present from the
  /// start.
  std::vector<ReaderThread*> second_readers() const;
  /// How many disturbances have acted.
  std::int64_t fired() const { return fired_; }

  /// What became of a disturbance.
  struct Outcome {
    std::string_view name;  ///< its `do`
    bool fired = false;
    bool finished = false;  ///< its call returned
    sim::Picoseconds latency_ps =
        0;  ///< of its call, up to now if it has not returned; 0 without one
  };
  /// In the order of the scenario.
  std::vector<Outcome> outcomes() const;

 private:
  /// One entry of the scenario.
  struct Entry {
    Disturb spec;
    std::size_t trouble = 0;  ///< copy_fault, page_fault: its index in the socket's CopyTroubles
    std::unique_ptr<ReaderThread> reader;  ///< second_reader
    std::optional<sim::ThreadId> thread;   ///< second_reader: once it was started
    std::int64_t seen = 0;                 ///< matching events so far
    bool fired = false;
    bool finished = false;
    sim::Picoseconds called_ps = -1;  ///< when its call began
    sim::Picoseconds latency_ps = 0;  ///< of its call, once that returned
    bool waiting = false;             ///< a condition that was not met yet
  };
  class Watcher;

  void arm(Entry& entry);
  void fire(Entry& entry);
  sim::ThreadId spawn(const Entry& entry, std::string name,
                      std::function<void(sim::KernelOps&)> body);
  void send_signal(const Disturb& spec);
  void happened(sim::KernelOps& k, int socket, SockbufObserver::Event event);
  void stop_watching_if_done(int socket);

  DisturbEnvironment env_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::vector<std::unique_ptr<Watcher>> watchers_;  ///< one a socket; null where nothing waits
  std::int64_t fired_ = 0;
};

}  // namespace models
