// SPDX-License-Identifier: BSD-2-Clause
#include "cli/compare/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>
#include <utility>

#include "cli/compare/report_values.hpp"
#include "cli/errors.hpp"
#include "cli/store/schema.hpp"
#include "cli/store/store.hpp"
#include "cli/study/settings.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/nearest.hpp"

namespace cli {
namespace {

double relative_of(double from, double difference) {
  if (difference == 0.0) return 0.0;
  return from == 0.0 ? std::copysign(std::numeric_limits<double>::infinity(), difference)
                     : difference / std::fabs(from);
}

void judge(Change& change, bool same_values) {
  const Estimate& d = change.difference;
  change.relative = relative_of(change.from, d.value);
  if (same_values) {
    change.verdict = ChangeVerdict::same;
  } else if (d.has_interval() && d.low <= 0.0 && d.high >= 0.0) {
    change.verdict = ChangeVerdict::unproven;
  } else {
    change.verdict = std::fabs(change.relative) > change.tolerance ? ChangeVerdict::beyond
                                                                   : ChangeVerdict::within;
  }
}

bool same_samples(const Cell& a, const Cell& b) {
  return std::equal(a.samples.begin(), a.samples.end(), b.samples.begin(), b.samples.end(),
                    [](const Cell::Sample& x, const Cell::Sample& y) {
                      return x.replication == y.replication && x.value == y.value;
                    });
}

/// The metrics to look at, of those that both sides have.
std::vector<std::string> chosen_metrics(const CompareRequest& request,
                                        const std::set<std::string>& of_old,
                                        const std::set<std::string>& of_new) {
  const auto both = [&](const std::string& metric) {
    return of_old.contains(metric) && of_new.contains(metric);
  };
  std::vector<std::string> chosen;
  if (request.all) {
    std::copy_if(of_old.begin(), of_old.end(), std::back_inserter(chosen), both);
  } else if (request.metrics.empty()) {
    std::copy_if(headline_metrics().begin(), headline_metrics().end(), std::back_inserter(chosen),
                 both);
  }
  for (const std::string& metric : request.metrics) {
    if (!of_old.contains(metric)) {  // one that only the new side lacks is lost
      throw UsageError(fmt::format("--metric: found {}; allowed: a number that {} has. {}",
                                   models::quote(metric), request.old_file,
                                   models::suggest(metric, {of_old.begin(), of_old.end()})));
    }
    chosen.push_back(metric);
  }
  for (const auto& [metric, tolerance] : request.tolerances.by_metric) {
    if (std::find(chosen.begin(), chosen.end(), metric) == chosen.end()) {
      throw UsageError(fmt::format("--tolerance: found {}; allowed: a metric that is compared. {}",
                                   models::quote(metric), models::suggest(metric, chosen)));
    }
  }
  return chosen;
}

std::set<std::string> metrics_of(const Results& results) {
  std::set<std::string> names;
  for (const Run& run : results.runs) {
    for (const auto& [name, value] : run.metrics) names.insert(names.end(), name);
  }
  return names;
}

std::vector<std::string> points_of(const Results& results) {
  std::vector<std::string> points;
  for (const Run& run : results.runs) {
    const std::string key = settings_text(run.settings);
    if (points.empty() || points.back() != key) points.push_back(key);
  }
  return points;
}

std::vector<std::string> missing_from(const std::vector<std::string>& points,
                                      const std::vector<std::string>& others) {
  std::vector<std::string> missing;
  for (const std::string& point : points) {
    if (std::find(others.begin(), others.end(), point) == others.end()) missing.push_back(point);
  }
  return missing;
}

Change change_of(const std::string& metric, const Cell& from, const Cell& to,
                 const Tolerances& tolerances) {
  Change change;
  change.metric = metric;
  change.point = settings_text(from.settings);
  change.tolerance = tolerances.of(metric);
  change.from = mean_of(from).value;
  change.to = mean_of(to).value;
  if (to.samples.empty()) {
    change.verdict = ChangeVerdict::lost;
    return change;
  }
  change.difference = difference(from, to);
  judge(change, same_samples(from, to));
  return change;
}

CompareResult compare_stores(const CompareRequest& request) {
  const Results before = read_results(request.old_file, request.study);
  const Results after = read_results(request.new_file, request.study);
  const std::vector<std::string> old_points = points_of(before);
  const std::vector<std::string> new_points = points_of(after);
  CompareResult result;
  result.only_old = missing_from(old_points, new_points);
  result.only_new = missing_from(new_points, old_points);
  if (result.only_old.size() == old_points.size()) {
    throw UsageError(
        fmt::format("{} and {}: found no point in common; allowed: two stores of one "
                    "study, or of studies that share points",
                    request.old_file, request.new_file));
  }
  for (const std::string& metric : chosen_metrics(request, metrics_of(before), metrics_of(after))) {
    std::map<std::string, Cell> by_point;
    for (Cell& cell : cells_of(after, metric)) {
      by_point.emplace(settings_text(cell.settings), std::move(cell));
    }
    for (const Cell& from : cells_of(before, metric)) {
      const auto to = by_point.find(settings_text(from.settings));
      if (to == by_point.end() || from.samples.empty()) continue;
      result.changes.push_back(change_of(metric, from, to->second, request.tolerances));
    }
  }
  const auto place = [&](const Change& change) {
    return std::find(old_points.begin(), old_points.end(), change.point) - old_points.begin();
  };
  std::stable_sort(result.changes.begin(), result.changes.end(),
                   [&](const Change& a, const Change& b) { return place(a) < place(b); });
  return result;
}

std::set<std::string> names_of(const ReportValues& values) {
  std::set<std::string> names;
  for (const auto& [name, value] : values) names.insert(names.end(), name);
  return names;
}

CompareResult compare_reports(const CompareRequest& request) {
  const ReportValues before = read_report_values(request.old_file);
  const ReportValues after = read_report_values(request.new_file);
  CompareResult result;
  for (const std::string& metric : chosen_metrics(request, names_of(before), names_of(after))) {
    Change change;
    change.metric = metric;
    change.tolerance = request.tolerances.of(metric);
    const sim::Interval& from = before.at(metric);
    change.from = from.mean;
    const auto to = after.find(metric);
    if (to == after.end()) {
      change.to = std::numeric_limits<double>::quiet_NaN();
      change.verdict = ChangeVerdict::lost;
    } else {
      change.to = to->second.mean;
      change.difference = difference(from, to->second);
      const bool same = from.mean == change.to && from.n == to->second.n &&
                        (from.n < 2 || from.half_width == to->second.half_width);
      judge(change, same);
    }
    result.changes.push_back(std::move(change));
  }
  return result;
}

double parse_percent(const std::string& text, const std::string& whole) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || std::string_view(end) != "%" || !(value >= 0.0) ||
      !std::isfinite(value)) {
    throw UsageError(fmt::format(
        "--tolerance: found {}; allowed: a percentage like 5%, or METRIC=5% for one metric",
        models::quote(whole)));
  }
  return value / 100.0;
}

}  // namespace

