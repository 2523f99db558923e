// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "models/scenario/fields.hpp"
#include "models/scenario/fields_traffic.hpp"

/// The field table, continued: disturbances, synthetic threads, and the scenario
/// itself.
namespace models {

template <class Archive>
void describe(Archive& a, Trigger& t) {
  using enum TriggerEvent;
  a.field("event", t.event, {.doc = "What it waits for, on its socket.", .required = true});
  a.field("n", t.n,
          {.doc = "Which one, counted from 1 after `after_us`.",
           .min = 1,
           .max = kMaxExactInteger,
           .applies = t.event == nth_copyout || t.event == nth_append || t.event == nth_sbwait ||
                      t.event == nth_read,
           .applies_when = "`event` is one of nth_...",
           .decided_by = "event"});
  a.field(
      "after_us", t.after_us,
      {.doc = "Events before this date do not count.", .unit = "us", .min = 0, .max = kMaxTimeUs});
  a.field("delay_ns", t.delay_ns,
          {.doc = "From the event to the disturbance.", .unit = "ns", .min = 0, .max = kMaxTimeNs});
}

template <class Archive>
void describe(Archive& a, Disturb& d) {
  using enum DisturbKind;
  a.field("do", d.action, {.doc = "What happens.", .required = true});
  const bool is_fault = d.action == copy_fault || d.action == page_fault;
  const bool reads = d.action == second_reader;
  a.field("at_us", d.at_us,
          {.doc = "Date. A disturbance has either this or `when`; a fault may have neither.",
           .unit = "us",
           .min = 0,
           .max = kMaxTimeUs,
           .absent = "see `when`"});
  a.field("when", d.when, {.doc = "Event that sets it off.", .absent = "see `at_us`"});
  a.field("socket", d.socket,
          {.doc = "The socket, counted from 0 after `count` has replicated them.",
           .min = 0,
           .max = 1048575});
  a.field("core", d.core,
          {.doc = "Core of the thread that does it.",
           .min = 0,
           .max = 255,
           .absent = "not pinned",
           .applies = !is_fault && d.action != rst && d.action != fin && d.action != signal,
           .applies_when = "`do` is shutdown_rd, close, kernel_close or second_reader",
           .decided_by = "do"});
  a.field("file_ref", d.file_ref,
          {.doc = "Whether readers inside the kernel hold the file, so that the socket outlives "
                  "the close.",
           .applies = d.action == close,
           .applies_when = "`do` is close",
           .decided_by = "do"});
  a.field(
      "offset_bytes", d.offset_bytes,
      {.doc =
           "Offset in the stream whose copyout faults. A fault has either this or `probability`.",
       .unit = "bytes",
       .min = 0,
       .max = kMaxExactInteger,
       .absent = "see `probability`",
       .applies = is_fault,
       .applies_when = "`do` is copy_fault or page_fault",
       .decided_by = "do"});
  a.field("probability", d.probability,
          {.doc = "Chance of a fault per copyout.",
           .min = 0,
           .max = 1,
           .absent = "see `offset_bytes`",
           .applies = is_fault,
           .applies_when = "`do` is copy_fault or page_fault",
           .decided_by = "do"});
  a.field("sleep_us", d.sleep_us,
          {.doc = "How long the page takes.",
           .unit = "us",
           .min = 0,
           .max = 1e7,
           .applies = d.action == page_fault,
           .applies_when = "`do` is page_fault",
           .decided_by = "do"});
  a.field("read_bytes", d.read_bytes,
          {.doc = "Size of a read.",
           .unit = "bytes",
           .min = 1,
           .max = 1 << 30,
           .applies = reads,
           .applies_when = "`do` is second_reader",
           .decided_by = "do"});
  a.field("blocking", d.blocking,
          {.doc = "Whether a read sleeps for data.",
           .applies = reads,
           .applies_when = "`do` is second_reader",
           .decided_by = "do"});
  a.field("waitall", d.waitall,
          {.doc = "MSG_WAITALL.",
           .applies = reads,
           .applies_when = "`do` is second_reader",
           .decided_by = "do"});
  a.field("peek", d.peek,
          {.doc = "MSG_PEEK.",
           .applies = reads,
           .applies_when = "`do` is second_reader",
           .decided_by = "do"});
  a.field("max_reads", d.max_reads,
          {.doc = "Reads after which the thread ends.",
           .min = 1,
           .max = kMaxExactInteger,
           .absent = "no limit",
           .applies = reads,
           .applies_when = "`do` is second_reader",
           .decided_by = "do"});
  a.field("reader", d.reader,
          {.doc = "Which of the socket's readers gets the signal, counted from 0 after `count` has "
                  "replicated them; those of `second_reader` come last.",
           .min = 0,
           .max = 1048575,
           .absent = "all of them",
           .applies = d.action == signal,
           .applies_when = "`do` is signal",
           .decided_by = "do"});
}

template <class Archive>
void describe(Archive& a, LockSpec& l) {
  a.field(
      "name", l.name,
      {.doc = "Name in the report and in `threads`.", .required = true, .pattern = kIdentifier});
  a.field("kind", l.kind, {.doc = "Discipline.", .absent = "`machine.lock_discipline`"});
  const bool ticket = l.kind == sim::LockKind::ticket;
  a.field("holder_slowdown_per_waiter", l.holder_slowdown_per_waiter,
          {.doc = "Each waiter that polls slows the holder's work by this fraction.",
           .min = 0,
           .max = 1000,
           .applies = ticket,
           .applies_when = "`kind` is ticket",
           .decided_by = "kind"});
  a.field("handoff_ns_per_waiter", l.handoff_ns_per_waiter,
          {.doc = "Added to the hand-over for every waiter.",
           .unit = "ns",
           .min = 0,
           .max = 1e6,
           .applies = ticket,
           .applies_when = "`kind` is ticket",
           .decided_by = "kind"});
}

template <class Archive>
void describe(Archive& a, ThreadGroup& t) {
  a.field(
      "name", t.name,
      {.doc =
           "Name in the report, where each group is an acquisition point; empty: `threads` and the "
           "group's index.",
       .pattern = kIdentifier});
  a.field("count", t.count,
          {.doc = "Threads of a closed group; independent streams of arrivals of an open one.",
           .min = 1,
           .max = 4096});
  a.field("lock", t.lock,
          {.doc = "Name of the lock that is held.", .absent = "none: `hold_ns` is plain work"});
  a.field("think_ns", t.think_ns,
          {.doc = "Time between two rounds, off the core. A group has either this (closed) or "
                  "`arrivals_per_s` (open).",
           .unit = "ns",
           .min = 0,
           .max = kMaxTimeNs,
           .absent = "the group is open"});
  a.field(
      "arrivals_per_s", t.arrivals_per_s,
      {.doc = "Rate of the Poisson arrivals (of batches); every arrival is a thread that does one "
              "round.",
       .unit = "1/s",
       .min = 0,
       .max = 1e9,
       .above_min = true,
       .absent = "the group is closed"});
  const bool open = t.arrivals_per_s.has_value();
  a.field("batch", t.batch,
          {.doc = "Arrivals that come together, rounded to at least one.",
           .min = 1,
           .max = 100000,
           .applies = open,
           .applies_when = "`arrivals_per_s` is given",
           .decided_by = "arrivals_per_s"});
  a.field("queue_limit", t.queue_limit,
          {.doc = "Arrivals of the group that may wait; a further one is turned away.",
           .min = 0,
           .max = 1e6,
           .absent = "no limit",
           .applies = open,
           .applies_when = "`arrivals_per_s` is given",
           .decided_by = "arrivals_per_s"});
  a.field("work_ns", t.work_ns,
          {.doc = "Work on a core before the lock is taken.",
           .unit = "ns",
           .min = 0,
           .max = kMaxTimeNs});
  a.field("hold_ns", t.hold_ns,
          {.doc = "Work on a core with the lock held.", .unit = "ns", .min = 0, .max = kMaxTimeNs});
  a.field("loops", t.loops,
          {.doc = "Rounds after which a thread ends (arrivals, in an open group).",
           .min = 1,
           .max = kMaxExactInteger,
           .absent = "no limit"});
  a.field("core", t.core,
          {.doc = "Core that the threads are pinned to.",
           .min = 0,
           .max = 255,
           .absent = "not pinned"});
  a.field("priority", t.priority, {.doc = "Scheduling class."});
  a.field("start_phase", t.start_phase,
          {.doc = "Where in its cycle a thread starts.",
           .applies = !open,
           .applies_when = "`think_ns` is given",
           .decided_by = "think_ns"});
}

template <class Archive>
void describe(Archive& a, Explore& e) {
  a.field("buffered_segments", e.buffered_segments,
          {.doc = "Segments in every receive buffer before the first step.", .min = 0, .max = 64});
  a.field("segments", e.segments,
          {.doc = "Segments that arrive at every socket meanwhile.", .min = 0, .max = 64});
  a.field("low_water", e.low_water,
          {.doc = "Most that SO_RCVLOWAT of a socket (its `low_water`) is here.",
           .unit = "bytes",
           .min = 1,
           .max = 1 << 30,
           .absent = "what is buffered at first, or 1"});
  a.field("reads", e.reads,
          {.doc = "Reads that a reader without `max_reads` makes.", .min = 0, .max = 64});
  a.field("retries", e.retries,
          {.doc = "How often a non-blocking reader calls again after EWOULDBLOCK. It does so only "
                  "when something has changed, but several of them change something for one "
                  "another for ever.",
           .min = 0,
           .max = 64,
           .absent = "2 where a socket has several such readers, else no limit"});
  a.field("at_any_moment", e.at_any_moment,
          {.doc = "Whether disturbances strike at any moment, also before the first event of their "
                  "`when`."});
}

template <class Archive>
void describe(Archive& a, Scenario& s) {
  a.directive("$schema", "Ignored: where an editor finds the schema.");
  a.directive(
      "extends",
      "Base scenario, relative to this file. Objects are merged (null removes a field), everything "
      "else is replaced.");
  a.field("schema", s.schema,
          {.doc = "Format of the file.", .required = true, .choices = {kScenarioSchema}});
  a.field("name", s.name, {.doc = "Name in reports; empty: the file's name without `.json`."});
  a.field("description", s.description, {.doc = "What the scenario shows, in a sentence or two."});
  a.field("seed", s.seed, {.doc = "Seed of all chance.", .min = 0, .max = kMaxExactInteger});
  a.field("duration_ms", s.duration_ms,
          {.doc = "Simulated time, warm-up included.",
           .unit = "ms",
           .min = 0,
           .max = kMaxTimeMs,
           .above_min = true});
  a.field("warmup_ms", s.warmup_ms,
          {.doc = "Time at the start that no measured value covers.",
           .unit = "ms",
           .min = 0,
           .max = kMaxTimeMs});
  a.field("replications", s.replications,
          {.doc = "Independent runs, for confidence intervals.", .min = 1, .max = 10000});
  a.field("tie_break", s.tie_break, {.doc = "Order of what happens at one date."});
  a.field("machine", s.machine, {.doc = "Cores, costs and locks."});
  a.field("nic", s.nic, {.doc = "The network interface and the way from it to TCP."});
  a.field("traffic", s.traffic, {.doc = "What the wire brings."});
  a.field("sockets", s.sockets, {.doc = "Connections and their readers.", .max_items = 1024});
  a.field("receive", s.receive, {.doc = "How data leaves the socket buffer."});
  a.field("disturb", s.disturb, {.doc = "What goes wrong, and when.", .max_items = 256});
  a.field("locks", s.locks, {.doc = "Locks of the synthetic threads.", .max_items = 256});
  a.field(
      "threads", s.threads,
      {.doc = "Groups of synthetic threads: background contention, or a queueing model on its own.",
       .max_items = 256});
  a.field("expect", s.expect,
          {.doc = "What must hold at the end; a breach is exit code 1.", .max_items = 256});
  a.field("observe", s.observe, {.doc = "What the report covers beyond its usual content."});
  a.field("explore", s.explore, {.doc = "How small the world is that `explore` searches."});
}

}  // namespace models
