// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <string_view>

#include "models/report/report.hpp"

/// The field table of reports: name, unit and meaning of everything that a report says, and the
/// only place where they stand. `describe` hands each field to an archive: JSON, CSV, the schema,
/// the list of metrics, metric look-up and the means over replications all come from here.
namespace models {

/// All that is known of a field besides its name and type.
struct ReportField {
  std::string_view doc;
  std::string_view unit = {};
  /// Whether numbers in it are metrics: for `expect`, CSV and the summary of replications.
  bool metric = true;
  /// Says what an element is, not what was measured: the same in all replications.
  bool label = false;
  /// Of an array: not in the JSON when it is empty.
  bool if_any = false;
  /// Of a mean, share of a count, quantile or maximum: the count that it is over, as a path from
  /// where the field stands. Where that is 0, so is the number, by convention, and means nothing.
  std::string_view over = {};
  /// Of an entry that a report lacks where there was nothing to count: a number that a report has
  /// if this one is 0 then, as a path from where the field stands.
  std::string_view zero_with = {};
  /// Of an array: its entries are called WAITER<HOLDER, and any pair may be asked for.
  bool pairs = false;
  /// Of an array: an entry that a report lacks was not there at all, so that it is not 0.
  bool no_zeros = false;
};

template <class Archive>
void describe(Archive& a, QuantileReport& q) {
  a.field("name", q.name, {.doc = "`p99.9` is the 0.999 quantile.", .label = true});
  a.field("q", q.q, {.doc = "Which quantile, 0 to 1.", .label = true});
  a.field("value", q.value,
          {.doc = "The quantile, within 1/256.", .unit = "ns", .over = "../../count"});
}

/// In JSON an array of these three, as there are many.
template <class Archive>
void describe(Archive& a, BucketReport& b) {
  a.field("lower_ns", b.lower_ns, {.doc = "Least time of the bucket.", .unit = "ns"});
  a.field("upper_ns", b.upper_ns, {.doc = "Largest time of the bucket.", .unit = "ns"});
  a.field("count", b.count, {.doc = "How many times were in it."});
}

template <class Archive>
void describe(Archive& a, TimeStats& t) {
  constexpr std::string_view kLock = "../../../acquisitions";  // from an acquisition point's times
  a.field("count", t.count, {.doc = "How many times were measured.", .zero_with = kLock});
  a.field("total", t.total, {.doc = "Their sum.", .unit = "ns", .zero_with = kLock});
  a.field("mean", t.mean, {.doc = "Mean over all.", .unit = "ns", .over = "count"});
  a.field("mean_contended", t.mean_contended,
          {.doc = "Mean over the acquisitions whose first attempt failed; locks only, else 0.",
           .unit = "ns",
           .over = "../contended"});
  a.field("p50", t.p50, {.doc = "Median, within 1/256.", .unit = "ns", .over = "count"});
  a.field("p99", t.p99, {.doc = "99th percentile, within 1/256.", .unit = "ns", .over = "count"});
  a.field("max", t.max, {.doc = "Largest.", .unit = "ns", .over = "count"});
  a.field("quantiles", t.quantiles, {.doc = "Those that observe.quantiles asks for."});
  a.field(
      "histogram", t.histogram,
      {.doc = "When observe.histograms is true and something was measured: the buckets that are "
              "not empty, ascending, each as [lower_ns, upper_ns, count] with both bounds "
              "included. The counts add up to `count`.",
       .metric = false,
       .if_any = true});
}

template <class Archive>
void describe(Archive& a, WaitOverReport& w) {
  a.field("name", w.name, {.doc = "`500ns` for a threshold of 500 ns.", .label = true});
  a.field("threshold_ns", w.threshold_ns,
          {.doc = "From observe.wait_over_ns.", .unit = "ns", .label = true});
  a.field("fraction", w.fraction,
          {.doc = "Share of all acquisitions that waited longer than the threshold.",
           .over = "../../acquisitions"});
}

template <class Archive>
void describe(Archive& a, NumberAtLeastReport& n) {
  a.field("name", n.name, {.doc = "`5_or_more` for 5 threads.", .label = true});
  a.field("number", n.number, {.doc = "From observe.number_at_least.", .label = true});
  a.field("fraction", n.fraction,
          {.doc = "Share of the time with at least so many threads holding or waiting."});
}

template <class Archive>
void describe_acquisitions(Archive& a, AcquisitionReport& r) {
  constexpr std::string_view kLock = "../../acquisitions";  // from an acquisition point
  a.field("acquisitions", r.acquisitions, {.doc = "Times the lock was got.", .zero_with = kLock});
  a.field("acquisitions_per_s", r.acquisitions_per_s,
          {.doc = "Acquisitions per second.", .unit = "1/s", .zero_with = kLock});
  a.field("contended", r.contended,
          {.doc = "Acquisitions whose first attempt failed.", .zero_with = kLock});
  a.field("contended_fraction", r.contended_fraction,
          {.doc = "contended / acquisitions.", .over = "acquisitions"});
  a.field("wait_ns", r.wait_ns,
          {.doc = "From the first attempt to the acquisition; 0 where not contended."});
  a.field("hold_ns", r.hold_ns, {.doc = "From the acquisition to the release."});
  a.field("spin_ns_total", r.spin_ns_total,
          {.doc = "Of the waiting: time spent spinning.", .unit = "ns", .zero_with = kLock});
  a.field(
      "block_ns_total", r.block_ns_total,
      {.doc =
           "Of the waiting: all that is not spinning: blocked, on the run queue, and the work of "
           "blocking.",
       .unit = "ns",
       .zero_with = kLock});
  a.field("failed_while_held", r.failed_while_held,
          {.doc = "First attempts of others that failed while it was held (cnt_hold of "
                  "LOCK_PROFILING(9)).",
           .zero_with = kLock});
  a.field("wait_over", r.wait_over, {.doc = "One entry a threshold of observe.wait_over_ns."});
}

template <class Archive>
void describe(Archive& a, LockPartReport& p) {
  a.field("name", p.name,
          {.doc = "File and line of the real code, or `1`, `2` for instances.", .label = true});
  describe_acquisitions(a, p.figures);
}

template <class Archive>
void describe(Archive& a, BlameReport& b) {
  a.field("name", b.name, {.doc = "The waiter, `<`, and the holder.", .label = true});
  a.field("waiter", b.waiter, {.doc = "Role of the threads that waited.", .label = true});
  a.field("holder", b.holder, {.doc = "Role of the thread that held it then.", .label = true});
  constexpr std::string_view kLock = "../../acquisitions";
  a.field("count", b.count, {.doc = "How often.", .zero_with = kLock});
  a.field("wait_ns", b.wait_ns, {.doc = "How long in all.", .unit = "ns", .zero_with = kLock});
  a.field("waiter_point", b.waiter_point,
          {.doc = "Where the waiter wanted the lock: the pair of points with the longest wait.",
           .label = true});
  a.field("holder_point", b.holder_point, {.doc = "Where the holder had got it.", .label = true});
}

template <class Archive>
void describe(Archive& a, LockReport& l) {
  a.field("name", l.name, {.doc = "Name of the lock class.", .label = true});
  a.field("kind", l.kind, {.doc = "Discipline of the lock.", .label = true});
  a.field("instances", l.instances, {.doc = "Locks of this class that were used."});
  describe_acquisitions(a, l.figures);
  a.field("utilisation", l.utilisation, {.doc = "Share of the time held, per instance."});
  a.field("number_mean", l.number_mean,
          {.doc = "Threads that hold or wait: time average over all instances."});
  a.field("waiting_mean", l.waiting_mean, {.doc = "Threads that wait: time average."});
  a.field("sojourn_ns", l.sojourn_ns, {.doc = "From the first attempt to the release."});
  a.field("number_pmf", l.number_pmf,
          {.doc = "Share of the time with 0, 1, 2, ... threads holding or waiting.",
           .zero_with = "../acquisitions"});
  a.field("number_at_least", l.number_at_least,
          {.doc = "One entry a number of observe.number_at_least."});
  a.field("points", l.points, {.doc = "The same by acquisition point."});
  a.field("blame", l.blame, {.doc = "Who waited for whom.", .pairs = true});
  a.field("per_instance", l.per_instance,
          {.doc = "The same by instance, when observe.lock_instances is true.", .no_zeros = true});
}

template <class Archive>
void describe(Archive& a, ViolationReport& v) {
  a.field("kind", v.kind, {.doc = "Stable name of what went wrong."});
  a.field("message", v.message, {.doc = "What the console would show."});
  a.field("time_ns", v.time_ns, {.doc = "When, since the start of the run.", .unit = "ns"});
  a.field("thread", v.thread, {.doc = "Who found it; empty for a device."});
  a.field("replication", v.replication, {.doc = "In which replication, counted from 0."});
  a.field("trail", v.trail, {.doc = "Who did what on which core, the oldest first."});
}

template <class Archive>
void describe(Archive& a, ExpectationReport& e) {
  a.field("metric", e.metric, {.doc = "Path of the metric; empty when a verdict is expected."});
  a.field("passed", e.passed, {.doc = "Whether it came out as expected."});
  a.field("actual", e.actual,
          {.doc = "The value found (the mean over replications); null for a verdict, or when the "
                  "run has no such entry."});
  a.field("min", e.min, {.doc = "Least value that passes."});
  a.field("max", e.max, {.doc = "Largest value that passes."});
  a.field("expected_verdict", e.expected_verdict, {.doc = "The verdict expected, or empty."});
  a.field("expected_kind", e.expected_kind, {.doc = "The kind of violation expected, or empty."});
  a.field("actual_verdict", e.actual_verdict, {.doc = "The verdict found, or empty."});
  a.field("message", e.message, {.doc = "All of this in a sentence."});
}

template <class Archive>
void describe(Archive& a, DropReport& d) {
  a.field("ring", d.ring, {.doc = "No free receive descriptor.", .unit = "frames"});
  a.field("netisr_queue", d.netisr_queue, {.doc = "The netisr queue was full.", .unit = "frames"});
  a.field("window_full", d.window_full,
          {.doc = "Open loop: no room in the socket buffer.", .unit = "frames"});
  a.field("cantrcvmore", d.cantrcvmore,
          {.doc = "The socket takes no more: shutdown, close, FIN or RST. Bytes over the size of a "
                  "full segment.",
           .unit = "frames"});
  a.field("no_connection", d.no_connection, {.doc = "The connection was gone.", .unit = "frames"});
  a.field("reassembly", d.reassembly, {.doc = "The reassembly queue was full.", .unit = "frames"});
  a.field("backlog", d.backlog,
          {.doc = "The backlog of Linux's socket lock was full.", .unit = "frames"});
}

template <class Archive>
void describe(Archive& a, DiscardReport& d) {
  a.field("efault", d.efault,
          {.doc = "Consumed by a read that then failed with EFAULT.", .unit = "bytes"});
  a.field("shutdown", d.shutdown, {.doc = "Flushed by shutdown(SHUT_RD).", .unit = "bytes"});
  a.field("disconnect", d.disconnect, {.doc = "Flushed by the last close.", .unit = "bytes"});
  a.field("destroyed", d.destroyed, {.doc = "Freed with the socket.", .unit = "bytes"});
  a.field("dropped", d.dropped,
          {.doc = "Dropped by a reader that found the socket closed (putback_recheck).",
           .unit = "bytes"});
}

template <class Archive>
void describe(Archive& a, ByteReport& b) {
  a.field("appended", b.appended, {.doc = "Appended to receive buffers.", .unit = "bytes"});
  a.field("copied", b.copied, {.doc = "Consumed by reads.", .unit = "bytes"});
  a.field("in_call", b.in_call, {.doc = "In reads that had not ended.", .unit = "bytes"});
  a.field("buffered", b.buffered, {.doc = "In receive buffers at the end.", .unit = "bytes"});
  a.field("discarded", b.discarded, {.doc = "Thrown away, by reason."});
}

template <class Archive>
void describe(Archive& a, ThroughputReport& t) {
  a.field("goodput_gbps", t.goodput_gbps,
          {.doc = "Payload whose frame began to arrive in the window and that reached the "
                  "application in it, over its length.",
           .unit = "Gb/s"});
  a.field(
      "delivered_bytes", t.delivered_bytes,
      {.doc = "Payload that reads returned in the window, whenever it arrived.", .unit = "bytes"});
  a.field("frames_offered", t.frames_offered,
          {.doc = "Frames that arrived at the NIC.", .unit = "frames"});
  a.field("frames_received", t.frames_received,
          {.doc = "Frames that got a descriptor.", .unit = "frames"});
  a.field("frames_dropped", t.frames_dropped,
          {.doc = "Frames dropped, for whatever reason.", .unit = "frames"});
  a.field("offered_pps", t.offered_pps,
          {.doc = "(n - 1) / (last - first arrival) of the frames offered.", .unit = "frames/s"});
  a.field("received_pps", t.received_pps,
          {.doc = "Frames that reached TCP, per second.", .unit = "frames/s"});
  a.field("bytes_offered", t.bytes_offered,
          {.doc = "Payload of the frames offered.", .unit = "bytes"});
  a.field("drops", t.drops, {.doc = "Frames dropped, by reason."});
  a.field("bytes", t.bytes,
          {.doc = "Where every byte went, over the whole run: appended = copied + in_call + "
                  "buffered + discarded."});
}

template <class Archive>
void describe(Archive& a, NicReport& n) {
  a.field("interrupts", n.interrupts, {.doc = "Interrupts raised."});
  a.field("interrupts_per_s", n.interrupts_per_s, {.doc = "Their rate.", .unit = "1/s"});
  a.field("frames_per_interrupt_mean", n.frames_per_interrupt_mean,
          {.doc = "Frames taken per interrupt.", .unit = "frames", .over = "interrupts"});
  a.field("moderation_delay_ns_mean", n.moderation_delay_ns_mean,
          {.doc = "From a frame in memory to its interrupt; frames that met a polling driver are "
                  "left out.",
           .unit = "ns",
           .over = "moderation_delay_ns.count"});
  a.field("moderation_delay_ns", n.moderation_delay_ns, {.doc = "The same, in full."});
  a.field("ring_peak", n.ring_peak, {.doc = "Most descriptors in use.", .unit = "frames"});
  a.field("netisr_peak", n.netisr_peak, {.doc = "Longest netisr queue.", .unit = "packets"});
  a.field("lro_frames_merged", n.lro_frames_merged,
          {.doc = "Frames that LRO appended to another.", .unit = "frames"});
}

template <class Archive>
void describe(Archive& a, TcpReport& t) {
  a.field("segments", t.segments, {.doc = "Segments and aggregates that tcp_input saw."});
  a.field("segments_per_s", t.segments_per_s, {.doc = "Their rate.", .unit = "1/s"});
  a.field("frames_per_segment_mean", t.frames_per_segment_mean,
          {.doc = "Frames in one of them.", .unit = "frames", .over = "segments"});
  a.field("fast_path_fraction", t.fast_path_fraction,
          {.doc = "Of those that were dealt with, the share taken by header prediction.",
           .over = "segments"});
  a.field("acks", t.acks, {.doc = "ACKs sent by tcp_input, its timer and the last close."});
  a.field("window_updates", t.window_updates, {.doc = "ACKs sent after reads."});
  a.field("delayed_ack_timeouts", t.delayed_ack_timeouts, {.doc = "ACKs sent by the timer."});
  a.field("out_of_order", t.out_of_order, {.doc = "Segments that arrived behind a hole."});
  a.field("duplicate_bytes", t.duplicate_bytes,
          {.doc = "Payload that had arrived before.", .unit = "bytes"});
  a.field("retransmitted_frames", t.retransmitted_frames,
          {.doc = "Frames that the sender sent again.", .unit = "frames"});
  a.field("fast_retransmits", t.fast_retransmits,
          {.doc = "Recoveries after three duplicate ACKs."});
  a.field("timeouts", t.timeouts, {.doc = "Retransmission timeouts."});
}

template <class Archive>
void describe(Archive& a, MbufReport& m) {
  a.field("allocated", m.allocated, {.doc = "Mbufs allocated, over the whole run."});
  a.field("freed", m.freed, {.doc = "Mbufs freed, over the whole run."});
  a.field("live", m.live, {.doc = "Mbufs in use at the end."});
  a.field("peak", m.peak, {.doc = "Most mbufs in use (rounded up to a block)."});
}

template <class Archive>
void describe(Archive& a, CpuReport& c) {
  constexpr std::array<std::string_view, sim::kWorkCount> kDocs = {
      "Interrupt filters and dispatch, the driver.",
      "IP, TCP, appending to the socket buffer, sending ACKs.",
      "Entering and leaving the kernel, the receive algorithm's own work.",
      "Copying to the application.",
      "User mode, and the work of synthetic threads.",
      "Lock operations: atomics, cache-line transfers, turnstiles.",
      "Spinning for a lock.",
      "Sleep queues.",
      "Context switches and wake-up latency.",
      "Nothing."};
  a.field("core", c.core, {.doc = "Number of the core.", .label = true});
  for (std::size_t i = 0; i < sim::kWorkCount; ++i) {
    a.field(sim::kWorkNames[i], c.fractions[i], {.doc = kDocs[i], .unit = "of the time"});
  }
}

template <class Archive>
void describe(Archive& a, ReaderReport& r) {
  a.field("name", r.name, {.doc = "Name of the reader.", .label = true});
  a.field("socket", r.socket, {.doc = "Which socket it reads.", .label = true});
  a.field("reads", r.reads, {.doc = "Reads that moved data, without peeks."});
  a.field("reads_per_s", r.reads_per_s, {.doc = "Their rate.", .unit = "1/s"});
  a.field("bytes", r.bytes, {.doc = "Moved by them.", .unit = "bytes"});
  a.field("bytes_per_read_mean", r.bytes_per_read_mean,
          {.doc = "bytes / reads.", .unit = "bytes", .over = "reads"});
  a.field("delivery_latency_ns", r.delivery_latency_ns,
          {.doc = "From the wire to the return from the read, one value an mbuf moved."});
  a.field("peeks", r.peeks, {.doc = "Reads with MSG_PEEK."});
  a.field("would_block", r.would_block, {.doc = "Reads that ended with EWOULDBLOCK."});
  a.field("faults", r.faults, {.doc = "Reads that ended with EFAULT."});
  a.field("lost_bytes", r.lost_bytes, {.doc = "Lost by those.", .unit = "bytes"});
  a.field("interrupted", r.interrupted, {.doc = "Reads that ended with EINTR."});
}

template <class Archive>
void describe(Archive& a, DisturbReport& d) {
  a.field("name", d.name, {.doc = "What it does.", .label = true});
  a.field("fired", d.fired, {.doc = "1 if it happened."});
  a.field("finished", d.finished,
          {.doc = "1 if its call returned: shutdown_rd, close and kernel_close have one."});
  a.field("latency_ns", d.latency_ns,
          {.doc = "How long its call took, up to the end of the run if it did not return.",
           .unit = "ns"});
}

template <class Archive>
void describe(Archive& a, RunQueueReport& r) {
  a.field("dispatches", r.dispatches, {.doc = "Times a thread of the group got a core."});
  a.field("waited_fraction", r.waited_fraction,
          {.doc = "Share of them that had to wait.", .over = "dispatches"});
  a.field("wait_ns", r.wait_ns, {.doc = "From runnable to running, over all of them."});
}

template <class Archive>
void describe(Archive& a, ThreadGroupReport& t) {
  a.field("name", t.name, {.doc = "Name of the group of synthetic threads.", .label = true});
  a.field("arrivals", t.arrivals, {.doc = "Open groups: requests that came."});
  a.field("rejected", t.rejected, {.doc = "Open groups: requests that found the line full."});
  a.field("rejected_fraction", t.rejected_fraction,
          {.doc = "rejected / arrivals.", .over = "arrivals"});
  a.field("rounds", t.rounds, {.doc = "Rounds, or requests, completed."});
  a.field("rounds_per_s", t.rounds_per_s, {.doc = "Their rate.", .unit = "1/s"});
  a.field("response_ns", t.response_ns,
          {.doc = "From the end of thinking (closed) or the arrival (open) to the end."});
  a.field("run_queue", t.run_queue, {.doc = "Waiting for a core."});
}

template <class Archive>
void describe(Archive& a, SocketReport& s) {
  a.field("name", s.name, {.doc = "`socket0`, `socket1`, ...", .label = true});
  a.field("receive_buffer_bytes", s.receive_buffer_bytes,
          {.doc = "Size of the receive buffer at the end.", .unit = "bytes"});
  a.field("peak_bytes", s.peak_bytes, {.doc = "Most bytes in it.", .unit = "bytes"});
  a.field("compressed_mbufs", s.compressed_mbufs,
          {.doc = "Mbufs that sbcompress merged into the one before."});
}

template <class Archive>
void describe(Archive& a, WarmupReport& w) {
  a.field("given_ms", w.given_ms, {.doc = "The scenario's warmup_ms.", .unit = "ms"});
  a.field("mser5_ms", w.mser5_ms, {.doc = "Where the MSER-5 rule ends it.", .unit = "ms"});
  a.field("enough", w.enough, {.doc = "Whether the warm-up given reaches that far."});
  a.field("known", w.known, {.doc = "Whether the series is long enough to tell."});
  a.field("series_name", w.series_name, {.doc = "What was observed.", .label = true});
  a.field("interval_ms", w.interval_ms,
          {.doc = "Length of one value of the series.", .unit = "ms", .label = true});
  a.field("series", w.series, {.doc = "The values, from the start of the run.", .metric = false});
}

template <class Archive>
void describe(Archive& a, SummaryReport& s) {
  a.field("metric", s.metric, {.doc = "Path of the metric."});
  a.field("mean", s.mean, {.doc = "Mean over the replications."});
  a.field("half_width", s.half_width,
          {.doc = "Half of the 95 % confidence interval (Student t); null with one value."});
  a.field("n", s.n, {.doc = "Replications that it is over; 0 of a mean over nothing."});
}

template <class Archive>
void describe(Archive& a, RunInfo& r) {
  a.field("scenario", r.scenario, {.doc = "Name of the scenario."});
  a.field("description", r.description, {.doc = "What it says of itself."});
  a.field("algorithm", r.algorithm, {.doc = "The receive algorithm; empty without sockets."});
  a.field("machine", r.machine, {.doc = "The machine profile."});
  a.field("cores", r.cores, {.doc = "Cores of the machine."});
  a.field("traffic", r.traffic, {.doc = "Kind of traffic."});
  a.field("clock_ghz", r.clock_ghz, {.doc = "Clock of the machine.", .unit = "GHz"});
  a.field("link_gbps", r.link_gbps, {.doc = "Speed of the link.", .unit = "Gb/s"});
  a.field("mtu", r.mtu, {.doc = "Largest IP packet.", .unit = "bytes"});
  a.field("duration_ms", r.duration_ms, {.doc = "Simulated time asked for.", .unit = "ms"});
  a.field("warmup_ms", r.warmup_ms, {.doc = "Of it not measured.", .unit = "ms"});
  a.field("measured_ms", r.measured_ms,
          {.doc = "Length of the window of measurement; shorter after a violation.", .unit = "ms"});
  a.field("replications", r.replications, {.doc = "How many runs."});
  a.field("tie_break", r.tie_break, {.doc = "Order of simultaneous events."});
}

template <class Archive>
void describe(Archive& a, SimulatorReport& s) {
  a.field("wall_s", s.wall_s, {.doc = "Wall-clock time of the simulation.", .unit = "s"});
  a.field("events", s.events, {.doc = "Events simulated."});
  a.field("frames_per_wall_s", s.frames_per_wall_s,
          {.doc = "Frames offered per second of wall-clock time.", .unit = "1/s"});
  a.field("peak_rss_mib", s.peak_rss_mib, {.doc = "Peak memory of the program.", .unit = "MiB"});
}

template <class Archive>
void describe(Archive& a, ProvenanceReport& p) {
  a.field("version", p.version, {.doc = "Version of sockbufsim."});
  a.field("commit", p.commit, {.doc = "Commit it was built from."});
  a.field("simgrid_version", p.simgrid_version, {.doc = "Version of SimGrid."});
  a.field("build_type", p.build_type, {.doc = "CMake's build type."});
  a.field("engine", p.engine, {.doc = "What ran the simulated threads."});
  a.field("seed", p.seed, {.doc = "Seed of all chance."});
  a.field("scenario_hash", p.scenario_hash,
          {.doc = "FNV-1a of the effective scenario: defaults filled in, overrides applied."});
  a.field("fingerprint", p.fingerprint,
          {.doc = "FNV-1a of what this report measured: all but `simulator`, `provenance`, "
                  "`expectations`, and the names in `run`."});
  a.field("command", p.command, {.doc = "Makes this run again."});
}

template <class Archive>
void describe(Archive& a, Report& r) {
  a.field("schema", r.schema, {.doc = "Version of this format.", .label = true});
  a.field("verdict", r.verdict, {.doc = "How the run ended; the worst of the replications."});
  a.field("run", r.run, {.doc = "What ran.", .metric = false});
  a.field("warnings", r.warnings, {.doc = "What to keep in mind when reading the rest."});
  a.field("violations", r.violations,
          {.doc = "Kernel panics, broken invariants and deadlocks.", .metric = false});
  a.field("expectations", r.expectations,
          {.doc = "The scenario's `expect`, item by item.", .metric = false});
  a.field("throughput", r.throughput, {.doc = "What came in and what got through."});
  a.field("nic", r.nic, {.doc = "The network card."});
  a.field("tcp", r.tcp, {.doc = "TCP input, and the sender."});
  a.field("mbufs", r.mbufs, {.doc = "Network buffers."});
  a.field("locks", r.locks, {.doc = "One entry a lock class."});
  a.field("cpus", r.cpus, {.doc = "Where each core's time went; a core's fractions add up to 1."});
  a.field("readers", r.readers, {.doc = "One entry a reader."});
  a.field("disturb", r.disturb, {.doc = "One entry a disturbance."});
  a.field("threads", r.threads, {.doc = "One entry a group of synthetic threads."});
  a.field("sockets", r.sockets, {.doc = "One entry a socket."});
  a.field("warmup", r.warmup, {.doc = "Whether the warm-up was long enough."});
  a.field(
      "summary", r.summary,
      {.doc = "With replications: mean and confidence interval of every metric.", .metric = false});
  a.field("simulator", r.simulator,
          {.doc = "Of the simulator itself: all that two runs of one seed may differ in.",
           .metric = false});
  a.field("provenance", r.provenance, {.doc = "Where this report comes from.", .metric = false});
}

}  // namespace models
