// SPDX-License-Identifier: BSD-2-Clause
#include "models/traffic/traffic.hpp"

#include "sim/base/assert.hpp"

namespace models {

double TrafficStats::offered_pps() const {
  if (frames_offered < 2 || last_at <= first_at) return 0.0;
  return static_cast<double>(frames_offered - 1) / sim::to_s(last_at - first_at);
}

void TrafficSource::arrive(FrameSink& sink, const Frame& frame) {
  if (stats_.frames_offered == 0) stats_.first_at = frame.wire_at;
  stats_.last_at = frame.wire_at;
  ++stats_.frames_offered;
  stats_.bytes_offered += frame.payload;
  sink.frame_arrives(frame);
}

std::unique_ptr<TrafficSource> make_traffic(const Traffic& traffic, const Nic& nic, int sockets,
                                            sim::Hardware& hw, FrameSink& sink,
                                            sim::Stream stream) {
  if (traffic.kind == TrafficKind::none) return nullptr;
  SIM_ASSERT(sockets > 0, "traffic needs a connection");
  switch (traffic.kind) {
    case TrafficKind::line_rate:
    case TrafficKind::poisson:
    case TrafficKind::burst:
      return make_open_loop(traffic, nic, sockets, hw, sink, stream);
    case TrafficKind::tcp:
      return make_tcp_senders(traffic, nic, sockets, hw, sink, stream);
    case TrafficKind::pcap:
      return make_replay(traffic, nic, sockets, hw, sink, stream);
    case TrafficKind::none:
      break;
  }
  return nullptr;
}

}  // namespace models
