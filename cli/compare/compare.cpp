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
#include "cli/compare/scenario_changes.hpp"
#include "cli/errors.hpp"
#include "cli/store/schema.hpp"
#include "cli/store/store.hpp"
#include "cli/study/settings.hpp"
#include "models/report/metrics.hpp"
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

constexpr std::size_t kMostListed = 20;

/// What may stand after --tolerance METRIC=.
std::string allowed_tolerances(const std::string& metric, const std::vector<std::string>& chosen) {
  const std::string names =
      chosen.size() <= kMostListed ? ": " + models::join_names(chosen) : std::string();
  return "a metric that is compared" + names + models::suggestion(metric, chosen);
}

/// The metrics to look at, of those that both sides have; a new side without any number is no
/// reason to look at none.
std::vector<std::string> chosen_metrics(const CompareRequest& request,
                                        const std::set<std::string>& of_old,
                                        const std::set<std::string>& of_new) {
  const auto both = [&](const std::string& metric) {
    return of_old.contains(metric) && (of_new.empty() || of_new.contains(metric));
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
      throw UsageError(fmt::format(
          "--metric: found {}; allowed: a number that {} has; --all compares them all{}",
          models::quote(metric), request.old_file,
          models::suggestion(metric, {of_old.begin(), of_old.end()})));
    }
    chosen.push_back(metric);
  }
  for (const auto& [metric, tolerance] : request.tolerances.by_metric) {
    if (std::find(chosen.begin(), chosen.end(), metric) == chosen.end()) {
      throw UsageError(fmt::format("--tolerance: found {}; allowed: {}", models::quote(metric),
                                   allowed_tolerances(metric, chosen)));
    }
  }
  return chosen;
}

/// Also those that no run has, as all are over nothing.
std::set<std::string> metrics_of(const Results& results) {
  std::set<std::string> names(results.over_nothing.begin(), results.over_nothing.end());
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
  if (to.samples.empty()) {
    change.from = mean_of(from).value;
    change.to = std::numeric_limits<double>::quiet_NaN();
    change.old_runs = from.samples.size();
    change.verdict = ChangeVerdict::lost;
    return change;
  }
  const Contrast found = contrast(from, to);
  change.from = found.from.value;
  change.to = found.to.value;
  change.old_runs = found.from.n;
  change.new_runs = found.to.n;
  change.old_left_out = from.samples.size() - found.from.n;
  change.new_left_out = to.samples.size() - found.to.n;
  change.difference = found.difference;
  judge(change, found.same);
  return change;
}

/// The runs of a point: those with results, by replication, and how many ended without.
struct PointRunsLeft {
  std::set<int> results;
  std::map<std::string, std::size_t> failed;  ///< by status
  std::vector<int> failed_replications;

  std::string reason() const {
    std::string text;
    for (const auto& [status, count] : failed) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, status);
    }
    return text;
  }
};

std::map<std::string, PointRunsLeft> runs_left(const Results& results) {
  std::map<std::string, PointRunsLeft> left;
  for (const Run& run : results.runs) {
    PointRunsLeft& point = left[settings_text(run.settings)];
    if (run.has_results()) {
      point.results.insert(run.replication);
    } else {
      ++point.failed[run.status];
      point.failed_replications.push_back(run.replication);
    }
  }
  return left;
}

/// Of the points that both have.
std::vector<FailedRuns> failures_of(const std::vector<std::string>& points, const Results& before,
                                    const Results& after) {
  const std::map<std::string, PointRunsLeft> old_runs = runs_left(before);
  const std::map<std::string, PointRunsLeft> new_runs = runs_left(after);
  std::vector<FailedRuns> failures;
  for (const std::string& point : points) {
    const auto there = new_runs.find(point);
    if (there == new_runs.end()) continue;
    const PointRunsLeft& from = old_runs.at(point);
    const PointRunsLeft& to = there->second;
    FailedRuns item{point,
                    from.failed_replications.size(),
                    to.failed_replications.size(),
                    0,
                    from.reason(),
                    to.reason()};
    for (const int replication : to.failed_replications) {
      item.lost += from.results.count(replication);
    }
    if (item.in_old + item.in_new > 0) failures.push_back(std::move(item));
  }
  return failures;
}

/// Knows the points at which a count is 0 in all runs that have it, so that a mean over it is no
/// number there.
class IdlePoints {
 public:
  explicit IdlePoints(const Results& results) : results_(results) {}

  /// Whether `cell`, of a mean over `count`, has no number for that reason.
  bool explain(const Cell& cell, const std::string& count) {
    if (count.empty() || !cell.samples.empty()) return false;
    return points(count).contains(settings_text(cell.settings));
  }

