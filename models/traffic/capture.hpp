// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/traffic/arrivals.hpp"

namespace models {

/// The packets with payload of one direction of one TCP connection: the one with the most payload.
struct Capture {
  struct Packet {
    sim::Picoseconds at = 0;  ///< since the first packet; never decreases
    std::int32_t payload =
        0;  ///< TCP payload bytes on the wire, > 0 (the file may hold headers only)
  };
  std::vector<Packet> packets;  ///< at least one
  std::string flow;             ///< "192.0.2.1:49152 > 192.0.2.2:5201"
  std::int64_t bytes = 0;       ///< sum of payload
};

/// Reads a capture file (pcap or pcapng; Ethernet with or without VLAN tags, raw IP, BSD loopback
/// or Linux cooked), with nanosecond stamps where the file has them. `filter`: an expression of
/// pcap-filter(7), empty for all packets. IP fragments and packets cut off within their headers are
/// skipped. Throws TrafficError, with the file's name: unreadable, not a capture, broken off,
/// unknown link type, bad filter, nothing to replay.
Capture read_capture(const std::string& file, const std::string& filter);

/// Plays a capture: its gaps times `time_scale`, but never faster than the wire carries the frames.
/// With `repeat` it starts again after its mean gap. With randomise_phase the first arrival is
/// uniform in one mean gap.
class ReplayArrivals : public Arrivals {
 public:
  ReplayArrivals(Capture capture, const Traffic& traffic, const Wire& wire, sim::Stream stream);
  std::optional<Arrival> next() override;

 private:
  Capture capture_;
  Wire wire_;
  double time_scale_;
  bool repeat_;
  sim::Picoseconds mean_gap_;
  sim::Picoseconds base_;      ///< date of the capture's first packet in this round
  sim::Picoseconds last_ = 0;  ///< previous arrival
  std::size_t index_ = 0;
  bool first_ = true;
};

}  // namespace models
