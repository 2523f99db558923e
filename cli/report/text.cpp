// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string>

#include "cli/report/formats.hpp"
#include "cli/report/text_parts.hpp"
#include "cli/report/units.hpp"
#include "models/scenario/json_text.hpp"

namespace cli {
namespace {

using models::Report;

std::string verdict_text(const Report& report, const Style& style) {
  const std::string verdict(models::enum_name(report.verdict));
  if (report.verdict == models::Verdict::completed) return style.good(verdict);
  const std::string kind = report.violations.empty() ? "" : report.violations.front().kind;
  return style.bad(kind.empty() ? verdict : fmt::format("{}: {}", verdict, kind));
}

std::string head(const Report& report, const Style& style) {
  const models::RunInfo& run = report.run;
  std::string text = style.bold(run.scenario) + '\n';
  if (!run.description.empty()) text += fmt::format("  {}\n", run.description);
  text += fmt::format("\n  machine    {}, {} {}", run.machine, run.cores,
                      run.cores == 1 ? "core" : "cores");
  if (run.clock_ghz > 0.0) text += fmt::format(" at {} GHz", models::number_text(run.clock_ghz));
  text += '\n';
  if (!run.algorithm.empty()) text += fmt::format("  receive    {}\n", run.algorithm);
  if (!run.traffic.empty() && run.traffic != "none") {
    text += fmt::format("  traffic    {} at {} Gb/s, MTU {}\n", run.traffic,
                        models::number_text(run.link_gbps), models::number_text(run.mtu));
  }
  text += fmt::format("  simulated  {} after a warm-up of {}, seed {}",
                      time_text(run.measured_ms * 1e6), time_text(run.warmup_ms * 1e6),
                      report.provenance.seed);
  if (run.replications > 1) {
    text += fmt::format(", mean of {} replications (+- 95 % half-width)", run.replications);
  }
  text += fmt::format("\n  verdict    {}\n", verdict_text(report, style));
  for (const std::string& warning : report.warnings) {
    text += fmt::format("  {}    {}\n", style.warning("warning"), warning);
  }
  return text;
}

std::string warmup_warning(const models::WarmupReport& warmup, const Style& style) {
  if (warmup.enough) return {};
  return fmt::format(
      "  {}    the warm-up of {} is too short: by the MSER-5 rule {} settles after {}.\n"
      "             Set warmup_ms to at least {}.\n",
      style.warning("warning"), time_text(warmup.given_ms * 1e6), warmup.series_name,
      time_text(warmup.mser5_ms * 1e6), models::number_text(warmup.mser5_ms));
}

std::string expectations(const Report& report, const Style& style) {
  if (report.expectations.empty()) return {};
  std::string text = section("Expectations", style);
  for (const models::ExpectationReport& item : report.expectations) {
    text += fmt::format("  {}  {}\n", item.passed ? style.good("passed") : style.bad("FAILED"),
                        item.message);
  }
  return text;
}

std::string violations(const Report& report, const Style& style) {
  std::string text;
  for (const models::ViolationReport& violation : report.violations) {
    text += section(fmt::format("Violation: {}", violation.kind), style);
    text +=
        fmt::format("  {}\n  at {}", style.bad(violation.message), time_text(violation.time_ns));
    if (!violation.thread.empty()) text += fmt::format(", in {}", violation.thread);
    if (report.run.replications > 1) text += fmt::format(", replication {}", violation.replication);
    text += '\n';
    if (!violation.trail.empty()) text += "\n  How it came to this, the last step at the end:\n";
    for (const std::string& step : violation.trail) text += fmt::format("    {}\n", step);
  }
  return text;
}

}  // namespace

std::string section(std::string_view title, const Style& style) {
  return fmt::format("\n{}\n", style.bold(title));
}

void write_text(std::ostream& out, const ReportView& view) {
  const Report& report = view.report;
  const Style style(view.colour);
  out << head(report, style) << warmup_warning(report.warmup, style) << violations(report, style)
      << throughput_text(report, style) << nic_text(report, style) << locks_text(report, style)
      << worst_waits_text(report, style) << cpus_text(report, style) << readers_text(report, style)
      << threads_text(report, style) << expectations(report, style);
  if (!report.provenance.command.empty()) {
    out << '\n' << style.dim("Run again: " + report.provenance.command) << '\n';
  }
}

}  // namespace cli
