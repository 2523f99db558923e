// SPDX-License-Identifier: BSD-2-Clause
#include "models/traffic/open_loop.hpp"

#include <algorithm>
#include <utility>

#include "sim/base/assert.hpp"

namespace models {

OpenLoop::OpenLoop(const Traffic& traffic, int sockets, sim::Hardware& hw, FrameSink& sink,
                   std::unique_ptr<Arrivals> arrivals)
    : hw_(&hw), sink_(&sink), arrivals_(std::move(arrivals)) {
  if (traffic.stop_us) stop_at_ = sim::from_us(*traffic.stop_us);
  for (int i = 0; i < sockets; ++i) {
    connections_.push_back(std::make_unique<Connection>());
    connections_.back()->stats = &stats_;
    connections_.back()->remaining = traffic.bytes;
  }
}

void OpenLoop::Connection::ack_leaves(const Ack& ack) {
  ++stats->acks_received;
  if (ack.rst) done = true;
}

Peer& OpenLoop::peer(int socket) { return *connections_.at(static_cast<std::size_t>(socket)); }

void OpenLoop::start() { schedule_next(); }

void OpenLoop::schedule_next() {
  const auto arrival = arrivals_->next();
  if (!arrival || (stop_at_ && arrival->at > *stop_at_)) return;
  pending_ = *arrival;
  hw_->at(pending_.at, [this] { frame_arrives(); });
}

OpenLoop::Connection* OpenLoop::next_connection() {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    Connection& c = *connections_[turn_];
    if (!c.done) return &c;
    turn_ = (turn_ + 1) % connections_.size();
  }
  return nullptr;
}

void OpenLoop::frame_arrives() {
  Connection* c = next_connection();
  if (c == nullptr) return;  // all have closed: silence
  Frame frame{.wire_at = hw_->now(),
              .payload = pending_.payload,
              .socket = static_cast<std::int32_t>(turn_)};
  if (c->remaining) {
    frame.payload = static_cast<std::int32_t>(std::min<std::int64_t>(frame.payload, *c->remaining));
    *c->remaining -= frame.payload;
    frame.fin = *c->remaining == 0;
    c->done = frame.fin;
  }
  turn_ = (turn_ + 1) % connections_.size();
  arrive(*sink_, frame);
  schedule_next();
}

void OpenLoop::inject(int socket, bool rst) {
  Connection& c = *connections_.at(static_cast<std::size_t>(socket));
  c.done = true;
  arrive(*sink_, {.wire_at = hw_->now(), .socket = socket, .fin = !rst, .rst = rst});
}

std::unique_ptr<TrafficSource> make_open_loop(const Traffic& traffic, const Nic& nic, int sockets,
                                              sim::Hardware& hw, FrameSink& sink,
                                              sim::Stream stream) {
  const Wire wire{.link_gbps = traffic.link_gbps, .timestamps = nic.timestamps};
  const std::int32_t payload = traffic.payload_bytes.value_or(nic.mss());
  std::unique_ptr<Arrivals> arrivals;
  if (traffic.kind == TrafficKind::poisson) {
    arrivals = std::make_unique<PoissonArrivals>(traffic, payload, stream);
  } else if (traffic.kind == TrafficKind::burst) {
    arrivals = std::make_unique<BurstArrivals>(traffic, wire, payload, stream);
  } else {
    arrivals = std::make_unique<SteadyArrivals>(traffic, wire, payload, stream);
  }
  return std::make_unique<OpenLoop>(traffic, sockets, hw, sink, std::move(arrivals));
}

}  // namespace models