double Tolerances::of(const std::string& metric) const {
  const auto own = by_metric.find(metric);
  return own == by_metric.end() ? relative : own->second;
}

Tolerances parse_tolerances(const std::vector<std::string>& texts) {
  Tolerances tolerances;
  for (const std::string& text : texts) {
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos) {
      tolerances.relative = parse_percent(text, text);
    } else {
      tolerances.by_metric[text.substr(0, equals)] = parse_percent(text.substr(equals + 1), text);
    }
  }
  return tolerances;
}

bool CompareResult::failed() const {
  return !only_old.empty() ||
         std::any_of(changes.begin(), changes.end(), [](const Change& c) { return c.failed(); });
}

const std::vector<std::string>& headline_metrics() {
  static const std::vector<std::string> kMetrics = {
      "throughput.goodput_gbps",
      "throughput.frames_dropped",
      "nic.interrupts_per_s",
      "locks.so_rcv.acquisitions_per_s",
      "locks.so_rcv.contended_fraction",
      "locks.so_rcv.wait_ns.total",
      "locks.so_rcv.wait_ns.p99",
      "cpus.0.idle",
      "cpus.1.idle",
      "readers.reader.bytes_per_read_mean",
      "readers.reader.delivery_latency_ns.mean",
  };
  return kMetrics;
}

CompareResult compare_files(const CompareRequest& request) {
  const bool old_store = is_store_file(request.old_file);
  const bool new_store = is_store_file(request.new_file);
  for (const std::string& file : {request.old_file, request.new_file}) {
    if (const std::string problem = models::file_problem(file); !problem.empty()) {
      throw UsageError(fmt::format("{}: found {}; allowed: a store, or a report in JSON",
                                   models::quote(file), problem));
    }
  }
  if (old_store != new_store) {
    throw UsageError(
        fmt::format("{} and {}: found a store and something else; allowed: two stores, "
                    "or two reports in JSON",
                    request.old_file, request.new_file));
  }
  if (!old_store && !request.study.empty()) {
    throw UsageError("--study: found reports; allowed: with two stores only");
  }
  CompareResult result = old_store ? compare_stores(request) : compare_reports(request);
  if (result.changes.empty()) {
    throw UsageError(
        fmt::format("{} and {}: found no metric to compare; allowed: results that both "
                    "have. --all compares every metric",
                    request.old_file, request.new_file));
  }
  return result;
}

}  // namespace cli
