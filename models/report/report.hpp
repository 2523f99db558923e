// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "models/scenario/enums.hpp"
#include "sim/base/work.hpp"

/// What a run found, as plain data. The meaning and unit of every number stand once, in fields.hpp,
/// from which JSON, CSV, the schema and the list of metrics are made.
///
/// Measured numbers are doubles, counts too (exact to 2^53), because with replications each is the
/// mean over them. They cover the window of measurement: the end of the warm-up to the end of the
/// run.
namespace models {

/// A quantile that the scenario asked for.
struct QuantileReport {
  std::string name;  ///< "p99.9"
  double q = 0.0;
  double value = 0.0;
};

/// How many times were in lower_ns .. upper_ns, both included.
struct BucketReport {
  double lower_ns = 0.0;
  double upper_ns = 0.0;
  double count = 0.0;
};

/// A distribution of times, in ns.
struct TimeStats {
  double count = 0.0;
  double total = 0.0;
  double mean = 0.0;            ///< over all
  double mean_contended = 0.0;  ///< over the acquisitions whose first attempt failed; locks only
  double p50 = 0.0;
  double p99 = 0.0;
  double max = 0.0;
  std::vector<QuantileReport> quantiles;
  std::vector<BucketReport> histogram;  ///< only with observe.histograms: ascending, none empty
};

/// The share of acquisitions that waited longer than a threshold.
struct WaitOverReport {
  std::string name;  ///< "500ns"
  double threshold_ns = 0.0;
  double fraction = 0.0;
};

/// The share of time with at least so many threads holding a lock or waiting for it.
struct NumberAtLeastReport {
  std::string name;  ///< "5_or_more"
  double number = 0.0;
  double fraction = 0.0;
};

/// What LOCK_PROFILING(9) knows of a lock class, an instance or an acquisition point.
struct AcquisitionReport {
  double acquisitions = 0.0;
  double acquisitions_per_s = 0.0;
  double contended = 0.0;
  double contended_fraction = 0.0;
  TimeStats wait_ns;  ///< over all acquisitions, 0 where not contended
  TimeStats hold_ns;
  double spin_ns_total = 0.0;
  double block_ns_total = 0.0;
  double failed_while_held = 0.0;  ///< LOCK_PROFILING's cnt_hold
  std::vector<WaitOverReport> wait_over;
};

/// An acquisition point, or an instance of a lock class.
struct LockPartReport {
  std::string name;  ///< "uipc_socket.c:1669"; instances: "1", "2", ...
  AcquisitionReport figures;
};

/// Who waited for whom, by role.
struct BlameReport {
  std::string name;  ///< "rx0<reader0": the waiter, then the holder
  std::string waiter;
  std::string holder;
  double count = 0.0;
  double wait_ns = 0.0;
  /// Where the waiter wanted the lock, and where the holder had got it, when known: points of the
  /// largest part of the wait.
  std::string waiter_point;
  std::string holder_point;
};

struct LockReport {
  std::string name;
  std::string kind;  ///< the discipline: "adaptive", ..., "sx"
  double instances = 0.0;
  AcquisitionReport figures;       ///< its members stand beside `name` in JSON
  double utilisation = 0.0;        ///< time held / (window * instances)
  double number_mean = 0.0;        ///< threads that hold or wait, time average over all instances
  double waiting_mean = 0.0;       ///< of them waiting
  TimeStats sojourn_ns;            ///< first attempt to release
  std::vector<double> number_pmf;  ///< fraction of time with 0, 1, ... threads; last: "or more"
  std::vector<NumberAtLeastReport> number_at_least;
  std::vector<LockPartReport> points;
  std::vector<BlameReport> blame;
  std::vector<LockPartReport> per_instance;  ///< only when observe.lock_instances
};

struct ViolationReport {
  std::string kind;
  std::string message;
  double time_ns = 0.0;
  std::string thread;              ///< empty when a device found it
  std::int64_t replication = 0;    ///< counted from 0
  std::vector<std::string> trail;  ///< who did what on which core, oldest first; one line each
};

/// An item of the scenario's `expect`, and how it came out.
struct ExpectationReport {
  std::string metric;  ///< empty: the item expects a verdict
  bool passed = false;
  std::optional<double> actual;  ///< absent: a verdict, or no such entry in this run
  std::optional<double> min;
  std::optional<double> max;
  std::string expected_verdict;  ///< empty: the item expects a metric
  std::string expected_kind;
  std::string actual_verdict;
  std::string message;  ///< one line: what was expected and what was found
};

struct DropReport {
  double ring = 0.0;           ///< no free receive descriptor
  double netisr_queue = 0.0;   ///< the netisr queue was full
  double window_full = 0.0;    ///< open loop: no room in the socket buffer
  double cantrcvmore = 0.0;    ///< the socket takes no more: shutdown or close
  double no_connection = 0.0;  ///< the connection was gone
  double reassembly = 0.0;     ///< the reassembly queue was full
  double backlog = 0.0;        ///< Linux's socket lock: the backlog was full
};

struct DiscardReport {
  double efault = 0.0;
  double shutdown = 0.0;
  double disconnect = 0.0;
  double destroyed = 0.0;
  double dropped = 0.0;
};

/// Over the whole run, warm-up included: appended = copied + in_call + buffered + discarded.
struct ByteReport {
  double appended = 0.0;
  double copied = 0.0;
  double in_call = 0.0;
  double buffered = 0.0;
  DiscardReport discarded;
};

struct ThroughputReport {
  double goodput_gbps = 0.0;
  double delivered_bytes = 0.0;
  double frames_offered = 0.0;
  double frames_received = 0.0;
  double frames_dropped = 0.0;
  double offered_pps = 0.0;   ///< (n - 1) / (last - first arrival)
  double received_pps = 0.0;  ///< frames that reached TCP, per second
  double bytes_offered = 0.0;
  DropReport drops;
  ByteReport bytes;
};

struct NicReport {
  double interrupts = 0.0;
  double interrupts_per_s = 0.0;
  double frames_per_interrupt_mean = 0.0;
  double moderation_delay_ns_mean = 0.0;
  TimeStats moderation_delay_ns;
  double ring_peak = 0.0;
  double netisr_peak = 0.0;
  double lro_frames_merged = 0.0;
};

struct TcpReport {
  double segments = 0.0;
  double segments_per_s = 0.0;
  double frames_per_segment_mean = 0.0;
  double fast_path_fraction = 0.0;
  double acks = 0.0;
  double window_updates = 0.0;
  double delayed_ack_timeouts = 0.0;
  double out_of_order = 0.0;
  double duplicate_bytes = 0.0;
  double retransmitted_frames = 0.0;
  double fast_retransmits = 0.0;
  double timeouts = 0.0;
};

struct MbufReport {
  double allocated = 0.0;
  double freed = 0.0;
  double live = 0.0;
  double peak = 0.0;
};

struct CpuReport {
  std::int64_t core = 0;
  std::array<double, sim::kWorkCount> fractions{};  ///< in the order of sim::Work; they add up to 1
};

struct ReaderReport {
  std::string name;
  std::int64_t socket = 0;
  double reads = 0.0;
  double reads_per_s = 0.0;
  double bytes = 0.0;
  double bytes_per_read_mean = 0.0;
  TimeStats delivery_latency_ns;
  double peeks = 0.0;
  double would_block = 0.0;
  double faults = 0.0;
  double lost_bytes = 0.0;
  double interrupted = 0.0;
};

/// What became of a disturbance.
struct DisturbReport {
  std::string name;
  double fired = 0.0;
  double finished = 0.0;
  double latency_ns = 0.0;
};

/// Waiting for a core.
struct RunQueueReport {
  double dispatches = 0.0;
  double waited_fraction = 0.0;
  TimeStats wait_ns;
};

/// A group of synthetic threads.
struct ThreadGroupReport {
  std::string name;
  double arrivals = 0.0;
  double rejected = 0.0;
  double rejected_fraction = 0.0;
  double rounds = 0.0;
  double rounds_per_s = 0.0;
  TimeStats response_ns;
  RunQueueReport run_queue;
};

struct SocketReport {
  std::string name;                   ///< "socket0"
  double receive_buffer_bytes = 0.0;  ///< sb_hiwat at the end
  double peak_bytes = 0.0;            ///< largest sb_cc
  double compressed_mbufs = 0.0;
};

/// Whether the warm-up was long enough, by the MSER-5 rule over a series that starts with the run.
struct WarmupReport {
  double given_ms = 0.0;
  double mser5_ms = 0.0;
  bool enough = true;
  bool known = false;        ///< false: the series is too short to tell
  std::string series_name;   ///< what was observed: "goodput_gbps"
  double interval_ms = 0.0;  ///< length of one value of the series
  std::vector<double> series;
};

struct SummaryReport {
  std::string metric;
  double mean = 0.0;
  double half_width = std::numeric_limits<double>::quiet_NaN();
  std::int64_t n = 0;
};

/// What ran, for the head of the text report.
struct RunInfo {
  std::string scenario;  ///< its name
  std::string description;
  std::string algorithm;
  std::string machine;  ///< the profile's name
  std::int64_t cores = 0;
  std::string traffic;
  double clock_ghz = 0.0;
  double link_gbps = 0.0;
  double mtu = 0.0;
  double duration_ms = 0.0;
  double warmup_ms = 0.0;
  double measured_ms = 0.0;  ///< length of the window of measurement; shorter after a violation
  std::int64_t replications = 1;
  std::string tie_break;
};

/// Of the simulator, not of what it simulates: the only part that two runs of a seed may differ in.
struct SimulatorReport {
  double wall_s = 0.0;
  double events = 0.0;
  double frames_per_wall_s = 0.0;
  double peak_rss_mib = 0.0;
};

struct ProvenanceReport {
  std::string version;
  std::string commit;
  std::string simgrid_version;
  std::string build_type;
  std::string engine;
  std::int64_t seed = 0;
  std::string scenario_hash;
  std::string fingerprint;
  std::string command;
};

/// Version of the JSON form.
inline constexpr const char* kReportSchema = "sockbufsim/report/1";

struct Report {
  std::string schema = kReportSchema;
  Verdict verdict = Verdict::completed;
  RunInfo run;
  std::vector<std::string> warnings;
  std::vector<ViolationReport> violations;
  std::vector<ExpectationReport> expectations;
  ThroughputReport throughput;
  NicReport nic;
  TcpReport tcp;
  MbufReport mbufs;
  std::vector<LockReport> locks;
  std::vector<CpuReport> cpus;
  std::vector<ReaderReport> readers;
  std::vector<DisturbReport> disturb;
  std::vector<ThreadGroupReport> threads;
  std::vector<SocketReport> sockets;
  WarmupReport warmup;
  std::vector<SummaryReport> summary;  ///< empty without replications
  SimulatorReport simulator;
  ProvenanceReport provenance;
};

}  // namespace models
