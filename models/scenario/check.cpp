// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/check.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "models/scenario/nearest.hpp"
#include "models/sockbuf.hpp"

namespace models {

std::int64_t wire_bytes(const Nic& nic, std::int64_t payload_bytes) {
  constexpr std::int64_t kIpAndTcp = 40;
  constexpr std::int64_t kTimestamps = 12;
  constexpr std::int64_t kEthernet = 14 + 4 + 8 + 12;
  constexpr std::int64_t kShortest = 84;
  return std::max(kShortest,
                  payload_bytes + kIpAndTcp + (nic.timestamps ? kTimestamps : 0) + kEthernet);
}

int socket_count(const Scenario& scenario) {
  int count = 0;
  for (const SocketSpec& socket : scenario.sockets) count += socket.count;
  return count;
}

void check_core(const Document& document, const LoadedScenario& loaded, const std::string& at,
                const std::optional<int>& core, ErrorList& errors) {
  const std::size_t cores = loaded.topology.size();
  if (!core || cores == 0 || static_cast<std::size_t>(*core) < cores) return;
  errors.add(document.error_at(
      at, fmt::format("core {}", *core),
      cores == 1 ? "core 0: the machine has one core"
                 : fmt::format("a core from 0 to {}: the machine has {} cores", cores - 1, cores)));
}

namespace {

class ScenarioChecker {
 public:
  ScenarioChecker(const Document& document, const LoadedScenario& loaded, ErrorList& errors)
      : document_(document), loaded_(loaded), s_(loaded.scenario), errors_(errors) {}

  void run() {
    check_run();
    check_machine();
    check_nic();
    check_traffic();
    for (std::size_t i = 0; i < s_.sockets.size(); ++i) {
      check_socket(s_.sockets[i], "/sockets/" + std::to_string(i));
    }
  }

 private:
  void fail(const std::string& at, std::string found, std::string allowed, std::string hint = {}) {
    errors_.add(document_.error_at(at, std::move(found), std::move(allowed), std::move(hint)));
  }
  void core(const std::string& at, const std::optional<int>& value) {
    check_core(document_, loaded_, at, value, errors_);
  }
  void before_end(const std::string& at, double date_us) {
    if (date_us < s_.duration_ms * 1000.0) return;
    fail(at, number_text(date_us) + " us",
         fmt::format("a date before the end of the run, {} us",
                     number_text(s_.duration_ms * 1000.0)));
  }

  void check_run() {
    if (s_.warmup_ms >= s_.duration_ms) {
      fail("/warmup_ms", number_text(s_.warmup_ms) + " ms",
           fmt::format("less than duration_ms, which is {} ms and covers the warm-up",
                       number_text(s_.duration_ms)),
           "Raise duration_ms, or lower warmup_ms.");
    }
    if (s_.sockets.empty() && s_.threads.empty() && s_.traffic.kind == TrafficKind::none) {
      fail("", "neither sockets nor threads", "at least one of them: there is nothing to simulate");
    }
  }

  void check_machine() {
    const Machine& m = s_.machine;
    if (m.cores && !m.topology.empty() && m.topology.size() != static_cast<std::size_t>(*m.cores)) {
      fail("/machine/topology", fmt::format("{} entries", m.topology.size()),
           fmt::format("one entry for each of the {} cores", *m.cores));
    }
    for (std::size_t i = 0; i < m.topology.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (m.topology[i].cache != m.topology[j].cache ||
            m.topology[i].package == m.topology[j].package) {
          continue;
        }
        fail(fmt::format("/machine/topology/{}", i),
             fmt::format("cache {} in package {}", m.topology[i].cache, m.topology[i].package),
             fmt::format("package {}, where core {} shares that cache", m.topology[j].package, j));
        break;
      }
    }
  }

  void check_nic() {
    const Nic& n = s_.nic;
    core("/nic/interrupt_core", n.interrupt_core);
    core("/nic/netisr_core", n.netisr_core);
    for (std::size_t i = 0; i < n.queue_cores.size(); ++i) {
      core(fmt::format("/nic/queue_cores/{}", i), n.queue_cores[i]);
    }
    if (!n.queue_cores.empty() && n.queue_cores.size() != static_cast<std::size_t>(n.queues)) {
      fail("/nic/queue_cores", fmt::format("{} entries", n.queue_cores.size()),
           fmt::format("one entry for each of the {} queues", n.queues));
    }
    if (n.mbufs_per_frame > n.mss()) {
      fail("/nic/mbufs_per_frame", std::to_string(n.mbufs_per_frame),
           fmt::format("at most {}, the bytes of a full segment", n.mss()));
    }
    if (n.coalesce.kind == CoalesceKind::adaptive &&
        n.coalesce.min_delay_us > n.coalesce.max_delay_us) {
      fail("/nic/coalesce/min_delay_us", number_text(n.coalesce.min_delay_us) + " us",
           fmt::format("at most max_delay_us, which is {} us",
                       number_text(n.coalesce.max_delay_us)));
    }
    if (n.lro.enabled && n.lro.max_bytes < n.mtu) {
      fail("/nic/lro/max_bytes", std::to_string(n.lro.max_bytes),
           fmt::format("at least the MTU, {} bytes", n.mtu));
    }
  }

