// SPDX-License-Identifier: BSD-2-Clause
#include "models/report/collect.hpp"

#include <algorithm>

#include <string>
#include <vector>

#include <fmt/format.h>

#include "models/report/measure.hpp"
#include "sim/base/build_info.hpp"
#include "sim/base/fnv.hpp"

namespace models {
namespace {

class Collector {
 public:
  Collector(Report& report, const FinishedRun& run)
      : report_(report),
        run_(run),
        scenario_(run.loaded.scenario),
        window_{std::min(run.machine.warmup_ps(), run.result.end_ps), run.result.end_ps},
        seconds_(window_.seconds()) {}

  void all() {
    about();
    incidents();
    if (run_.stack.present()) {
      throughput();
      bytes();
      nic();
      tcp();
      readers();
      disturbances();
    }
    locks();
    threads();
    for (int core = 0; core < run_.machine.cores(); ++core) {
      report_.cpus.push_back(cpu_report(run_.machine.cpu_accounting(), core));
    }
    report_.warmup.given_ms = scenario_.warmup_ms;
    judge_warmup(report_.warmup);
  }

 private:
  double per_second(double count) const { return ratio(count, seconds_); }

  void about() {
    RunInfo& info = report_.run;
    info.scenario = scenario_.name;
    info.description = scenario_.description;
    info.algorithm = run_.stack.present() ? scenario_.receive.algorithm : "";
    info.machine = run_.loaded.profile.name;
    info.cores = run_.machine.cores();
    info.traffic = run_.stack.present() ? enum_name(scenario_.traffic.kind) : "";
    info.clock_ghz = run_.loaded.profile.clock_ghz;
    info.link_gbps = scenario_.traffic.link_gbps;
    info.mtu = scenario_.nic.mtu;
    info.duration_ms = scenario_.duration_ms;
    info.warmup_ms = scenario_.warmup_ms;
    info.measured_ms = seconds_ * 1e3;
    info.tie_break = enum_name(scenario_.tie_break);
    ProvenanceReport& from = report_.provenance;
    from.version = sim::version();
    from.commit = sim::commit();
    from.simgrid_version = sim::simgrid_version();
    from.build_type = sim::build_type();
    from.seed = scenario_.seed;
    from.scenario_hash = fmt::format("{:016x}", sim::fnv1a(run_.loaded.canonical()));
  }

  void incidents() {
    switch (run_.result.verdict) {
      case sim::Verdict::completed:
        report_.verdict = Verdict::completed;
        break;
      case sim::Verdict::violation:
        report_.verdict = Verdict::violation;
        break;
      case sim::Verdict::deadlock:
        report_.verdict = Verdict::deadlock;
        break;
    }
    report_.warnings = run_.result.warnings;
    const std::vector<std::string> names = run_.machine.thread_names();
    for (const sim::Incident& incident : run_.result.incidents) {
      ViolationReport violation;
      violation.kind = incident.kind;
      violation.message = incident.message;
      violation.time_ns = sim::to_ns(incident.at_ps);
      violation.thread = incident.thread;
      violation.replication = run_.replication;
      for (const sim::TrailEntry& entry : incident.trail) {
        violation.trail.push_back(sim::to_string(entry, names));
      }
      report_.violations.push_back(std::move(violation));
    }
  }

  void throughput() {
    ThroughputReport& t = report_.throughput;
    std::int64_t fresh = 0;
    for (const RunningReader& reader : run_.stack.readers()) {
      fresh += reader.observed->stats().fresh_bytes;
    }
    t.goodput_gbps = per_second(number(fresh)) * 8e-9;
    t.delivered_bytes = number(run_.stack.delivered_bytes());
    const NicStats nic = run_.stack.nic_stats();
    const DriverStats& driver = run_.stack.driver_stats();
    if (const TrafficStats* traffic = run_.stack.traffic()) {
      t.frames_offered = number(traffic->frames_offered);
      t.bytes_offered = number(traffic->bytes_offered);
      t.offered_pps = traffic->offered_pps();
    }
    t.frames_received = number(nic.frames_received);
    t.drops.ring = number(nic.frames_dropped);
    t.drops.netisr_queue = number(driver.netisr_dropped_frames);
    double tcp_frames = 0.0;
    for (const auto& socket : run_.stack.sockets()) {
      const TcpStats& tcp = socket->tcb.stats;
      t.drops.window_full += number(tcp.window_full_frames);
      t.drops.cantrcvmore += ratio(number(tcp.discarded_bytes), socket->tcb.options.maxseg);
      t.drops.no_connection += number(tcp.no_connection_frames);
      t.drops.reassembly += number(tcp.reass_dropped_frames);
      t.drops.backlog += number(tcp.backlog_dropped_frames);
      tcp_frames += number(tcp.frames);
    }
    t.received_pps = per_second(tcp_frames);
    t.frames_dropped = t.drops.ring + t.drops.netisr_queue + t.drops.window_full +
                       t.drops.cantrcvmore + t.drops.no_connection + t.drops.reassembly +
                       t.drops.backlog;
  }

