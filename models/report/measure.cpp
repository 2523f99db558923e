// SPDX-License-Identifier: BSD-2-Clause
#include "models/report/measure.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/observe/statistics.hpp"

namespace models {
namespace {

AcquisitionReport acquisition_report(const sim::LockFigures& figures, const MeasureWindow& window,
                                     const Observe& observe) {
  AcquisitionReport report;
  report.acquisitions = number(figures.acquisitions);
  report.acquisitions_per_s = ratio(report.acquisitions, window.seconds());
  report.contended = number(figures.contended);
  report.contended_fraction = ratio(report.contended, report.acquisitions);
  report.wait_ns = time_stats(figures.wait, observe);
  report.wait_ns.mean_contended = ratio(report.wait_ns.total, report.contended);
  report.hold_ns = time_stats(figures.hold, observe);
  report.hold_ns.mean_contended = ratio(sim::to_ns(figures.contended_hold_ps), report.contended);
  report.spin_ns_total = sim::to_ns(figures.spin_ps);
  report.block_ns_total = sim::to_ns(figures.block_ps);
  report.failed_while_held = number(figures.failed_while_held);
  const std::size_t thresholds = std::min(figures.waits_over.size(), observe.wait_over_ns.size());
  for (std::size_t i = 0; i < thresholds; ++i) {
    const double threshold_ns = observe.wait_over_ns[i];
    report.wait_over.push_back({fmt::format("{}ns", threshold_ns), threshold_ns,
                                ratio(number(figures.waits_over[i]), report.acquisitions)});
  }
  return report;
}

/// The distribution of the number of threads at a lock, without the levels never reached.
std::vector<double> level_fractions(const sim::TimeWeighted& level, const MeasureWindow& window) {
  const auto span_ps = static_cast<double>(window.to - window.from);
  const std::vector<sim::Picoseconds> times = level.time_at_level(window.to);
  std::vector<double> fractions;
  fractions.reserve(times.size());
  for (const sim::Picoseconds time : times) {
    fractions.push_back(ratio(static_cast<double>(time), span_ps));
  }
  while (!fractions.empty() && fractions.back() == 0.0) fractions.pop_back();
  return fractions;
}

BlameReport blame_report(const sim::LockBlame& blame, const std::string& waiter,
                         const std::string& holder) {
  BlameReport report{waiter + "<" + holder,     waiter, holder, number(blame.count),
                     sim::to_ns(blame.wait_ps), {},     {}};
  const auto longest =
      std::max_element(blame.places.begin(), blame.places.end(),
                       [](const auto& a, const auto& b) { return a.wait_ps < b.wait_ps; });
  if (longest != blame.places.end()) {
    if (longest->waiter_point != nullptr) report.waiter_point = longest->waiter_point->name;
    if (longest->holder_point != nullptr) report.holder_point = longest->holder_point->name;
  }
  return report;
}

/// Whether measuring `early`, too, would tell another story than `settled` alone. The rule drops
/// the front of settled noise, too, when that happens to look good; so what it drops has to differ
/// by three standard errors, and to shift the mean by a thousandth.
bool is_biased(std::span<const double> early, std::span<const double> settled) {
  constexpr double kStandardErrors = 3.0;
  constexpr double kRelativeShift = 1e-3;
  sim::Welford before;
  sim::Welford after;
  for (const double value : early) before.add(value);
  for (const double value : settled) after.add(value);
  const auto n_before = static_cast<double>(before.count());
  const auto n_after = static_cast<double>(after.count());
  const double difference = std::fabs(before.mean() - after.mean());
  const double error = after.standard_deviation() * std::sqrt(1.0 / n_before + 1.0 / n_after);
  const double shift = difference * n_before / (n_before + n_after);
  return difference > kStandardErrors * error && shift > kRelativeShift * std::fabs(after.mean());
}

std::string role_name(std::span<const std::string> roles, std::uint32_t role) {
  return role < roles.size() ? roles[role] : fmt::format("role {}", role);
}

std::string_view kind_name(sim::LockKind kind) {
  return kind == sim::LockKind::sx ? "sx" : enum_name(kind);
}

}  // namespace

std::string quantile_name(double q) { return fmt::format("p{:.10g}", q * 100.0); }

TimeStats time_stats(const sim::Histogram& of_ps, const Observe& observe) {
  constexpr double kPsPerNs = sim::kNanosecond;
  TimeStats stats;
  stats.count = number(of_ps.count());
  stats.total = static_cast<double>(of_ps.total()) / kPsPerNs;
  stats.mean = of_ps.mean() / kPsPerNs;
  stats.p50 = sim::to_ns(of_ps.quantile(0.5));
  stats.p99 = sim::to_ns(of_ps.quantile(0.99));
  stats.max = sim::to_ns(of_ps.max());
  for (const double q : observe.quantiles) {
    stats.quantiles.push_back({quantile_name(q), q, sim::to_ns(of_ps.quantile(q))});
  }
  if (observe.histograms.value_or(false)) {
    of_ps.for_each_bucket([&](const sim::Histogram::Bucket& bucket) {
      stats.histogram.push_back(
          {sim::to_ns(bucket.low), sim::to_ns(bucket.high), number(bucket.count)});
    });
  }
  return stats;
}

LockReport lock_report(const sim::LockClassProfile& profile, const MeasureWindow& window,
                       const Observe& observe, std::span<const std::string> roles) {
  const auto span_ps = static_cast<double>(window.to - window.from);
  LockReport report;
  report.name = profile.cls->name;
  report.kind = kind_name(profile.cls->kind);
  report.instances = profile.instances;
  report.figures = acquisition_report(profile.figures, window, observe);
  report.utilisation = ratio(static_cast<double>(profile.held.integral(window.to)),
                             span_ps * std::max(1.0, report.instances));
  report.number_mean = ratio(static_cast<double>(profile.at_lock.integral(window.to)), span_ps);
  report.waiting_mean = ratio(static_cast<double>(profile.waiting.integral(window.to)), span_ps);
  report.sojourn_ns = time_stats(profile.sojourn, observe);
  report.number_pmf = level_fractions(profile.at_lock, window);
  for (const int least : observe.number_at_least) {
    double fraction = 0.0;
    for (auto i = static_cast<std::size_t>(least); i < report.number_pmf.size(); ++i) {
      fraction += report.number_pmf[i];
    }
    report.number_at_least.push_back(
        {fmt::format("{}_or_more", least), static_cast<double>(least), fraction});
  }
  for (const auto& point : profile.points) {
    if (point->figures.acquisitions == 0 && point->figures.hold.count() == 0) continue;
    report.points.push_back(
        {point->point->name, acquisition_report(point->figures, window, observe)});
  }
  for (const auto& [pair, blame] : profile.blame) {
    report.blame.push_back(
        blame_report(blame, role_name(roles, pair.first), role_name(roles, pair.second)));
  }
  for (std::size_t i = 0; i < profile.per_instance.size(); ++i) {
    report.per_instance.push_back(
        {fmt::format("#{}", i + 1), acquisition_report(*profile.per_instance[i], window, observe)});
  }
  return report;
}

CpuReport cpu_report(const sim::CpuAccounting& accounting, int core) {
  CpuReport report;
  report.core = core;
  const auto elapsed = static_cast<double>(accounting.elapsed_ps(core));
  for (std::size_t i = 0; i < sim::kWorkCount; ++i) {
    const auto work = static_cast<sim::Work>(i);
    report.fractions[i] = elapsed > 0.0
                              ? static_cast<double>(accounting.total_ps(core, work)) / elapsed
                              : (work == sim::Work::idle ? 1.0 : 0.0);
  }
  return report;
}

void judge_warmup(WarmupReport& warmup) {
  constexpr std::size_t kLeastValues = 50;
  warmup.known = warmup.series.size() >= kLeastValues;
  warmup.enough = true;
  warmup.mser5_ms = 0.0;
  if (!warmup.known) return;
  const sim::Mser mser = sim::mser5(warmup.series);
  warmup.known = !mser.at_limit;
  warmup.mser5_ms = static_cast<double>(mser.d) * warmup.interval_ms;
  const auto given = static_cast<std::size_t>(std::ceil(warmup.given_ms / warmup.interval_ms));
  if (!warmup.known || given >= mser.d) return;
  warmup.enough = !is_biased(std::span(warmup.series).subspan(given, mser.d - given),
                             std::span(warmup.series).subspan(mser.d));
}

}  // namespace models
