// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "cli/report/text_parts.hpp"
#include "cli/report/units.hpp"
#include "models/scenario/json_text.hpp"

namespace cli {
namespace {

using models::Report;
using Align = Table::Align;

/// " +- 0.012" when replications gave an interval for the metric.
std::string half_width_text(const Report& report, std::string_view metric) {
  for (const models::SummaryReport& item : report.summary) {
    if (item.metric == metric && !std::isnan(item.half_width)) {
      return fmt::format(" +- {:.2g}", item.half_width);
    }
  }
  return {};
}

std::string drops_text(const models::DropReport& drops) {
  const std::array<std::pair<const char*, double>, 7> reasons = {
      {{"ring full", drops.ring},
       {"netisr queue full", drops.netisr_queue},
       {"no room in the socket buffer", drops.window_full},
       {"socket shut down", drops.cantrcvmore},
       {"no connection", drops.no_connection},
       {"reassembly queue full", drops.reassembly},
       {"backlog full", drops.backlog}}};
  std::string text;
  for (const auto& [reason, frames] : reasons) {
    if (frames == 0.0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", reason, count_text(frames));
  }
  return text;
}

double discarded(const models::ByteReport& bytes) {
  const models::DiscardReport& d = bytes.discarded;
  return d.efault + d.shutdown + d.disconnect + d.destroyed + d.dropped;
}

constexpr std::string_view kBarLetters = "ipscaL*wx.";  // one a kind of work, in the order of Work

/// A core's time as a bar of `width` characters; each kind of work gets its rounded share.
std::string bar(const models::CpuReport& cpu, std::size_t width) {
  std::string text;
  double so_far = 0.0;
  for (std::size_t i = 0; i < cpu.fractions.size(); ++i) {
    so_far += cpu.fractions[i];
    const auto end = static_cast<std::size_t>(
        std::clamp(std::lround(so_far * static_cast<double>(width)), 0L, static_cast<long>(width)));
    if (end > text.size()) text.append(end - text.size(), kBarLetters[i]);
  }
  return text;
}

}  // namespace

std::string throughput_text(const Report& report, const Style& style) {
  const models::ThroughputReport& t = report.throughput;
  if (t.frames_offered == 0.0 && t.delivered_bytes == 0.0) return {};
  std::string text = section("Throughput", style);
  text += fmt::format("  goodput    {} Gb/s{} ({} to applications)\n",
                      style.bold(fmt::format("{:.4f}", t.goodput_gbps)),
                      half_width_text(report, "throughput.goodput_gbps"),
                      bytes_text(t.delivered_bytes));
  text += fmt::format("  frames     {} offered ({}), {} received, {} dropped",
                      count_text(t.frames_offered), rate_text(t.offered_pps),
                      count_text(t.frames_received), count_text(t.frames_dropped));
  const std::string reasons = drops_text(t.drops);
  text += reasons.empty() ? "\n" : fmt::format(": {}\n", reasons);
  const models::ByteReport& bytes = t.bytes;
  text +=
      fmt::format("  bytes      {} appended = {} read + {} in calls + {} buffered + {} discarded\n",
                  bytes_text(bytes.appended), bytes_text(bytes.copied), bytes_text(bytes.in_call),
                  bytes_text(bytes.buffered), bytes_text(discarded(bytes)));
  const models::TcpReport& tcp = report.tcp;
  if (tcp.segments > 0.0) {
    text += fmt::format(
        "  tcp        {} segments of {:.2f} frames, {} on the fast path, {} ACKs, {} window "
        "updates\n",
        count_text(tcp.segments), tcp.frames_per_segment_mean, percent_text(tcp.fast_path_fraction),
        count_text(tcp.acks), count_text(tcp.window_updates));
  }
  if (tcp.retransmitted_frames > 0.0 || tcp.timeouts > 0.0) {
    text += fmt::format("  sender     {} frames sent again, {} fast retransmits, {} timeouts\n",
                        count_text(tcp.retransmitted_frames), count_text(tcp.fast_retransmits),
                        count_text(tcp.timeouts));
  }
  return text;
}

std::string nic_text(const Report& report, const Style& style) {
  const models::NicReport& nic = report.nic;
  if (nic.interrupts == 0.0) return {};
  std::string text = section("NIC", style);
  text += fmt::format("  interrupts {} ({}), {:.2f} frames each\n", count_text(nic.interrupts),
                      rate_text(nic.interrupts_per_s), nic.frames_per_interrupt_mean);
  text +=
      fmt::format("  moderation {} mean delay, {} at most\n",
                  time_text(nic.moderation_delay_ns_mean), time_text(nic.moderation_delay_ns.max));
  text += fmt::format("  ring       at most {} descriptors in use", count_text(nic.ring_peak));
  if (nic.netisr_peak > 0.0)
    text += fmt::format(", netisr queue at most {}", count_text(nic.netisr_peak));
  if (nic.lro_frames_merged > 0.0)
    text += fmt::format(", LRO merged {} frames", count_text(nic.lro_frames_merged));
  return text + '\n';
}

std::string cpus_text(const Report& report, const Style& style) {
  if (report.cpus.empty()) return {};
  constexpr std::size_t kBarWidth = 40;
  std::vector<std::size_t> kinds;  // those that any core did
  for (std::size_t i = 0; i < sim::kWorkCount; ++i) {
    const bool done = std::any_of(report.cpus.begin(), report.cpus.end(),
                                  [&](const models::CpuReport& c) { return c.fractions[i] > 0.0; });
    if (done) kinds.push_back(i);
  }
  std::vector<Table::Column> columns = {{"core"}, {"", Align::left}};
  for (const std::size_t i : kinds) {
    columns.push_back({fmt::format("{} {}", kBarLetters[i], sim::kWorkNames[i])});
  }
  Table table(std::move(columns));
  for (const models::CpuReport& cpu : report.cpus) {
    std::vector<std::string> cells = {fmt::format("{}", cpu.core), bar(cpu, kBarWidth)};
    for (const std::size_t i : kinds) cells.push_back(percent_text(cpu.fractions[i]));
    table.add(std::move(cells));
  }
  return section("Cores", style) + table.text(style);
}

std::string readers_text(const Report& report, const Style& style) {
  if (report.readers.empty()) return {};
  Table table({{"reader", Align::left},
               {"socket"},
               {"reads"},
               {"rate"},
               {"bytes"},
               {"a read"},
               {"latency mean"},
               {"p50"},
               {"p99"},
               {"max"},
               {"other", Align::left}});
  for (const models::ReaderReport& r : report.readers) {
    std::string other;
    const std::array<std::pair<const char*, double>, 4> counts = {{{"EWOULDBLOCK", r.would_block},
                                                                   {"EFAULT", r.faults},
                                                                   {"EINTR", r.interrupted},
                                                                   {"peeks", r.peeks}}};
    for (const auto& [name, count] : counts) {
      if (count > 0.0)
        other += fmt::format("{}{} {}", other.empty() ? "" : ", ", name, count_text(count));
    }
    const models::TimeStats& latency = r.delivery_latency_ns;
    table.add({r.name, fmt::format("{}", r.socket), count_text(r.reads), rate_text(r.reads_per_s),
               bytes_text(r.bytes), bytes_text(r.bytes_per_read_mean), time_text(latency.mean),
               time_text(latency.p50), time_text(latency.p99), time_text(latency.max), other});
  }
  return section("Readers, latency from the wire to the return from the read", style) +
         table.text(style);
}

std::string threads_text(const Report& report, const Style& style) {
  if (report.threads.empty()) return {};
  Table table({{"threads", Align::left},
               {"rounds"},
               {"rate"},
               {"response mean"},
               {"p99"},
               {"max"},
               {"arrivals"},
               {"rejected"},
               {"waited for a core"},
               {"mean"}});
  for (const models::ThreadGroupReport& t : report.threads) {
    const bool open = t.arrivals > 0.0;
    table.add({t.name, count_text(t.rounds), rate_text(t.rounds_per_s),
               time_text(t.response_ns.mean), time_text(t.response_ns.p99),
               time_text(t.response_ns.max), open ? count_text(t.arrivals) : "",
               open ? percent_text(t.rejected_fraction) : "",
               percent_text(t.run_queue.waited_fraction), time_text(t.run_queue.wait_ns.mean)});
  }
  return section("Synthetic threads", style) + table.text(style);
}

}  // namespace cli
