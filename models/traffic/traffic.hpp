// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>

#include "models/frame.hpp"
#include "models/peer.hpp"
#include "models/scenario/scenario.hpp"
#include "sim/base/random.hpp"
#include "sim/machine/hardware.hpp"

namespace models {

/// A capture that cannot be replayed; the message names the file. The user's mistake, not the
/// model's.
class TrafficError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Counters of what the wire brought since the last reset.
struct TrafficStats {
  std::int64_t frames_offered = 0;        ///< frames that arrived at the NIC
  std::int64_t bytes_offered = 0;         ///< their payload
  sim::Picoseconds first_at = 0;          ///< arrival of the first of them
  sim::Picoseconds last_at = 0;           ///< and of the last
  std::int64_t retransmitted_frames = 0;  ///< tcp: among the frames offered
  std::int64_t fast_retransmits = 0;      ///< tcp: recoveries after three duplicate ACKs
  std::int64_t timeouts = 0;              ///< tcp: retransmission timeouts
  std::int64_t acks_received = 0;         ///< ACKs that left the receiver

  /// (n - 1) / (last - first), frames/s; 0 with fewer than two dates.
  double offered_pps() const;
};

/// What feeds the wire: a device. One object for all connections of a run.
class TrafficSource {
 public:
  TrafficSource() = default;
  TrafficSource(const TrafficSource&) = delete;
  TrafficSource& operator=(const TrafficSource&) = delete;
  virtual ~TrafficSource() = default;

  /// Schedules the first arrival. Once, before the run.
  virtual void start() = 0;

  /// The far end of a connection. Never null; open-loop sources only count the ACKs.
  virtual Peer& peer(int socket) = 0;

  /// The peer closes (FIN after what it has sent) or resets the connection, at the present date.
  /// After either it sends no new data on it.
  virtual void inject(int socket, bool rst) = 0;

  const TrafficStats& stats() const { return stats_; }
  void reset_stats() { stats_ = TrafficStats{}; }

 protected:
  /// Counts the frame and hands it over. `frame.wire_at` is now.
  void arrive(FrameSink& sink, const Frame& frame);
  TrafficStats stats_;
};

/// The source that the scenario asks for, for `sockets` connections (> 0). Null for
/// TrafficKind::none. `stream` belongs to the source ("traffic"). TrafficError when a capture
/// cannot be read.
std::unique_ptr<TrafficSource> make_traffic(const Traffic& traffic, const Nic& nic, int sockets,
                                            sim::Hardware& hw, FrameSink& sink, sim::Stream stream);

/// The same for each kind.
std::unique_ptr<TrafficSource> make_open_loop(const Traffic& traffic, const Nic& nic, int sockets,
                                              sim::Hardware& hw, FrameSink& sink,
                                              sim::Stream stream);
std::unique_ptr<TrafficSource> make_tcp_senders(const Traffic& traffic, const Nic& nic, int sockets,
                                                sim::Hardware& hw, FrameSink& sink,
                                                sim::Stream stream);
/// Throws TrafficError before anything runs.
std::unique_ptr<TrafficSource> make_replay(const Traffic& traffic, const Nic& nic, int sockets,
                                           sim::Hardware& hw, FrameSink& sink, sim::Stream stream);

}  // namespace models
