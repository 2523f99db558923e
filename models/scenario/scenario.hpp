// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/scenario/distribution_spec.hpp"
#include "models/scenario/enums.hpp"

/// A scenario as plain data: what a file says, with defaults filled in. The meaning, unit and range
/// of every field stand once, in fields.hpp; docs/scenario.md is generated from there. An absent
/// optional means what the field's documentation says. Nothing here has been checked: see load.hpp.
namespace models {

/// Where a core sits: cores with one `cache` share their last-level cache, cores with one `package`
/// the socket of the board.
struct CorePlace {
  int package = 0;
  int cache = 0;
};

struct Machine {
  std::string profile = "woodcrest-2007";  ///< name, or a path relative to the scenario's file
  std::optional<int> cores;
  std::vector<CorePlace> topology;  ///< one entry a core, or empty: the profile's
  bool preemption = true;
  sim::LockKind lock_discipline = sim::LockKind::adaptive;
  std::optional<double> time_slice_ms;
  double cost_cv = 0.0;
  std::map<std::string, double> costs;  ///< by the profile's names, in the profile's units
};

struct Coalesce {
  CoalesceKind kind = CoalesceKind::none;
  double delay_us = 30.0;
  int frames = 32;
  double min_delay_us = 10.0;   ///< ixgbe's rule for the shortest frames
  double max_delay_us = 374.0;  ///< and for all of 2976 bytes and more
};

struct Lro {
  bool enabled = false;
  int entries = 8;
  int max_bytes = 65535;
};

struct Nic {
  int mtu = 1500;
  int rx_ring = 1024;
  int mbufs_per_frame = 1;
  bool timestamps = true;
  int queues = 1;
  int interrupt_core = 0;
  std::vector<int> queue_cores;  ///< one a queue, or empty: interrupt_core, interrupt_core + 1, ...
  Coalesce coalesce;
  int poll_budget = 0;  ///< 0: no limit
  Lro lro;
  double dma_latency_ns = 0.0;
  Dispatch dispatch = Dispatch::direct;
  int netisr_queue_limit = 50;
  std::optional<int> netisr_core;

  /// Payload of a full segment: the MTU less 40 bytes of headers and 12 of the timestamp option.
  int mss() const { return mtu - 40 - (timestamps ? 12 : 0); }
};

struct Traffic {
  TrafficKind kind = TrafficKind::none;
  double link_gbps = 10.0;
  std::optional<int> payload_bytes;  ///< absent: Nic::mss()
  std::optional<double> rate_pps;
  std::optional<DistributionSpec> on_us;
  std::optional<DistributionSpec> burst_frames;
  DistributionSpec off_us{100.0};
  double rtt_us = 100.0;
  int initial_window_segments = 4;
  bool delayed_ack = true;
  double rto_ms = 230.0;
  std::string file;             ///< the capture to open: file_as_written, resolved by the loader
  std::string file_as_written;  ///< `file` in JSON: relative to the scenario file that says it
  double time_scale = 1.0;
  std::string pcap_filter;
  bool repeat = false;
  bool randomise_phase = true;
  double start_us = 0.0;
  std::optional<double> stop_us;
  std::optional<std::int64_t> bytes;
};

struct Reader {
  std::string name;
  int count = 1;
  std::optional<int> core;
  std::int64_t read_bytes = 65536;
  bool blocking = true;
  double poll_us = 10.0;
  bool waitall = false;
  bool peek = false;
  DistributionSpec process_ns{0.0};
  double process_ns_per_byte = 0.0;
  std::optional<std::int64_t> max_reads;
  double start_us = 0.0;
  bool file_ref = true;
};

struct SocketSpec {
  int count = 1;
  std::int64_t receive_buffer_bytes = 65536;
  std::int64_t low_water = 1;
  std::optional<int> queue;
  bool autosize = false;
  std::int64_t autosize_increment_bytes = 16384;
  std::int64_t autosize_max_bytes = 262144;
  std::vector<Reader> readers;
};

struct Receive {
  std::string algorithm = "generic";
  Era era = Era::y2007_03;
  std::optional<Sblock> sblock;
  std::optional<std::int64_t> sb_max_bytes;

