// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "models/copyout.hpp"
#include "models/disturb.hpp"
#include "models/driver.hpp"
#include "models/mbuf.hpp"
#include "models/reader.hpp"
#include "models/scenario/load.hpp"
#include "models/socket.hpp"
#include "models/tcp.hpp"
#include "models/traffic/traffic.hpp"
#include "sim/machine/machine.hpp"

namespace models {

/// A reader of the run and what was seen of it.
struct RunningReader {
  std::string name;
  int socket = 0;
  std::unique_ptr<ReaderThread> thread;  ///< null: `observed` belongs to a disturbance
  ReaderThread* observed = nullptr;
  sim::ThreadId thread_id = 0;  ///< when `thread` is not null
};

/// Everything of a scenario that has to do with sockets, from the wire to the application, put
/// together on a machine. Does nothing for a scenario without sockets.
class NetworkStack {
 public:
  NetworkStack(sim::Machine& machine, const LoadedScenario& loaded, std::uint32_t replication,
               SockbufObserver* listener = nullptr);
  NetworkStack(const NetworkStack&) = delete;
  NetworkStack& operator=(const NetworkStack&) = delete;
  ~NetworkStack();

  /// After a run that completed: throws sim::Violation when a buffer's counters or pointers do not
  /// fit its chain ("sockbuf_accounting"), a byte never came though later ones did ("bytes_lost"),
  /// or an mbuf is in use that no queue and no thread has ("mbuf_leaked"); InternalError unless
  /// every byte and every mbuf is accounted for. Once, as it empties queues.
  void check_conservation();

  bool present() const { return !sockets_.empty(); }
  const TrafficStats* traffic() const { return traffic_ ? &traffic_->stats() : nullptr; }
  NicStats nic_stats() const { return driver_ ? driver_->nic().stats() : NicStats{}; }
  const DriverStats& driver_stats() const { return driver_->stats(); }
  std::int64_t lro_frames_merged() const { return driver_ ? driver_->lro_frames_merged() : 0; }
  const std::deque<RunningReader>& readers() const { return readers_; }
  const std::vector<std::unique_ptr<Socket>>& sockets() const { return sockets_; }
  const MbufPool& mbufs() const { return pool_; }
  std::vector<Disturbances::Outcome> disturbances() const {
    return disturbances_ ? disturbances_->outcomes() : std::vector<Disturbances::Outcome>{};
  }
  /// Bytes copied to applications since the end of the warm-up.
  std::int64_t delivered_bytes() const;
  /// The same over the whole run, for the series of the warm-up check.
  std::int64_t delivered_bytes_ever() const;

 private:
  class Probe;

  void make_sockets(const LoadedScenario& loaded, SockbufObserver* listener);
  void make_network(const LoadedScenario& loaded, std::uint32_t replication);
  void start_readers(const LoadedScenario& loaded, std::uint32_t replication);
  void start_reader(const Reader& spec, std::string name, int socket, const sim::Stream& stream);
  void reset_stats();
  void claim_mbufs() const;
  void look_for_leaks() const;

  sim::Machine& machine_;
  NetCosts costs_;
  sim::Picoseconds frame_ps_ = 0;  ///< how long a full frame takes to arrive
  const ReceiveAlgorithm* algorithm_;
  MbufPool pool_;
  std::unique_ptr<TcpShared> tcp_;
  std::vector<std::unique_ptr<Socket>> sockets_;
  std::deque<CopyTroubles> troubles_;
  std::vector<std::unique_ptr<Probe>> probes_;
  std::unique_ptr<Driver> driver_;
  std::unique_ptr<TrafficSource> traffic_;
  std::deque<RunningReader> readers_;
  std::unique_ptr<Disturbances> disturbances_;
};

}  // namespace models