  void check_traffic() {
    const Traffic& t = s_.traffic;
    if (t.kind == TrafficKind::none) return;
    if (s_.sockets.empty()) {
      fail("/sockets", "no socket",
           fmt::format("at least one, for traffic of kind {}", enum_name(t.kind)));
    }
    if (t.payload_bytes && *t.payload_bytes > s_.nic.mss()) {
      fail("/traffic/payload_bytes", std::to_string(*t.payload_bytes),
           fmt::format("at most {}, the payload of a full segment at MTU {}", s_.nic.mss(),
                       s_.nic.mtu));
    }
    check_rate();
    if (t.kind == TrafficKind::burst) check_burst();
    if (t.kind == TrafficKind::pcap) check_capture();
    before_end("/traffic/start_us", t.start_us);
    if (t.stop_us && *t.stop_us <= t.start_us) {
      fail("/traffic/stop_us", number_text(*t.stop_us) + " us",
           fmt::format("later than start_us, which is {} us", number_text(t.start_us)));
    }
  }

  void check_rate() {
    const Traffic& t = s_.traffic;
    if (t.kind == TrafficKind::poisson && !t.rate_pps) {
      fail("/traffic/rate_pps", "nothing", "a number above 0 frames/s",
           "Traffic of kind poisson needs it.");
    }
    if (!t.rate_pps) return;
    constexpr double kRounding = 1.0 + 1e-6;
    const auto frame =
        static_cast<double>(wire_bytes(s_.nic, t.payload_bytes.value_or(s_.nic.mss())));
    const double fastest = t.link_gbps * 1e9 / (8.0 * frame);
    if (*t.rate_pps > fastest * kRounding) {
      fail("/traffic/rate_pps", number_text(*t.rate_pps) + " frames/s",
           fmt::format("at most {:.1f} frames/s, which is what {} Gb/s carry of frames of {} bytes "
                       "on the wire",
                       fastest, number_text(t.link_gbps), static_cast<std::int64_t>(frame)));
    }
  }

  void check_burst() {
    const Traffic& t = s_.traffic;
    if (t.on_us.has_value() == t.burst_frames.has_value()) {
      fail("/traffic", t.on_us ? "both on_us and burst_frames" : "neither on_us nor burst_frames",
           "exactly one of on_us and burst_frames, for traffic of kind burst");
    }
    if (t.on_us && t.on_us->always_zero()) {
      fail("/traffic/on_us", "a burst without length", "a distribution of values above 0 us");
    }
  }

  void check_capture() {
    if (s_.traffic.file_as_written.empty()) {
      fail("/traffic/file", "nothing", "the name of a capture file",
           "Traffic of kind pcap needs it.");
      return;
    }
    const std::string problem = file_problem(s_.traffic.file);
    if (!problem.empty()) {
      fail("/traffic/file", quote(s_.traffic.file) + ", " + problem,
           "the name of a readable capture file");
    }
  }

  void check_socket(const SocketSpec& socket, const std::string& at) {
    if (socket.low_water > socket.receive_buffer_bytes) {
      fail(at + "/low_water", std::to_string(socket.low_water),
           fmt::format("at most receive_buffer_bytes, which is {}", socket.receive_buffer_bytes));
    }
    if (const auto max = s_.receive.sb_max_bytes;
        max && socket.receive_buffer_bytes > sb_max_adj(*max)) {
      fail(at + "/receive_buffer_bytes", std::to_string(socket.receive_buffer_bytes),
           fmt::format("at most {}, which is what a receive.sb_max_bytes of {} grants",
                       sb_max_adj(*max), *max),
           fmt::format("Raise receive.sb_max_bytes to {}, or leave it out.",
                       least_sb_max(socket.receive_buffer_bytes)));
    }
    if (socket.queue && *socket.queue >= s_.nic.queues) {
      fail(at + "/queue", std::to_string(*socket.queue),
           fmt::format("less than nic.queues, which is {}", s_.nic.queues));
    }
    if (socket.autosize && socket.autosize_max_bytes < socket.receive_buffer_bytes) {
      fail(at + "/autosize_max_bytes", std::to_string(socket.autosize_max_bytes),
           fmt::format("at least receive_buffer_bytes, which is {}", socket.receive_buffer_bytes));
    }
    for (std::size_t i = 0; i < socket.readers.size(); ++i) {
      check_reader(socket.readers[i], fmt::format("{}/readers/{}", at, i));
    }
  }

  void check_reader(const Reader& reader, const std::string& at) {
    core(at + "/core", reader.core);
    before_end(at + "/start_us", reader.start_us);
    const bool free_calls =
        loaded_.costs.net.syscall_ps + loaded_.costs.net.soreceive_setup_ps == 0;
    if (!reader.blocking && reader.poll_us == 0.0 && free_calls) {
      fail(at + "/poll_us", "0 us",
           "a number above 0 us: on this machine a read that finds nothing takes no time");
    }
  }

  const Document& document_;
  const LoadedScenario& loaded_;
  const Scenario& s_;
  ErrorList& errors_;
};

}  // namespace

void check_scenario(const Document& document, const LoadedScenario& loaded, ErrorList& errors) {
  ScenarioChecker(document, loaded, errors).run();
  check_threads_and_goals(document, loaded, errors);
}

}  // namespace models
