// SPDX-License-Identifier: BSD-2-Clause
#include "cli/plot/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string_view>

#include "cli/errors.hpp"
#include "cli/plot/figures.hpp"
#include "cli/plot/report_case.hpp"
#include "cli/plot/selection.hpp"
#include "cli/store/schema.hpp"
#include "cli/store/store.hpp"
#include "cli/study/analysis.hpp"
#include "models/report/metrics.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/nearest.hpp"

namespace cli {
namespace {

bool has_metric(const Results& results, const std::string& metric) {
  const MetricReader read(metric);
  return std::any_of(results.runs.begin(), results.runs.end(),
                     [&](const Run& run) { return read(run).has_value(); });
}

bool varies(const Results& results, const std::string& metric) {
  const MetricReader read(metric);
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const Run& run : results.runs) {
    const std::optional<double> value = read(run);
    if (!value) continue;
    low = std::min(low, *value);
    high = std::max(high, *value);
  }
  return high > low;
}

/// What the simulator is for: contention first, then what it costs.
const std::vector<std::string>& usual_metrics() {
  static const std::vector<std::string> kUsual = {
      "locks.so_rcv.contended_fraction", "locks.so_rcv.wait_ns.total", "throughput.goodput_gbps",
      "throughput.frames_dropped"};
  return kUsual;
}

[[noreturn]] void refuse_metric(const Results& all, const std::string& metric) {
  const auto& empty = all.over_nothing;
  if (std::find(empty.begin(), empty.end(), metric) != empty.end()) {
    throw UsageError(fmt::format("--metric: found {}, which no run has, as {} is 0 in all of them",
                                 models::quote(metric), models::metric_basis(metric).count));
  }
  std::set<std::string> names;
  for (const Run& run : all.runs) {
    for (const auto& [path, value] : run.metrics) names.insert(path);
  }
  std::string hint = models::suggest(metric, {names.begin(), names.end()});
  if (hint.empty()) hint = models::suggest_metric(metric);
  throw UsageError(
      fmt::format("--metric: found {}; allowed: the number columns of "
                  "`sockbufsim export`, like throughput.goodput_gbps{}{}",
                  models::quote(metric), hint.empty() ? "" : ". ", hint));
}

/// The results with the metric to draw, which `metric` names or becomes.
Results results_of(const PlotRequest& request, std::string& metric) {
  const std::string& store = request.inputs.front();
  if (!metric.empty()) {
    Results results = read_results(store, request.study, {metric});
    if (!has_metric(results, metric)) refuse_metric(read_results(store, request.study), metric);
    keep_where(results, request.where);
    if (!has_metric(results, metric)) {
      throw UsageError(fmt::format("--metric: none of the chosen points has {}", metric));
    }
    return results;
  }
  Results results = read_results(store, request.study, usual_metrics());
  keep_where(results, request.where);
  for (const std::string& usual : usual_metrics()) {
    if (varies(results, usual)) return metric = usual, results;
  }
  results = read_results(store, request.study);
  keep_where(results, request.where);
  std::set<std::string> contended;
  for (const Run& run : results.runs) {
    for (const auto& [path, value] : run.metrics) {
      const bool of_a_lock = path.starts_with("locks.") && path.ends_with(".contended_fraction") &&
                             path.find(".points.") == std::string::npos;
      if (of_a_lock) contended.insert(path);
    }
  }
  for (const std::string& path : contended) {
    if (varies(results, path)) return metric = path, results;
  }
  metric = usual_metrics()[2];
  if (!has_metric(results, metric)) {
    throw UsageError(fmt::format("store {}: no run has a result", store));
  }
  return results;
}

/// Whether a map of these two factors would have a value in most of its cells.
bool fills_map(const Results& results, const std::vector<std::string>& factors) {
  constexpr std::size_t kManyLevels = 6;
  std::size_t cells = 1;
  for (const std::string& factor : factors) {
    const std::vector<Setting> levels = levels_of(results, factor);
    if (!is_numeric(levels) || levels.size() < kManyLevels) return false;
    cells *= levels.size();
  }
  std::set<std::string> points;
  for (const Run& run : results.runs) points.insert(run.point);
  return 2 * points.size() >= cells;
}

/// A study with one factor of several values or more gives lines, one with two of many numbers a
/// map, one with many factors a tornado, a sample a scatter; a single point is seen by its waits.
std::string usual_figure(const Results& results, const std::string& x) {
  constexpr std::size_t kManyFactors = 4;
  const std::vector<std::string> varied = varied_factors(results);
  if (varied.empty()) return x.empty() ? "waits" : "line";
  if (x.empty() && varied.size() >= kManyFactors && has_matched_points(results)) return "tornado";
  std::string along = x.empty() ? longest_numeric(results) : x;
  if (along.empty()) along = varied.front();
  if (is_scattered(results, along)) return "scatter";
  if (x.empty() && varied.size() >= kManyFactors) return "tornado";
  return x.empty() && varied.size() == 2 && fills_map(results, varied) ? "heat" : "line";
}

const FigureKind& kind_of(const std::string& name) {
  std::vector<std::string> known;
  for (const FigureKind& kind : figure_kinds()) {
    if (kind.name == name) return kind;
    known.push_back(kind.name);
  }
  const std::string hint = models::suggest(name, known);
  throw UsageError(fmt::format("--figure: found {}; allowed: {}{}{}", models::quote(name),
                               models::join_names(known), hint.empty() ? "" : ". ", hint));
}

Figure study_figure(const PlotRequest& request, const std::string& name, const StudyAxes& axes,
                    const Results& results) {
  Figure figure = name == "line"         ? line_figure(results, axes)
                  : name == "difference" ? difference_figure(results, axes)
                  : name == "heat"       ? heat_figure(results, axes)
                  : name == "scatter"    ? scatter_figure(results, axes)
                                         : tornado_figure(results, axes);
  figure.provenance = {provenance_of(results)};
  if (!request.where.empty()) {
    figure.notes.push_back(fmt::format("only {}", fmt::join(request.where, ", ")));
  }
  if (const std::string failures = failures_of(results); !failures.empty()) {
    figure.notes.push_back(failures);
  }
  return figure;
}

/// More cases than this do not fit the figure.
std::size_t most_cases(const std::string& name) {
  if (name == "blame") return 1;
  return name == "waits" ? 6 : 7;
}

Figure report_figure(const PlotRequest& request, const std::string& name,
                     const std::vector<ReportCase>& cases) {
  if (cases.size() > most_cases(name)) {
    throw UsageError(fmt::format("--figure {}: found {} reports; allowed: at most {}", name,
                                 cases.size(), most_cases(name)));
  }
  Figure figure = name == "waits"   ? waits_figure(cases)
                  : name == "cpu"   ? cpu_figure(cases)
                  : name == "blame" ? blame_figure(cases)
                  : name == "ecdf"  ? ecdf_figure(cases, request.metric)
                                    : histogram_figure(cases, request.metric);
  for (const ReportCase& one : cases) {
    auto& lines = figure.provenance;
    const bool known = std::find(lines.begin(), lines.end(), one.provenance) != lines.end();
    if (!known) lines.push_back(one.provenance);
  }
  if (cases.size() == 1 && !cases.front().point.empty()) {
    figure.notes.push_back("the point " + cases.front().point);
  } else if (!request.where.empty()) {
    figure.notes.push_back(fmt::format("only {}", fmt::join(request.where, ", ")));
  }
  return figure;
}

/// Figures of reports but those of times show all of their kind.
void refuse_unused_metric(const PlotRequest& request, const std::string& name) {
  if (request.metric.empty() || name == "ecdf" || name == "histogram") return;
  throw UsageError(fmt::format(
      "--metric: found {}; allowed with --figure {}: none, as it shows all of its kind. Leave "
      "--metric out, or take ecdf or histogram for the distribution of a time{}",
      models::quote(request.metric), name,
      is_store_file(request.inputs.front()) ? ", or a figure of several points" : ""));
}

void refuse_study_options(const PlotRequest& request, const std::string& why) {
  const std::pair<const char*, bool> given[] = {{"--x", !request.x.empty()},
                                                {"--by", !request.by.empty()}};
  for (const auto& [option, is_given] : given) {
    if (is_given) throw UsageError(fmt::format("{}: not allowed with {}", option, why));
  }
}

Figure figure_of_reports(const PlotRequest& request) {
  refuse_study_options(request, "reports, which have no factors");
  if (!request.where.empty() || !request.study.empty()) {
    throw UsageError(fmt::format("{}: not allowed with reports, which are no study",
                                 request.where.empty() ? "--study" : "--where"));
  }
  std::string name = request.figure;
  if (!name.empty() && kind_of(name).of_study) {
    throw UsageError(fmt::format(
        "--figure {}: needs a study; allowed: a store of `sweep` as input, or waits, cpu, blame, "
        "ecdf or histogram of reports",
        name));
  }
  refuse_unused_metric(request, name.empty() ? "ecdf" : name);
  const std::vector<ReportCase> cases = read_report_files(request.inputs);
  if (name.empty()) {
    const bool waited = std::any_of(cases.begin(), cases.end(), [](const ReportCase& report) {
      return std::any_of(report.lock_waits.begin(), report.lock_waits.end(),
                         [](const auto& wait) { return wait.second.total() > 0.0; });
    });
    name = !request.metric.empty() ? "ecdf" : waited ? "waits" : "cpu";
  }
  return report_figure(request, name, cases);
}

Figure figure_of_store(const PlotRequest& request) {
  if (!request.figure.empty() && !kind_of(request.figure).of_study) {
    refuse_study_options(request, "--figure " + request.figure);
    refuse_unused_metric(request, request.figure);
    return report_figure(request, request.figure,
                         read_report_cases(request.inputs.front(), request.study, request.where,
                                           most_cases(request.figure)));
  }
  std::string metric = request.metric;
  const Results results = results_of(request, metric);
  const std::string name =
      request.figure.empty() ? usual_figure(results, request.x) : request.figure;
  if (!kind_of(name).of_study) {
    refuse_unused_metric(request, name);
    return report_figure(
        request, name,
        read_report_cases(request.inputs.front(), request.study, request.where, most_cases(name)));
  }
  return study_figure(request, name, {metric, request.x, request.by}, results);
}

}  // namespace

