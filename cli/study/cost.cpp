// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/cost.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "models/scenario/check.hpp"
#include "models/scenario/load.hpp"

namespace cli {
namespace {

using models::Scenario;
using models::Traffic;
using models::TrafficKind;

// Measured with the scenarios of the repository (10g-generic, small-reads, lock-loop).
constexpr double kSecondsPerRun = 2e-3;
constexpr double kSecondsPerFrame = 3e-6;
constexpr double kSecondsPerRead = 2.5e-6;
constexpr double kSecondsPerLoop = 1.2e-6;

/// Bytes that a captured packet takes in its file, more or less.
constexpr double kCapturedPacketBytes = 100.0;

double payload_bytes(const Scenario& scenario) {
  return scenario.traffic.payload_bytes.value_or(scenario.nic.mss());
}

/// As fast as the wire allows.
double line_rate_pps(const Scenario& scenario) {
  const auto payload = static_cast<std::int64_t>(payload_bytes(scenario));
  return scenario.traffic.link_gbps * 1e9 / 8.0 /
         static_cast<double>(models::wire_bytes(scenario.nic, payload));
}

/// Of the time, how much of it a burst takes.
double fraction_on(const Scenario& scenario, double line_rate) {
  const Traffic& traffic = scenario.traffic;
  const double off_us = traffic.off_us.mean();
  double on_us = traffic.on_us ? traffic.on_us->mean() : 0.0;
  if (traffic.burst_frames) on_us = traffic.burst_frames->mean() / line_rate * 1e6;
  return on_us + off_us > 0.0 ? on_us / (on_us + off_us) : 1.0;
}

double frames(const Scenario& scenario, double duration_s) {
  const Traffic& traffic = scenario.traffic;
  const double line_rate = line_rate_pps(scenario);
  switch (traffic.kind) {
    case TrafficKind::none:
      return 0.0;
    case TrafficKind::poisson:
      return traffic.rate_pps.value_or(line_rate) * duration_s;
    case TrafficKind::line_rate:
      return std::min(traffic.rate_pps.value_or(line_rate), line_rate) * duration_s;
    case TrafficKind::burst:
      return line_rate * fraction_on(scenario, line_rate) * duration_s;
    case TrafficKind::tcp: {
      double most = line_rate * duration_s;
      if (traffic.bytes) {
        most = std::min(most, static_cast<double>(*traffic.bytes) / payload_bytes(scenario));
      }
      return most;
    }
    case TrafficKind::pcap: {
      std::error_code failed;
      const auto size = std::filesystem::file_size(traffic.file, failed);
      return failed ? 0.0 : static_cast<double>(size) / kCapturedPacketBytes;
    }
  }
  return 0.0;
}

/// The smallest read of all readers decides.
double reads(const Scenario& scenario, double bytes) {
  double smallest = 65536.0;
  bool any = false;
  for (const models::SocketSpec& socket : scenario.sockets) {
    for (const models::Reader& reader : socket.readers) {
      smallest = std::min(smallest, static_cast<double>(reader.read_bytes));
      any = true;
    }
  }
  return any ? bytes / std::max(smallest, 1.0) : 0.0;
}

/// What synthetic threads go through.
double loops(const Scenario& scenario, double duration_s) {
  double total = 0.0;
  for (const models::ThreadGroup& group : scenario.threads) {
    double count = 0.0;
    if (group.arrivals_per_s) {
      count = *group.arrivals_per_s * group.batch.mean() * duration_s;
    } else {
      const double think_ns = group.think_ns ? group.think_ns->mean() : 0.0;
      const double cycle_ns = think_ns + group.work_ns.mean() + group.hold_ns.mean();
      count = group.count * duration_s * 1e9 / std::max(cycle_ns, 10.0);
    }
    const double most = group.loops ? static_cast<double>(*group.loops) * group.count : count;
    total += std::min(count, most);
  }
  return total;
}

}  // namespace

double estimate_cost_s(const models::LoadedScenario& loaded) {
  const Scenario& scenario = loaded.scenario;
  const double duration_s = scenario.duration_ms / 1e3;
  const double arriving = frames(scenario, duration_s);
  return kSecondsPerRun + kSecondsPerFrame * arriving +
         kSecondsPerRead * reads(scenario, arriving * payload_bytes(scenario)) +
         kSecondsPerLoop * loops(scenario, duration_s);
}

}  // namespace cli