  /// The sblock in force: the one asked for, else the era's.
  Sblock effective_sblock() const {
    return sblock.value_or(era == Era::y2007_05 ? Sblock::sx : Sblock::flag);
  }
};

struct Trigger {
  TriggerEvent event = TriggerEvent::first_copyout;
  std::int64_t n = 1;
  double after_us = 0.0;
  double delay_ns = 0.0;
};

struct Disturb {
  DisturbKind action = DisturbKind::shutdown_rd;  ///< `do` in JSON
  std::optional<double> at_us;
  std::optional<Trigger> when;
  int socket = 0;  ///< counted after `count` has replicated the sockets
  std::optional<int> core;
  bool file_ref = true;
  std::optional<std::int64_t> offset_bytes;
  std::optional<double> probability;
  double sleep_us = 100.0;
  std::int64_t read_bytes = 65536;
  bool blocking = true;
  bool waitall = false;
  bool peek = false;
  std::optional<std::int64_t> max_reads;
  std::optional<int> reader;  ///< signal: counted within the socket, second readers last
};

struct Expect {
  std::optional<std::string> metric;
  std::optional<double> min;
  std::optional<double> max;
  std::optional<Verdict> verdict;
  std::optional<std::string> kind;
};

struct LockSpec {
  std::string name;
  std::optional<sim::LockKind> kind;  ///< absent: Machine::lock_discipline
  double holder_slowdown_per_waiter = 0.0;
  double handoff_ns_per_waiter = 0.0;
};

/// Synthetic threads. Closed: think, work, lock, hold, unlock. Open: every request that arrives is
/// a thread that does work, lock, hold, unlock and ends.
struct ThreadGroup {
  std::string name;  ///< as loaded: `threads<index>` when not given
  int count = 1;
  std::optional<std::string> lock;
  std::optional<DistributionSpec> think_ns;
  std::optional<double> arrivals_per_s;
  DistributionSpec batch{1.0};
  std::optional<int> queue_limit;
  DistributionSpec work_ns{0.0};
  DistributionSpec hold_ns{0.0};
  std::optional<std::int64_t> loops;
  std::optional<int> core;
  ThreadPriority priority = ThreadPriority::user;
  StartPhase start_phase = StartPhase::random;
};

struct Timeline {
  double from_us = 0.0;
  std::optional<double> to_us;
  std::int64_t max_events = 1'000'000;
};

struct Observe {
  std::vector<double> quantiles{0.5, 0.9, 0.99, 0.999};
  std::vector<double> wait_over_ns;
  std::vector<int> number_at_least;
  bool lock_instances = false;
  /// Absent: false. So scenarios that do not ask keep their hashes.
  std::optional<bool> histograms;
  Timeline timeline;
};

/// The small world that `explore` makes of a scenario: what there is to do, without dates.
struct Explore {
  int buffered_segments = 1;
  int segments = 1;
  /// Absent: explored_low_water().
  std::optional<std::int64_t> low_water;
  int reads = 1;
  /// Absent: as often as something has changed, or a few times. So scenarios that do not say
  /// keep their hashes.
  std::optional<int> retries;
  bool at_any_moment = false;
};

struct Scenario {
  std::string schema;  ///< always kScenarioSchema once loaded
  std::string name;
  std::string description;
  std::int64_t seed = 1;
  double duration_ms = 50.0;
  double warmup_ms = 0.0;
  int replications = 1;
  TieBreak tie_break = TieBreak::fifo;
  Machine machine;
  Nic nic;
  Traffic traffic;
  std::vector<SocketSpec> sockets;
  Receive receive;
  std::vector<Disturb> disturb;
  std::vector<LockSpec> locks;
  std::vector<ThreadGroup> threads;
  std::vector<Expect> expect;
  Observe observe;
  Explore explore;

  /// kern.ipc.maxsockbuf: the one asked for, else SB_MAX, raised for larger buffers to the least
  /// that grants them.
  std::int64_t effective_sb_max_bytes() const;
};

inline constexpr const char* kScenarioSchema = "sockbufsim/scenario/1";

}  // namespace models