const std::vector<FigureKind>& figure_kinds() {
  static const std::vector<FigureKind> kKinds = {
      {"line", "a metric against a factor, with 95 % intervals", true},
      {"difference", "differences between the values of --by, with a zero line", true},
      {"heat", "a metric over two factors, --x and --by", true},
      {"scatter", "a metric of every point against --x or each numeric factor", true},
      {"tornado", "how far each factor moves a metric", true},
      {"waits", "wait time by lock and by acquisition point, spinning and blocked", false},
      {"cpu", "CPU time by category, a bar a core", false},
      {"blame", "who waited for whom", false},
      {"ecdf", "distribution function of a time, --metric locks.so_rcv.wait_ns", false},
      {"histogram", "the same as shares", false},
  };
  return kKinds;
}

Figure make_figure(const PlotRequest& request) {
  if (!request.figure.empty()) kind_of(request.figure);
  const auto stores = std::count_if(request.inputs.begin(), request.inputs.end(), is_store_file);
  if (stores == 0) return figure_of_reports(request);
  if (request.inputs.size() > 1) {
    throw UsageError(
        fmt::format("plot: found {} inputs, {} of them stores; allowed: one store, or reports; "
                    "`sockbufsim merge` makes one store of several",
                    request.inputs.size(), stores));
  }
  return figure_of_store(request);
}

}  // namespace cli
