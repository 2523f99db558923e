// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "models/scenario/field.hpp"
#include "models/scenario/scenario.hpp"

/// The field table, continued: what the wire brings, and who reads it.
namespace models {

template <class Archive>
void describe(Archive& a, Traffic& t) {
  using enum TrafficKind;
  a.field("kind", t.kind, {.doc = "What arrives."});
  const bool arrives = t.kind != none;  // after `kind` has been read: an archive may change it
  a.field("link_gbps", t.link_gbps,
          {.doc = "Speed of the wire; a frame occupies its bytes and 38 of framing.",
           .unit = "Gb/s",
           .min = 0.001,
           .max = 1000,
           .applies = arrives,
           .applies_when = "`kind` is not none",
           .decided_by = "kind"});
  a.field("payload_bytes", t.payload_bytes,
          {.doc = "Payload of a segment.",
           .unit = "bytes",
           .min = 1,
           .max = 16070,
           .absent = "a full segment",
           .applies = arrives && t.kind != pcap,
           .applies_when = "`kind` is line_rate, poisson, burst or tcp",
           .decided_by = "kind"});
  a.field("rate_pps", t.rate_pps,
          {.doc = "Frames a second (for `burst`: while on). `poisson` needs it.",
           .unit = "frames/s",
           .min = 0,
           .max = 1e9,
           .above_min = true,
           .absent = "as many as the wire carries",
           .applies = t.kind == line_rate || t.kind == poisson || t.kind == burst,
           .applies_when = "`kind` is line_rate, poisson or burst",
           .decided_by = "kind"});
  a.field("on_us", t.on_us,
          {.doc = "Length of a burst. A burst has either this or `burst_frames`.",
           .unit = "us",
           .min = 0,
           .max = kMaxTimeUs,
           .absent = "see `burst_frames`",
           .applies = t.kind == burst,
           .applies_when = "`kind` is burst",
           .decided_by = "kind"});
  a.field("burst_frames", t.burst_frames,
          {.doc = "Length of a burst in frames, rounded to at least one.",
           .unit = "frames",
           .min = 1,
           .max = 1e6,
           .absent = "see `on_us`",
           .applies = t.kind == burst,
           .applies_when = "`kind` is burst",
           .decided_by = "kind"});
  a.field("off_us", t.off_us,
          {.doc = "Silence between two bursts.",
           .unit = "us",
           .min = 0,
           .max = kMaxTimeUs,
           .applies = t.kind == burst,
           .applies_when = "`kind` is burst",
           .decided_by = "kind"});
  a.field("rtt_us", t.rtt_us,
          {.doc = "Round-trip time without queueing.",
           .unit = "us",
           .min = 0,
           .max = 1e7,
           .applies = t.kind == tcp,
           .applies_when = "`kind` is tcp",
           .decided_by = "kind"});
  a.field("initial_window_segments", t.initial_window_segments,
          {.doc = "First congestion window of the sender.",
           .unit = "segments",
           .min = 1,
           .max = 100000,
           .applies = t.kind == tcp,
           .applies_when = "`kind` is tcp",
           .decided_by = "kind"});
  a.field("delayed_ack", t.delayed_ack,
          {.doc = "Whether every second segment is acknowledged (else every one).",
           .applies = t.kind == tcp,
           .applies_when = "`kind` is tcp",
           .decided_by = "kind"});
  a.field("rto_ms", t.rto_ms,
          {.doc = "Time after which the sender repeats what was not acknowledged.",
           .unit = "ms",
           .min = 0.001,
           .max = 60000,
           .applies = t.kind == tcp,
           .applies_when = "`kind` is tcp",
           .decided_by = "kind"});
  a.field("file", t.file_as_written,
          {.doc = "The capture, relative to the scenario file that names it. `pcap` needs it.",
           .applies = t.kind == pcap,
           .applies_when = "`kind` is pcap",
           .decided_by = "kind"});
  a.field("time_scale", t.time_scale,
          {.doc = "Factor on the capture's times: 0.5 replays it twice as fast.",
           .min = 1e-6,
           .max = 1e6,
           .applies = t.kind == pcap,
           .applies_when = "`kind` is pcap",
           .decided_by = "kind"});
  a.field(
      "pcap_filter", t.pcap_filter,
      {.doc =
           "Filter expression (pcap-filter(7)) for the packets to replay; empty: all with payload.",
       .applies = t.kind == pcap,
       .applies_when = "`kind` is pcap",
       .decided_by = "kind"});
  a.field("repeat", t.repeat,
          {.doc = "Whether the capture starts again when it ends.",
           .applies = t.kind == pcap,
           .applies_when = "`kind` is pcap",
           .decided_by = "kind"});
  a.field(
      "randomise_phase", t.randomise_phase,
      {.doc = "Whether the first arrival is shifted at random: constant gaps can lock step with "
              "constant costs.",
       .applies = arrives,
       .applies_when = "`kind` is not none",
       .decided_by = "kind"});
  a.field("start_us", t.start_us,
          {.doc = "When arrivals start.",
           .unit = "us",
           .min = 0,
           .max = kMaxTimeUs,
           .applies = arrives,
           .applies_when = "`kind` is not none",
           .decided_by = "kind"});
  a.field("stop_us", t.stop_us,
          {.doc = "When arrivals stop.",
           .unit = "us",
           .min = 0,
           .max = kMaxTimeUs,
           .absent = "with the run",
           .applies = arrives,
           .applies_when = "`kind` is not none",
           .decided_by = "kind"});
  a.field("bytes", t.bytes,
          {.doc = "Length of each connection's stream; a FIN follows.",
           .unit = "bytes",
           .min = 1,
           .max = kMaxExactInteger,
           .absent = "endless",
           .applies = arrives && t.kind != pcap,
           .applies_when = "`kind` is line_rate, poisson, burst or tcp",
           .decided_by = "kind"});
}

template <class Archive>
void describe(Archive& a, Reader& r) {
  a.field("name", r.name,
          {.doc = "Name in the report; empty: `reader` and a number.", .pattern = kIdentifier});
  a.field("count", r.count, {.doc = "So many threads like this.", .min = 1, .max = 1024});
  a.field(
      "core", r.core,
      {.doc = "Core that the thread is pinned to.", .min = 0, .max = 255, .absent = "not pinned"});
  a.field("read_bytes", r.read_bytes,
          {.doc = "Size of a read.", .unit = "bytes", .min = 1, .max = 1 << 30});
  a.field("blocking", r.blocking, {.doc = "Whether a read sleeps for data (else MSG_DONTWAIT)."});
  a.field("poll_us", r.poll_us,
          {.doc = "Pause after EWOULDBLOCK.",
           .unit = "us",
           .min = 0,
           .max = 1e7,
           .applies = !r.blocking,
           .applies_when = "`blocking` is false",
           .decided_by = "blocking"});
  a.field("waitall", r.waitall,
          {.doc = "MSG_WAITALL: a read returns only when it is full.",
           .applies = r.blocking,
           .applies_when = "`blocking` is true",
           .decided_by = "blocking"});
  a.field("peek", r.peek, {.doc = "Whether each read is preceded by one with MSG_PEEK."});
  a.field("process_ns", r.process_ns,
          {.doc = "Work of the application after each read.",
           .unit = "ns",
           .min = 0,
           .max = kMaxTimeNs});
  a.field(
      "process_ns_per_byte", r.process_ns_per_byte,
      {.doc = "Work of the application per byte read.", .unit = "ns/byte", .min = 0, .max = 1e6});
  a.field("max_reads", r.max_reads,
          {.doc = "Reads after which the thread ends.",
           .min = 1,
           .max = kMaxExactInteger,
           .absent = "no limit"});
  a.field("start_us", r.start_us,
          {.doc = "When the thread starts.", .unit = "us", .min = 0, .max = kMaxTimeUs});
  a.field("file_ref", r.file_ref,
          {.doc = "Whether the read holds a reference on the file (fget), as recv(2) does."});
}

template <class Archive>
void describe(Archive& a, SocketSpec& s) {
  a.field("count", s.count, {.doc = "So many sockets like this.", .min = 1, .max = 1024});
  a.field("receive_buffer_bytes", s.receive_buffer_bytes,
          {.doc = "SO_RCVBUF: the socket buffer's high-water mark.",
           .unit = "bytes",
           .min = 1,
           .max = 1 << 30});
  a.field(
      "low_water", s.low_water,
      {.doc = "SO_RCVLOWAT: bytes that wake a reader.", .unit = "bytes", .min = 1, .max = 1 << 30});
  a.field("queue", s.queue,
          {.doc = "NIC queue that receives the connection.",
           .min = 0,
           .max = 63,
           .absent = "socket number modulo `nic.queues`"});
  a.field("autosize", s.autosize,
          {.doc = "Whether the buffer grows with the rate (net.inet.tcp.recvbuf_auto)."});
  a.field("autosize_increment_bytes", s.autosize_increment_bytes,
          {.doc = "Growth, at most once a round trip.",
           .unit = "bytes",
           .min = 1,
           .max = 1 << 30,
           .applies = s.autosize,
           .applies_when = "`autosize` is true",
           .decided_by = "autosize"});
  a.field("autosize_max_bytes", s.autosize_max_bytes,
          {.doc = "Size at which growth ends.",
           .unit = "bytes",
           .min = 1,
           .max = 1 << 30,
           .applies = s.autosize,
           .applies_when = "`autosize` is true",
           .decided_by = "autosize"});
  a.field("readers", s.readers, {.doc = "The threads that read.", .max_items = 1024});
}

}  // namespace models
