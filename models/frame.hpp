// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/tcp.hpp"
#include "sim/base/time.hpp"

/// Frames on the wire and the arithmetic of the wire (docs/model.md, The wire and traffic).
namespace models {

/// A frame as the wire carries it: headers are understood.
struct Frame {
  std::int64_t seq = kUnsequenced;  ///< offset of the first payload byte, or kUnsequenced
  sim::Picoseconds wire_at = 0;     ///< when its last byte came off the wire
  sim::Picoseconds ready_at = 0;    ///< when its descriptor was in memory: set by the NIC
  sim::Picoseconds ts_echo = -1;    ///< departure of the ACK that it echoes; -1: none
  std::int32_t payload = 0;         ///< TCP payload bytes
  std::int32_t socket = 0;          ///< index of the connection
  bool fin = false;
  bool rst = false;
};

/// Where frames arrive.
class FrameSink {
 public:
  FrameSink() = default;
  FrameSink(const FrameSink&) = delete;
  FrameSink& operator=(const FrameSink&) = delete;
  virtual ~FrameSink() = default;
  /// Called at the date `frame.wire_at`.
  virtual void frame_arrives(const Frame& frame) = 0;
};

inline constexpr std::int32_t kEthernetHeader = 14;
inline constexpr std::int32_t kEthernetCrc = 4;
inline constexpr std::int32_t kPreambleAndGap = 20;  ///< 8 of preamble, 12 of gap
inline constexpr std::int32_t kMinimalFrame = 64;    ///< header to CRC; shorter ones are padded
inline constexpr std::int32_t kIpTcpHeaders = 40;
inline constexpr std::int32_t kTimestampOption = 12;

/// How long frames occupy the wire.
struct Wire {
  double link_gbps = 10.0;
  bool timestamps = true;

  std::int32_t header_bytes() const { return kIpTcpHeaders + (timestamps ? kTimestampOption : 0); }
  /// With framing: MTU + 38 for a full segment.
  std::int64_t wire_bytes(std::int32_t payload) const {
    return std::max<std::int64_t>(payload + header_bytes() + kEthernetHeader + kEthernetCrc,
                                  kMinimalFrame) +
           kPreambleAndGap;
  }
  /// Exact at 10 Gb/s: 800 ps a byte.
  sim::Picoseconds frame_ps(std::int32_t payload) const {
    return sim::round_to_ps(static_cast<double>(wire_bytes(payload)) * 8000.0 / link_gbps);
  }
};

}  // namespace models
