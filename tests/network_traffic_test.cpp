// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "models/traffic/capture.hpp"
#include "models/traffic/traffic.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_hardware.hpp"

using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Recorder : models::FrameSink {
  void frame_arrives(const models::Frame& frame) override { frames.push_back(frame); }
  std::vector<models::Frame> frames;
};

struct Played {
  std::vector<models::Frame> frames;
  models::TrafficStats stats;
};

Played play(const models::Traffic& traffic, const models::Nic& nic, sim::Picoseconds duration,
            int sockets = 1, std::uint64_t seed = 1) {
  test::FakeHardware hw;
  Recorder recorder;
  const auto source =
      models::make_traffic(traffic, nic, sockets, hw, recorder, sim::Stream(seed, 0, "traffic"));
  source->start();
  hw.run_until(duration);
  return {recorder.frames, source->stats()};
}

models::Traffic of_kind(models::TrafficKind kind) {
  models::Traffic traffic;
  traffic.kind = kind;
  return traffic;
}

std::string capture_path() {
  return std::string(SOCKBUFSIM_SOURCE_DIR) + "/scenarios/captures/iperf3-2g.pcap";
}

/// A file that lives as long as the object.
struct TemporaryFile {
  explicit TemporaryFile(const std::string& name)
      : path((std::filesystem::temp_directory_path() / name).string()) {}
  ~TemporaryFile() { std::remove(path.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  std::string path;
};

}  // namespace

TEST_CASE("network: the wire carries a frame in the time that its bytes take") {
  const models::Wire wire;
  CHECK(wire.wire_bytes(1448) == 1538);
  CHECK(wire.frame_ps(1448) == 1'230'400);
  CHECK(wire.frame_ps(8948) == 7'230'400);
  CHECK(wire.frame_ps(0) == 72'000);  // 52 of headers and 18 of Ethernet, and 20 of framing
  CHECK(models::Wire{.link_gbps = 10.0, .timestamps = false}.frame_ps(0) ==
        67'200);  // padded to 64
  CHECK(models::Wire{.link_gbps = 1.0}.frame_ps(1448) == 12'304'000);
}

TEST_CASE("network: line rate is exact to the picosecond, and shifted by less than a period") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Played p = play(of_kind(models::TrafficKind::line_rate), models::Nic{},
                          10 * sim::kMillisecond, 1, seed);
    REQUIRE(p.frames.size() > 8000);
    for (std::size_t i = 1; i < p.frames.size(); ++i) {
      REQUIRE(p.frames[i].wire_at - p.frames[i - 1].wire_at == 1'230'400);
    }
    CHECK(p.frames[0].wire_at >= 1'230'400);
    CHECK(p.frames[0].wire_at <= 2'460'800);
    CHECK(p.stats.offered_pps() == Approx(1e12 / 1'230'400).epsilon(1e-12));
  }
  models::Traffic fixed = of_kind(models::TrafficKind::line_rate);
  fixed.randomise_phase = false;
  fixed.start_us = 5;
  CHECK(play(fixed, models::Nic{}, sim::kMillisecond).frames[0].wire_at == 6'230'400);
  fixed.rate_pps = 3e5;  // a period of 3333333.33 ps: rounding does not add up
  const Played thirds = play(fixed, models::Nic{}, 100 * sim::kMillisecond);
  CHECK(thirds.frames.at(29'999 - 2).wire_at == 5'000'000 + 99'993'333'333);
  fixed.rate_pps = 1e9;  // beyond the wire
  CHECK(play(fixed, models::Nic{}, sim::kMillisecond).stats.offered_pps() ==
        Approx(1e12 / 1'230'400).epsilon(1e-9));
}

TEST_CASE("network: Poisson arrivals have the mean and the variance of their rate") {
  models::Traffic traffic = of_kind(models::TrafficKind::poisson);
  traffic.rate_pps = 2e5;
  const Played p = play(traffic, models::Nic{}, sim::kSecond);
  CHECK(p.stats.offered_pps() == Approx(2e5).epsilon(0.01));
  double squares = 0;
  int closer_than_wire = 0;
  for (std::size_t i = 1; i < p.frames.size(); ++i) {
    const auto gap = static_cast<double>(p.frames[i].wire_at - p.frames[i - 1].wire_at) / 5e6;
    squares += gap * gap;
    closer_than_wire += gap * 5e6 < 1'230'400 ? 1 : 0;
  }
  CHECK(squares / static_cast<double>(p.frames.size()) == Approx(2.0).epsilon(0.03));
  CHECK(closer_than_wire > 0);
}

TEST_CASE("network: bursts have wire spacing within and silence between") {
  models::Traffic traffic = of_kind(models::TrafficKind::burst);
  traffic.burst_frames = models::DistributionSpec(10.0);
  traffic.off_us = models::DistributionSpec(100.0);
  const Played p = play(traffic, models::Nic{}, 10 * sim::kMillisecond);
  for (std::size_t i = 1; i < p.frames.size(); ++i) {
    const bool new_burst = i % 10 == 0;
    REQUIRE(p.frames[i].wire_at - p.frames[i - 1].wire_at ==
            1'230'400 + (new_burst ? 100'000'000 : 0));
  }
  traffic.burst_frames.reset();
  traffic.on_us = models::DistributionSpec(50.0);
  const Played timed = play(traffic, models::Nic{}, 15 * sim::kMillisecond);
  CHECK(timed.frames.size() == 4000);  // 100 periods of 150 us, 40 frames fit into 50 us
}

TEST_CASE("network: connections take turns, and end with a FIN") {
  models::Traffic traffic = of_kind(models::TrafficKind::line_rate);
  traffic.bytes = 2000;
  const Played p = play(traffic, models::Nic{}, sim::kMillisecond, 3);
  REQUIRE(p.frames.size() == 6);
  for (int i = 0; i < 6; ++i) {
    CHECK(p.frames[static_cast<std::size_t>(i)].socket == i % 3);
    CHECK(p.frames[static_cast<std::size_t>(i)].payload == (i < 3 ? 1448 : 552));
    CHECK(p.frames[static_cast<std::size_t>(i)].fin == (i >= 3));
  }
}

TEST_CASE("network: the shipped capture is read with its nanoseconds") {
  const models::Capture capture = models::read_capture(capture_path(), "");
  CHECK(capture.flow == "192.0.2.1:52720 > 192.0.2.2:5201");
  CHECK(capture.packets.size() == 7260);
  CHECK(capture.bytes == 10'485'797);
  CHECK(capture.packets.front().at == 0);
  CHECK(capture.packets.front().payload == 37);
  CHECK(capture.packets.back().at == 44'676'681 * sim::kNanosecond);
  int full = 0;
  for (const auto& packet : capture.packets) full += packet.payload == 1448 ? 1 : 0;
  CHECK(full == 7222);
  CHECK(std::filesystem::file_size(capture_path()) <= 1'000'000);

  const models::Capture control = models::read_capture(capture_path(), "src port 52704");
  CHECK(control.packets.size() == 7);
  CHECK(control.bytes == 464);
}

TEST_CASE("network: a replay keeps the capture's gaps, but never exceeds the wire") {
  models::Traffic traffic = of_kind(models::TrafficKind::pcap);
  traffic.file = capture_path();
  traffic.randomise_phase = false;
  const models::Capture capture = models::read_capture(traffic.file, "");
  const Played p = play(traffic, models::Nic{}, sim::kSecond);
  REQUIRE(p.frames.size() == capture.packets.size());
  const models::Wire wire;
  sim::Picoseconds latest = 0;
  for (std::size_t i = 0; i < p.frames.size(); ++i) {
    CHECK(p.frames[i].payload == capture.packets[i].payload);
    REQUIRE(p.frames[i].wire_at >= capture.packets[i].at);
    if (i > 0) {
      const sim::Picoseconds gap = p.frames[i].wire_at - p.frames[i - 1].wire_at;
      REQUIRE(gap >= wire.frame_ps(p.frames[i].payload));
    }
    latest = std::max(latest, p.frames[i].wire_at - capture.packets[i].at);
  }
  CHECK(latest > 0);  // a veth pair has no wire: some packets came closer than 1230.4 ns
  CHECK(latest < 60 * sim::kMicrosecond);

  traffic.time_scale = 10.0;
  CHECK(play(traffic, models::Nic{}, sim::kSecond).frames.back().wire_at ==
        10 * capture.packets.back().at);
  traffic.time_scale = 1.0;
  traffic.repeat = true;
  const Played again = play(traffic, models::Nic{}, 100 * sim::kMillisecond);
  CHECK(again.frames.size() > 2 * capture.packets.size());
  CHECK(again.frames.size() < 3 * capture.packets.size());
}

TEST_CASE("network: a capture that cannot be replayed is an error that names it") {
  const auto message = [](const std::string& file, const std::string& filter = "",
                          const models::Nic& nic = models::Nic{}) {
    models::Traffic traffic = of_kind(models::TrafficKind::pcap);
    traffic.file = traffic.file_as_written = file;
    traffic.pcap_filter = filter;
    try {
      play(traffic, nic, 0);
    } catch (const models::TrafficError& e) {
      return std::string(e.what());
    }
    return std::string("no error");
  };
  CHECK_THAT(message("/nonexistent/x.pcap"), ContainsSubstring("/nonexistent/x.pcap"));
  CHECK_THAT(message(capture_path(), "tcp port"), ContainsSubstring("pcap_filter 'tcp port'"));
  CHECK_THAT(message(capture_path(), "udp"), ContainsSubstring("no TCP packet with payload"));
  models::Nic small;
  small.mtu = 576;
  CHECK_THAT(message(capture_path(), "", small), ContainsSubstring("nic.mtu 576 allows 524"));

  const TemporaryFile broken("sockbufsim-network-broken.pcap");
  {
    std::ifstream in(capture_path(), std::ios::binary);
    std::vector<char> head(1000);
    in.read(head.data(), 1000);
    std::ofstream(broken.path, std::ios::binary).write(head.data(), 1000);
  }
  CHECK_THAT(message(broken.path), ContainsSubstring("truncated"));
  std::ofstream(broken.path, std::ios::binary | std::ios::trunc) << "not a capture, just text";
  CHECK_THAT(message(broken.path), ContainsSubstring("unknown file format"));
  std::ofstream(broken.path, std::ios::binary | std::ios::trunc) << "";
  CHECK_THAT(message(broken.path), ContainsSubstring(broken.path));
}
