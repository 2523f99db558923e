// SPDX-License-Identifier: BSD-2-Clause
#include "tests/support/sample_report.hpp"

namespace tests {
namespace {

models::TimeStats times(double count, double total, double contended, double max) {
  models::TimeStats stats;
  stats.count = count;
  stats.total = total;
  stats.mean = total / count;
  stats.mean_contended = contended > 0 ? total / contended : 0;
  stats.p50 = total / count / 2;
  stats.p99 = max / 2;
  stats.max = max;
  stats.quantiles = {{"p99.9", 0.999, max}};
  return stats;
}

models::AcquisitionReport figures(double count, double contended, double spin, double block) {
  models::AcquisitionReport f;
  f.acquisitions = count;
  f.acquisitions_per_s = count / 0.01;
  f.contended = contended;
  f.contended_fraction = contended / count;
  f.wait_ns = times(count, spin + block, contended, 71999);
  f.hold_ns = times(count, count * 2500.5, 0, 1234567.8);
  f.spin_ns_total = spin;
  f.block_ns_total = block;
  return f;
}

}  // namespace

models::Report sample_report() {
  models::Report report;
  report.run.scenario = "sample";
  report.run.algorithm = "generic";
  report.run.machine = "woodcrest-2007";
  report.run.cores = 2;
  report.run.clock_ghz = 3;
  report.run.traffic = "tcp";
  report.run.link_gbps = 10;
  report.run.mtu = 1500;
  report.run.measured_ms = 10;
  report.run.warmup_ms = 2;
  report.provenance.seed = 7;
  report.provenance.command = "sockbufsim run sample.json --seed 7";
  report.throughput.goodput_gbps = 9.25;
  report.throughput.delivered_bytes = 11562500;
  report.throughput.frames_offered = 8000;
  report.throughput.frames_received = 7990;
  report.throughput.frames_dropped = 10;
  report.throughput.drops.ring = 10;

  models::LockReport tcp;
  tcp.name = "tcp";
  tcp.kind = "adaptive";
  tcp.instances = 1;
  tcp.figures = figures(10, 0, 0, 0);
  tcp.points = {{"tcp_input.c:600", figures(10, 0, 0, 0)}};

  models::LockReport so_rcv;
  so_rcv.name = "so_rcv";
  so_rcv.kind = "adaptive";
  so_rcv.instances = 1;
  so_rcv.figures = figures(1000, 250, 3e6, 1e6);
  so_rcv.utilisation = 0.25;
  so_rcv.number_pmf = {0.5, 0.25, 0.25};
  so_rcv.points = {{"tcp_input.c:1201", figures(600, 50, 1e6, 0)},
                   {"uipc_socket.c:1669", figures(400, 200, 2e6, 1e6)}};
  so_rcv.blame = {
      {"irq0<reader0", "irq0", "reader0", 50, 1e6, "tcp_input.c:1201", "uipc_socket.c:1669"},
      {"reader0<irq0", "reader0", "irq0", 200, 3e6, "uipc_socket.c:1669", "tcp_input.c:1201"}};
  report.locks = {tcp, so_rcv};

  report.cpus.resize(2);
  report.cpus[0].fractions = {0.25, 0.25, 0, 0, 0, 0, 0, 0, 0, 0.5};
  report.cpus[1].core = 1;
  report.cpus[1].fractions = {0, 0, 0.125, 0.375, 0, 0, 0.25, 0, 0, 0.25};

  report.readers.resize(2);
  report.readers[0].name = "reader0";
  report.readers[0].reads = 176;
  report.readers[1].name = "log.0, \"tail\"";
  report.readers[1].reads = 3;
  report.simulator.wall_s = 1.5;
  return report;
}

}  // namespace tests
