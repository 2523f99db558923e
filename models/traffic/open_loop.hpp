// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "models/traffic/arrivals.hpp"
#include "models/traffic/traffic.hpp"

namespace models {

/// Plays a sequence of arrivals, whatever the receiver does. Connections take turns frame by frame.
/// Frames are unsequenced: one that is dropped leaves no hole, because each carries whatever comes
/// next.
///
/// `bytes` of the scenario bounds what each connection is offered; its last frame is shorter if
/// need be, and carries the FIN.
class OpenLoop : public TrafficSource {
 public:
  OpenLoop(const Traffic& traffic, int sockets, sim::Hardware& hw, FrameSink& sink,
           std::unique_ptr<Arrivals> arrivals);

  void start() override;
  Peer& peer(int socket) override;
  void inject(int socket, bool rst) override;

 private:
  struct Connection : Peer {
    void connected(std::int64_t) override {}
    void ack_leaves(const Ack& ack) override;
    TrafficStats* stats = nullptr;
    std::optional<std::int64_t> remaining;  ///< bytes still to offer
    bool done = false;
  };

  void schedule_next();
  void frame_arrives();
  Connection* next_connection();

  sim::Hardware* hw_;
  FrameSink* sink_;
  std::unique_ptr<Arrivals> arrivals_;
  std::optional<sim::Picoseconds> stop_at_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::size_t turn_ = 0;
  Arrivals::Arrival pending_;
};

}  // namespace models