  void bytes() {
    ByteReport& b = report_.throughput.bytes;
    for (const auto& socket : run_.stack.sockets()) {
      const Sockbuf& so_rcv = socket->so_rcv;
      const auto discarded = [&](Discard reason) {
        return number(so_rcv.counters.discarded[static_cast<std::size_t>(reason)]);
      };
      b.appended += number(so_rcv.counters.appended);
      b.copied += number(so_rcv.counters.copied);
      b.in_call += number(so_rcv.counters.in_call);
      b.buffered += number(so_rcv.available());
      b.discarded.efault += discarded(Discard::efault);
      b.discarded.shutdown += discarded(Discard::shutdown);
      b.discarded.disconnect += discarded(Discard::disconnect);
      b.discarded.destroyed += discarded(Discard::destroyed);
      b.discarded.dropped += discarded(Discard::dropped);
      SocketReport& entry = report_.sockets.emplace_back();
      entry.name = fmt::format("socket{}", socket->index);
      entry.receive_buffer_bytes = number(so_rcv.sb_hiwat);
      entry.peak_bytes = number(so_rcv.counters.peak_cc);
      entry.compressed_mbufs = number(so_rcv.counters.compressed_mbufs);
    }
    const MbufPool& pool = run_.stack.mbufs();
    report_.mbufs = {number(pool.allocated()), number(pool.freed()), number(pool.live()),
                     number(pool.peak())};
  }

  void nic() {
    const NicStats stats = run_.stack.nic_stats();
    NicReport& n = report_.nic;
    n.interrupts = number(stats.interrupts);
    n.interrupts_per_s = per_second(n.interrupts);
    n.frames_per_interrupt_mean = ratio(number(stats.frames_taken), n.interrupts);
    n.moderation_delay_ns = time_stats(stats.moderation_delay, scenario_.observe);
    n.moderation_delay_ns_mean = n.moderation_delay_ns.mean;
    n.ring_peak = number(stats.peak_fill);
    n.netisr_peak = number(run_.stack.driver_stats().netisr_peak);
    n.lro_frames_merged = number(run_.stack.lro_frames_merged());
  }

  void tcp() {
    TcpReport& t = report_.tcp;
    double fast = 0.0;
    double slow = 0.0;
    double frames = 0.0;
    for (const auto& socket : run_.stack.sockets()) {
      const TcpStats& stats = socket->tcb.stats;
      t.segments += number(stats.segments);
      frames += number(stats.frames);
      fast += number(stats.fast_path);
      slow += number(stats.slow_path);
      t.acks += number(stats.acks);
      t.window_updates += number(stats.window_updates);
      t.delayed_ack_timeouts += number(stats.delayed_ack_timeouts);
      t.out_of_order += number(stats.out_of_order);
      t.duplicate_bytes += number(stats.duplicate_bytes);
    }
    t.segments_per_s = per_second(t.segments);
    t.frames_per_segment_mean = ratio(frames, t.segments);
    t.fast_path_fraction = ratio(fast, fast + slow);
    if (const TrafficStats* traffic = run_.stack.traffic()) {
      t.retransmitted_frames = number(traffic->retransmitted_frames);
      t.fast_retransmits = number(traffic->fast_retransmits);
      t.timeouts = number(traffic->timeouts);
    }
  }

  void disturbances() {
    for (const Disturbances::Outcome& outcome : run_.stack.disturbances()) {
      DisturbReport& d = report_.disturb.emplace_back();
      d.name = outcome.name;
      d.fired = outcome.fired ? 1.0 : 0.0;
      d.finished = outcome.finished ? 1.0 : 0.0;
      d.latency_ns = sim::to_ns(outcome.latency_ps);
    }
  }

  void readers() {
    for (const RunningReader& reader : run_.stack.readers()) {
      const ReaderStats& stats = reader.observed->stats();
      ReaderReport& r = report_.readers.emplace_back();
      r.name = reader.name;
      r.socket = reader.socket;
      r.reads = number(stats.reads);
      r.reads_per_s = per_second(r.reads);
      r.bytes = number(stats.bytes);
      r.bytes_per_read_mean = ratio(r.bytes, r.reads);
      r.delivery_latency_ns = time_stats(stats.delivery_latency_ps, scenario_.observe);
      r.peeks = number(stats.peeks);
      r.would_block = number(stats.would_block);
      r.faults = number(stats.faults);
      r.lost_bytes = number(stats.lost_bytes);
      r.interrupted = number(stats.interrupted);
    }
  }

  void locks() {
    const sim::LockProfile& profile = run_.machine.lock_profile();
    for (std::size_t id = 0; id < profile.size(); ++id) {
      report_.locks.push_back(
          lock_report(profile.profile(id), window_, scenario_.observe, run_.machine.roles()));
    }
  }

  void threads() {
    for (std::size_t group = 0; group < run_.synthetic.size(); ++group) {
      const SyntheticStats& stats = run_.synthetic.stats(group);
      ThreadGroupReport& t = report_.threads.emplace_back();
      t.name = run_.synthetic.name(group);
      t.arrivals = static_cast<double>(stats.arrivals);
      t.rejected = static_cast<double>(stats.rejected);
      t.rejected_fraction = ratio(t.rejected, t.arrivals);
      t.rounds = static_cast<double>(stats.rounds);
      t.rounds_per_s = per_second(t.rounds);
      t.response_ns = time_stats(stats.response, scenario_.observe);
      if (const sim::RunQueueStats* queue = run_.machine.run_queue_stats(t.name)) {
        t.run_queue.dispatches = static_cast<double>(queue->dispatches);
        t.run_queue.waited_fraction =
            ratio(static_cast<double>(queue->waited), t.run_queue.dispatches);
        t.run_queue.wait_ns = time_stats(queue->wait, scenario_.observe);
      }
    }
  }

  Report& report_;
  const FinishedRun& run_;
  const Scenario& scenario_;
  MeasureWindow window_;
  double seconds_;
};

}  // namespace

void collect(Report& report, const FinishedRun& run) { Collector(report, run).all(); }

}  // namespace models