 private:
  const std::set<std::string>& points(const std::string& count) {
    const auto [at, fresh] = points_.try_emplace(count);
    if (!fresh) return at->second;
    for (const Cell& cell : idle_cells(results_, count)) {
      at->second.insert(settings_text(cell.settings));
    }
    return at->second;
  }

  const Results& results_;
  std::map<std::string, std::set<std::string>> points_;  ///< by count
};

/// What both sides have over nothing is only told when it was asked for by name.
void add_not_compared(CompareResult& result, const CompareRequest& request, NotCompared item) {
  if (item.in_old && item.in_new && request.metrics.empty()) return;
  result.not_compared.push_back(std::move(item));
}

CompareResult compare_stores(const CompareRequest& request) {
  Results before = read_results(request.old_file, request.study);
  Results after = read_results(request.new_file, request.study);
  settle_metrics(before, after);
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
  result.failures = failures_of(old_points, before, after);
  result.scenarios = scenario_changes(request, before, after);
  IdlePoints old_idle(before);
  IdlePoints new_idle(after);
  for (const std::string& metric : chosen_metrics(request, metrics_of(before), metrics_of(after))) {
    const std::string count = models::metric_basis(metric).count;
    std::map<std::string, Cell> by_point;
    for (Cell& cell : cells_of(after, metric)) {
      by_point.emplace(settings_text(cell.settings), std::move(cell));
    }
    for (const Cell& from : cells_of(before, metric)) {
      const auto to = by_point.find(settings_text(from.settings));
      if (to == by_point.end()) continue;
      const bool in_old = old_idle.explain(from, count);
      const bool in_new = new_idle.explain(to->second, count);
      if (from.samples.empty() && !in_old) continue;
      if (in_old || in_new) {
        add_not_compared(result, request, {metric, to->first, count, in_old, in_new});
        continue;
      }
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

/// Whether the report has no such mean because there was nothing to take it over.
bool is_over_nothing(const ReportValues& values, const std::string& metric) {
  if (values.contains(metric)) return false;
  const auto count = values.find(models::metric_basis(metric).count);
  return count != values.end() && count->second.mean == 0.0;
}

/// Of those that either side has.
std::set<std::string> names_of(const ReportValues& values, const CompareRequest& request,
                               const ReportValues& others) {
  std::set<std::string> names;
  for (const auto& [name, value] : values) names.insert(names.end(), name);
  for (const auto& [name, value] : others) {
    if (is_over_nothing(values, name)) names.insert(name);
  }
  for (const std::string& metric : request.metrics) {
    if (is_over_nothing(values, metric) && models::is_metric_path(metric)) names.insert(metric);
  }
  return names;
}

CompareResult compare_reports(const CompareRequest& request) {
  ReportValues before = read_report_values(request.old_file);
  ReportValues after = read_report_values(request.new_file);
  add_zeros(before, after);
  add_zeros(after, before);
  CompareResult result;
  for (const std::string& metric : chosen_metrics(request, names_of(before, request, after),
                                                  names_of(after, request, before))) {
    const bool in_old = is_over_nothing(before, metric);
    const bool in_new = is_over_nothing(after, metric);
    if (in_old || in_new) {
      add_not_compared(result, request,
                       {metric, {}, models::metric_basis(metric).count, in_old, in_new});
      continue;
    }
    Change change;
    change.metric = metric;
    change.tolerance = request.tolerances.of(metric);
    const sim::Interval& from = before.at(metric);
    change.from = from.mean;
    change.old_runs = from.n;
    const auto to = after.find(metric);
    if (to == after.end()) {
      change.to = std::numeric_limits<double>::quiet_NaN();
      change.verdict = ChangeVerdict::lost;
    } else {
      change.to = to->second.mean;
      change.new_runs = to->second.n;
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
  std::set<std::string> given;
  for (const std::string& text : texts) {
    const std::size_t equals = text.rfind('=');
    const std::string metric = equals == std::string::npos ? "" : text.substr(0, equals);
    if (!given.insert(metric).second) {
      throw UsageError(fmt::format("--tolerance: found two of {}; allowed: one",
                                   metric.empty() ? "all figures" : models::quote(metric)));
    }
    if (equals == std::string::npos) {
      tolerances.relative = parse_percent(text, text);
    } else {
      tolerances.by_metric[metric] = parse_percent(text.substr(equals + 1), text);
    }
  }
  return tolerances;
}

std::size_t CompareResult::lost_runs() const {
  std::size_t lost = 0;
  for (const FailedRuns& item : failures) lost += item.lost;
  return lost;
}

bool CompareResult::failed() const {
  return !only_old.empty() || lost_runs() > 0 ||
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
  if (result.changes.empty() && result.not_compared.empty() && !result.failed()) {
    throw UsageError(
        fmt::format("{} and {}: found no metric to compare; allowed: results that both "
                    "have. --all compares every metric",
                    request.old_file, request.new_file));
  }
  return result;
}

}  // namespace cli
