// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <utility>

#include "models/traffic/capture.hpp"
#include "models/traffic/open_loop.hpp"

namespace models {

std::unique_ptr<TrafficSource> make_replay(const Traffic& traffic, const Nic& nic, int sockets,
                                           sim::Hardware& hw, FrameSink& sink, sim::Stream stream) {
  const std::string& shown =
      traffic.file_as_written.empty() ? traffic.file : traffic.file_as_written;
  const Wire wire{.link_gbps = traffic.link_gbps, .timestamps = nic.timestamps};
  Capture capture = read_capture(traffic.file, traffic.pcap_filter);
  for (const Capture::Packet& packet : capture.packets) {
    if (packet.payload > nic.mss()) {
      throw TrafficError(
          fmt::format("capture {}: {} has a packet with {} bytes of payload, but nic.mtu {} allows "
                      "{}; was it made "
                      "with segmentation offload on?",
                      shown, capture.flow, packet.payload, nic.mtu, nic.mss()));
    }
  }
  constexpr double kLongest = 1e6 * static_cast<double>(sim::kSecond);
  if (static_cast<double>(capture.packets.back().at) * traffic.time_scale > kLongest) {
    throw TrafficError(
        fmt::format("capture {}: longer than a million seconds with traffic.time_scale {}", shown,
                    traffic.time_scale));
  }
  return std::make_unique<OpenLoop>(
      traffic, sockets, hw, sink,
      std::make_unique<ReplayArrivals>(std::move(capture), traffic, wire, stream));
}

}  // namespace models
