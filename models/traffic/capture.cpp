// SPDX-License-Identifier: BSD-2-Clause
#include "models/traffic/capture.hpp"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

namespace models {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t kProtocolTcp = 6;

struct PcapCloser {
  void operator()(pcap_t* p) const { pcap_close(p); }
};
using PcapFile = std::unique_ptr<pcap_t, PcapCloser>;

std::uint32_t big_endian(Bytes b, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | b[at + i];
  return value;
}

/// One direction of a connection. Addresses are 4 or 16 bytes long.
struct FlowKey {
  std::vector<std::uint8_t> source;
  std::vector<std::uint8_t> destination;
  std::uint32_t source_port = 0;
  std::uint32_t destination_port = 0;
  bool operator<(const FlowKey& other) const {
    return std::tie(source, destination, source_port, destination_port) <
           std::tie(other.source, other.destination, other.source_port, other.destination_port);
  }
};

std::string address_text(const std::vector<std::uint8_t>& address) {
  if (address.size() == 4) {
    return fmt::format("{}.{}.{}.{}", address[0], address[1], address[2], address[3]);
  }
  std::string text = "[";
  for (std::size_t i = 0; i + 1 < address.size(); i += 2) {
    text += fmt::format("{}{:x}", i == 0 ? "" : ":", address[i] << 8 | address[i + 1]);
  }
  return text + "]";
}

struct TcpPacket {
  FlowKey flow;
  std::int32_t payload = 0;
};

/// Where the IP header starts; nothing when the packet is not IP.
std::optional<std::size_t> ip_offset(int link_type, Bytes b) {
  std::size_t at = 0;
  switch (link_type) {
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
      return 0;
    case DLT_NULL:
    case DLT_LOOP:
      return 4;
    case DLT_LINUX_SLL:
      at = 14;
      break;
    case DLT_LINUX_SLL2:
      return 20;
    default:
      at = 12;
      while (b.size() >= at + 4 &&
             (big_endian(b, at, 2) == 0x8100 || big_endian(b, at, 2) == 0x88a8)) {
        at += 4;
      }
  }
  if (b.size() < at + 2) return std::nullopt;
  const std::uint32_t type = big_endian(b, at, 2);
  if (type != 0x0800 && type != 0x86dd) return std::nullopt;
  return at + 2;
}

bool known_link_type(int type) {
  constexpr std::array<int, 8> kKnown = {DLT_EN10MB, DLT_RAW,  DLT_IPV4,      DLT_IPV6,
                                         DLT_NULL,   DLT_LOOP, DLT_LINUX_SLL, DLT_LINUX_SLL2};
  return std::find(kKnown.begin(), kKnown.end(), type) != kKnown.end();
}

/// The TCP header behind an IP header that ends at `at`, with `left` bytes of the IP packet from
/// there on.
std::optional<TcpPacket> parse_tcp(FlowKey flow, Bytes b, std::size_t at, std::int64_t left) {
  if (b.size() < at + 13) return std::nullopt;
  const std::int64_t header = std::int64_t{4} * (b[at + 12] >> 4);
  if (header < 20 || left < header) return std::nullopt;
  flow.source_port = big_endian(b, at, 2);
  flow.destination_port = big_endian(b, at + 2, 2);
  return TcpPacket{std::move(flow), static_cast<std::int32_t>(left - header)};
}

std::optional<TcpPacket> parse_ip(Bytes b, std::size_t at) {
  if (b.size() < at + 20) return std::nullopt;
  const auto address = [&](std::size_t offset, std::size_t size) {
    const auto begin = b.begin() + static_cast<std::ptrdiff_t>(at + offset);
    return std::vector<std::uint8_t>(begin, begin + static_cast<std::ptrdiff_t>(size));
  };
  FlowKey flow;
  if (b[at] >> 4 == 4) {
    const std::size_t header = static_cast<std::size_t>(b[at] & 0x0f) * 4;
    const bool fragment = (big_endian(b, at + 6, 2) & 0x3fff) != 0;
    if (header < 20 || fragment || b[at + 9] != kProtocolTcp) return std::nullopt;
    flow.source = address(12, 4);
    flow.destination = address(16, 4);
    const auto left =
        static_cast<std::int64_t>(big_endian(b, at + 2, 2)) - static_cast<std::int64_t>(header);
    return parse_tcp(std::move(flow), b, at + header, left);
  }
  if (b[at] >> 4 != 6 || b.size() < at + 40 || b[at + 6] != kProtocolTcp) return std::nullopt;
  flow.source = address(8, 16);
  flow.destination = address(24, 16);
  return parse_tcp(std::move(flow), b, at + 40, big_endian(b, at + 4, 2));
}

PcapFile open_file(const std::string& file) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  PcapFile pcap(pcap_open_offline_with_tstamp_precision(file.c_str(), PCAP_TSTAMP_PRECISION_NANO,
                                                        error.data()));
  if (!pcap) throw TrafficError(fmt::format("cannot read capture {}: {}", file, error.data()));
  if (!known_link_type(pcap_datalink(pcap.get()))) {
    const char* name = pcap_datalink_val_to_name(pcap_datalink(pcap.get()));
    throw TrafficError(
        fmt::format("capture {}: link type {} is not supported; Ethernet, raw IP, BSD loopback and "
                    "Linux cooked are",
                    file, name != nullptr ? name : "(unknown)"));
  }
  return pcap;
}

