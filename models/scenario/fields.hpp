// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "models/scenario/field.hpp"
#include "models/scenario/load.hpp"
#include "models/scenario/scenario.hpp"

/// The field table: name, type, unit, range, default and meaning of everything that a scenario may
/// say, and the only place where they stand. `describe` hands each field to an archive, which
/// reads, writes or documents it. It goes on in fields_traffic.hpp and fields_load.hpp.
namespace models {

template <class Archive>
void describe(Archive& a, CorePlace& place) {
  a.field("package", place.package,
          {.doc = "Which package (socket of the board).", .min = 0, .max = 255});
  a.field("cache", place.cache,
          {.doc = "Which last-level cache; numbers are the board's, not the package's.",
           .min = 0,
           .max = 255});
}

template <class Archive>
void describe(Archive& a, Machine& m) {
  a.field("profile", m.profile,
          {.doc = "Machine profile: the name of a built-in one, or the path of a file (with a `/` "
                  "or ending "
                  "in `.json`) relative to the scenario file."});
  a.field("cores", m.cores,
          {.doc = "Number of cores.",
           .min = 1,
           .max = 256,
           .absent = "the profile's; with `ideal` every thread has a core of its own"});
  a.field("topology", m.topology,
          {.doc = "Where each core sits, one entry a core; empty: the profile's layout.",
           .max_items = 256});
  a.field(
      "preemption", m.preemption,
      {.doc = "Whether a thread that becomes runnable may preempt another that runs in the kernel "
              "(FreeBSD's option PREEMPTION). If not, an urgent thread waits until the running one "
              "blocks or returns to user mode; user mode is left at once."});
  a.field("lock_discipline", m.lock_discipline,
          {.doc = "Discipline of the kernel's mutexes, and of `locks` without a `kind`."});
  a.field("time_slice_ms", m.time_slice_ms,
          {.doc = "Time after which threads of equal priority take turns; 0: never.",
           .unit = "ms",
           .min = 0,
           .max = 10000,
           .absent = "the profile's"});
  a.field("cost_cv", m.cost_cv,
          {.doc = "Coefficient of variation of every cost: breaks the lock-step of constant times.",
           .min = 0,
           .max = 0.5});
  a.field("costs", m.costs,
          {.doc = "Constants that replace the profile's, by their names there, e.g. "
                  "`{\"mutex_acquire_cycles\": 0}`."});
}

template <class Archive>
void describe(Archive& a, Coalesce& c) {
  using enum CoalesceKind;
  a.field("kind", c.kind, {.doc = "When the NIC raises its interrupt."});
  a.field(
      "delay_us", c.delay_us,
      {.doc =
           "Delay after the first frame; for `throttle` the least distance of two interrupts; for "
           "`count` the longest that a frame waits (0: for ever).",
       .unit = "us",
       .min = 0,
       .max = 1e6,
       .applies = c.kind == timer || c.kind == throttle || c.kind == count,
       .applies_when = "`kind` is timer, throttle or count",
       .decided_by = "kind"});
  a.field("frames", c.frames,
          {.doc = "Frames that raise the interrupt.",
           .unit = "frames",
           .min = 1,
           .max = 65536,
           .applies = c.kind == count,
           .applies_when = "`kind` is count",
           .decided_by = "kind"});
  a.field(
      "min_delay_us", c.min_delay_us,
      {.doc = "Least distance of two interrupts. The default is the least that ixgbe's rule gives.",
       .unit = "us",
       .min = 0,
       .max = 1e6,
       .applies = c.kind == adaptive,
       .applies_when = "`kind` is adaptive",
       .decided_by = "kind"});
  a.field(
      "max_delay_us", c.max_delay_us,
      {.doc =
           "Largest distance of two interrupts. The default is the most that ixgbe's rule gives.",
       .unit = "us",
       .min = 0,
       .max = 1e6,
       .applies = c.kind == adaptive,
       .applies_when = "`kind` is adaptive",
       .decided_by = "kind"});
}

template <class Archive>
void describe(Archive& a, Lro& lro) {
  a.field("enabled", lro.enabled,
          {.doc = "Whether in-order segments are merged before TCP sees them."});
  a.field("entries", lro.entries,
          {.doc = "Connections that a queue merges at a time.",
           .min = 1,
           .max = 1024,
           .applies = lro.enabled,
           .applies_when = "`enabled` is true",
           .decided_by = "enabled"});
  a.field("max_bytes", lro.max_bytes,
          {.doc = "Largest aggregate; a frame that would exceed it less one MTU starts the next.",
           .unit = "bytes",
           .min = 68,
           .max = 65535,
           .applies = lro.enabled,
           .applies_when = "`enabled` is true",
           .decided_by = "enabled"});
}

template <class Archive>
void describe(Archive& a, Nic& n) {
  a.field("mtu", n.mtu,
          {.doc = "Largest IP packet. A full segment carries 40 bytes less, 52 with timestamps.",
           .unit = "bytes",
           .min = 68,
           .max = 16110});
  a.field("timestamps", n.timestamps, {.doc = "TCP timestamps: 12 bytes of every segment."});
  a.field("rx_ring", n.rx_ring,
          {.doc = "Receive descriptors of a queue; a frame that finds none free is dropped.",
           .unit = "frames",
           .min = 1,
           .max = 65536});
  a.field("mbufs_per_frame", n.mbufs_per_frame,
          {.doc = "Mbufs that a frame's payload is spread over, evenly.", .min = 1, .max = 64});
  a.field("queues", n.queues,
          {.doc = "Receive queues, each with its ring and interrupt.", .min = 1, .max = 64});
  a.field("interrupt_core", n.interrupt_core,
          {.doc = "Core of the first queue's interrupt; the next queues follow on the next cores.",
           .min = 0,
           .max = 255});
  a.field("queue_cores", n.queue_cores,
          {.doc = "Core of each queue's interrupt, one entry a queue; empty: see `interrupt_core`.",
           .min = 0,
           .max = 255,
           .max_items = 64});
  a.field("coalesce", n.coalesce, {.doc = "Interrupt moderation."});
  a.field(
      "poll_budget", n.poll_budget,
      {.doc = "Frames that one pass of the driver takes; between two passes LRO flushes. 0: all "
              "there are.",
       .unit = "frames",
       .min = 0,
       .max = 65536});
  a.field("lro", n.lro, {.doc = "Large receive offload in the driver.", .shorthand = "enabled"});
  a.field("dma_latency_ns", n.dma_latency_ns,
          {.doc = "From a frame's last bit on the wire to its descriptor in memory.",
           .unit = "ns",
           .min = 0,
           .max = 1e6});
  a.field("dispatch", n.dispatch, {.doc = "Who runs IP and TCP input."});
  a.field("netisr_queue_limit", n.netisr_queue_limit,
          {.doc = "Packets that wait for the netisr thread (50 is IFQ_MAXLEN's value from memory).",
           .unit = "packets",
           .min = 1,
           .max = 65536,
           .applies = n.dispatch == Dispatch::netisr,
           .applies_when = "`dispatch` is netisr",
           .decided_by = "dispatch"});
  a.field("netisr_core", n.netisr_core,
          {.doc = "Core of the netisr thread.",
           .min = 0,
           .max = 255,
           .absent = "not pinned",
           .applies = n.dispatch == Dispatch::netisr,
           .applies_when = "`dispatch` is netisr",
           .decided_by = "dispatch"});
}

template <class Archive>
void describe(Archive& a, Receive& r) {
  a.field("algorithm", r.algorithm,
          {.doc = "The receive algorithm (`sockbufsim list algorithms`).",
           .choices = algorithm_names()});
  a.field("era", r.era, {.doc = "The tree whose locks surround it."});
  a.field("sblock", r.sblock,
          {.doc = "What serialises the readers of a socket.",
           .absent = "the era's: `flag`, and `sx` from 2007_05"});
  a.field(
      "sb_max_bytes", r.sb_max_bytes,
      {.doc = "kern.ipc.maxsockbuf: the memory that the mbufs of one buffer may take, 2304 bytes "
              "for a frame of 1500. A buffer holds 8/9 of it at most.",
       .unit = "bytes",
       .min = 2304,
       .max = 1'207'959'552,
       .absent = "262144, or as much more as the largest `receive_buffer_bytes` needs"});
}

template <class Archive>
void describe(Archive& a, Expect& e) {
  a.field(
      "metric", e.metric,
      {.doc = "Dotted path of a number in the report; entries of an array by index, or by `name`: "
              "`locks.so_rcv.contended_fraction`.",
       .absent = "the item expects a `verdict`"});
  a.field("min", e.min, {.doc = "Least value that passes.", .absent = "no lower bound"});
  a.field("max", e.max, {.doc = "Largest value that passes.", .absent = "no upper bound"});
  a.field("verdict", e.verdict,
          {.doc = "How the run must end.", .absent = "the item expects a `metric`"});
  a.field("kind", e.kind,
          {.doc = "Kind of the expected violation, e.g. `sbflush_panic`.",
           .absent = "any kind",
           .applies = e.verdict == Verdict::violation,
           .applies_when = "`verdict` is violation",
           .decided_by = "verdict"});
}

template <class Archive>
void describe(Archive& a, Timeline& t) {
  a.field("from_us", t.from_us,
          {.doc = "Start of the recorded window.", .unit = "us", .min = 0, .max = kMaxTimeUs});
  a.field("to_us", t.to_us,
          {.doc = "End of the recorded window.",
           .unit = "us",
           .min = 0,
           .max = kMaxTimeUs,
           .absent = "the end of the run"});
  a.field("max_events", t.max_events,
          {.doc = "Events after which recording stops (and says so).", .min = 1, .max = 1e9});
}

template <class Archive>
void describe(Archive& a, Observe& o) {
  a.field("quantiles", o.quantiles,
          {.doc = "Quantiles reported of every time.", .min = 0, .max = 1, .max_items = 32});
  a.field(
      "wait_over_ns", o.wait_over_ns,
      {.doc =
           "Per lock, report the fraction of acquisitions that waited longer than each of these.",
       .unit = "ns",
       .min = 0,
       .max = kMaxTimeNs,
       .max_items = 32});
  a.field("number_at_least", o.number_at_least,
          {.doc = "Per lock, report the fraction of time with at least so many threads holding or "
                  "waiting.",
           .min = 1,
           .max = 100000,
           .max_items = 32});
  a.field("lock_instances", o.lock_instances,
          {.doc = "Whether each lock of a class gets a row of its own in the report."});
  a.field("histograms", o.histograms,
          {.doc = "Whether every reported time carries its whole distribution (`histogram`), for "
                  "the figures `ecdf` and `histogram` of `plot`.",
           .absent = "false"});
  a.field("timeline", o.timeline, {.doc = "What `--out trace:FILE` records."});
}

}  // namespace models