void set_filter(pcap_t* pcap, const std::string& file, const std::string& filter) {
  bpf_program program{};
  if (pcap_compile(pcap, &program, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    throw TrafficError(
        fmt::format("capture {}: pcap_filter '{}': {}", file, filter, pcap_geterr(pcap)));
  }
  const int status = pcap_setfilter(pcap, &program);
  pcap_freecode(&program);
  if (status != 0) {
    throw TrafficError(fmt::format("capture {}: pcap_filter '{}' cannot be applied: {}", file,
                                   filter, pcap_geterr(pcap)));
  }
}

sim::Picoseconds since(const timeval& t, const timeval& origin) {
  // With nanosecond precision tv_usec counts nanoseconds.
  return (static_cast<std::int64_t>(t.tv_sec) - origin.tv_sec) * sim::kSecond +
         (static_cast<std::int64_t>(t.tv_usec) - origin.tv_usec) * sim::kNanosecond;
}

/// Dates count from the first packet; clocks that step back are held.
void normalise(std::vector<Capture::Packet>& packets) {
  const sim::Picoseconds origin = packets.front().at;
  sim::Picoseconds last = 0;
  for (Capture::Packet& p : packets) {
    p.at = last = std::max(last, p.at - origin);
  }
}

}  // namespace

Capture read_capture(const std::string& file, const std::string& filter) {
  const PcapFile pcap = open_file(file);
  if (!filter.empty()) set_filter(pcap.get(), file, filter);
  const int link_type = pcap_datalink(pcap.get());
  constexpr std::int64_t kLongestSeconds = 1'000'000;

  std::map<FlowKey, Capture> flows;
  std::optional<timeval> origin;
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  int status = 0;
  while ((status = pcap_next_ex(pcap.get(), &header, &data)) == 1) {
    const Bytes bytes(data, header->caplen);
    const auto at = ip_offset(link_type, bytes);
    const auto packet = at ? parse_ip(bytes, *at) : std::nullopt;
    if (!packet || packet->payload <= 0) continue;
    if (!origin) origin = header->ts;
    const std::int64_t seconds = static_cast<std::int64_t>(header->ts.tv_sec) - origin->tv_sec;
    if (seconds < -kLongestSeconds || seconds > kLongestSeconds) {
      throw TrafficError(fmt::format("capture {}: time stamps are {} s apart", file, seconds));
    }
    Capture& flow = flows[packet->flow];
    flow.packets.push_back({since(header->ts, *origin), packet->payload});
    flow.bytes += packet->payload;
  }
  if (status != PCAP_ERROR_BREAK) {
    throw TrafficError(fmt::format("capture {}: {}", file, pcap_geterr(pcap.get())));
  }
  if (flows.empty()) {
    throw TrafficError(fmt::format("capture {}: no TCP packet with payload{}", file,
                                   filter.empty() ? "" : " passes pcap_filter"));
  }
  // The first of several largest in the order of addresses: independent of the file's order.
  const auto largest = std::max_element(
      flows.begin(), flows.end(),
      [](const auto& a, const auto& b) { return a.second.bytes < b.second.bytes; });
  Capture result = std::move(largest->second);
  const FlowKey& key = largest->first;
  result.flow = fmt::format("{}:{} > {}:{}", address_text(key.source), key.source_port,
                            address_text(key.destination), key.destination_port);
  normalise(result.packets);
  return result;
}

ReplayArrivals::ReplayArrivals(Capture capture, const Traffic& traffic, const Wire& wire,
                               sim::Stream stream)
    : capture_(std::move(capture)),
      wire_(wire),
      time_scale_(traffic.time_scale),
      repeat_(traffic.repeat),
      mean_gap_(0),
      base_(sim::from_us(traffic.start_us)) {
  const auto& packets = capture_.packets;
  const auto gaps = static_cast<double>(std::max<std::size_t>(packets.size() - 1, 1));
  mean_gap_ =
      std::max(sim::round_to_ps(static_cast<double>(packets.back().at) * time_scale_ / gaps),
               wire_.frame_ps(packets.front().payload));
  if (traffic.randomise_phase) {
    base_ += sim::round_to_ps(stream.uniform(0.0, static_cast<double>(mean_gap_)));
  }
}

std::optional<Arrivals::Arrival> ReplayArrivals::next() {
  if (index_ == capture_.packets.size()) {
    if (!repeat_) return std::nullopt;
    index_ = 0;
    base_ = last_ + mean_gap_;
  }
  const Capture::Packet& packet = capture_.packets[index_++];
  const sim::Picoseconds captured =
      base_ + sim::round_to_ps(static_cast<double>(packet.at) * time_scale_);
  last_ = first_ ? captured : std::max(captured, last_ + wire_.frame_ps(packet.payload));
  first_ = false;
  return Arrival{last_, packet.payload};
}

}  // namespace models
