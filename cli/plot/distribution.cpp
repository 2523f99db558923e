// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "cli/errors.hpp"
#include "cli/plot/axis.hpp"
#include "cli/plot/curve.hpp"
#include "cli/plot/figures.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/nearest.hpp"

/// Figures of distributions of times.
namespace cli {
namespace {

/// The lock that was waited for most; empty when nobody waited.
std::string usual_time(const std::vector<ReportCase>& cases) {
  std::string best;
  double most = 0.0;
  for (const ReportCase& report : cases) {
    for (const auto& [lock, wait] : report.lock_waits) {
      if (wait.total() <= most) continue;
      most = wait.total();
      best = "locks." + lock + ".wait_ns";
    }
  }
  return best;
}

std::vector<Curve> curves_of(const std::vector<ReportCase>& cases, const std::string& figure,
                             std::string& metric) {
  if (metric.empty()) metric = usual_time(cases);
  if (metric.empty()) {
    throw UsageError(
        fmt::format("--figure {}: nobody waited for a lock; allowed: another time, like --metric "
                    "nic.moderation_delay_ns",
                    figure));
  }
  std::vector<Curve> curves;
  std::vector<std::string> known;
  for (const ReportCase& report : cases) {
    for (const auto& [path, time] : report.times) {
      if (time.count > 0.0) known.push_back(path);
    }
    const auto found = report.times.find(metric);
    if (found == report.times.end() || found->second.count <= 0.0) continue;
    Curve curve = curve_of(report.label, found->second);
    if (!curve.points.empty()) curves.push_back(std::move(curve));
  }
  if (!curves.empty()) return curves;
  if (std::find(known.begin(), known.end(), metric) != known.end()) {
    throw UsageError(
        fmt::format("--figure {}: all of {} are 0, so there is nothing to draw", figure, metric));
  }
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  const std::string hint = models::suggest(metric, known);
  std::vector<std::string> short_list;
  for (const std::string& path : known) {
    if (path.find(".points.") == std::string::npos) short_list.push_back(path);
  }
  throw UsageError(fmt::format("--metric: found {}; allowed in {}: {}, or of a lock's point{}{}",
                               models::quote(metric), figure, models::join_names(short_list),
                               hint.empty() ? "" : ". ", hint));
}

/// A time axis by factors of ten from below the least to above the largest known time.
struct TimeAxis {
  UnitScale scale;
  double from = 0.0;  ///< ns
  double to = 0.0;
};

/// 1, 2, 5, 10, ... of a unit; over many factors of ten the ones alone.
std::string time_tics(double from, double to) {
  constexpr double kManyDecades = 3.5;
  const bool ones_alone = std::log10(to / from) > kManyDecades;
  std::string tics;
  for (int decade = static_cast<int>(std::floor(std::log10(from))); std::pow(10.0, decade) <= to;
       ++decade) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      if (ones_alone && digit > 1.0) continue;
      const std::string at = gnuplot_number(digit * std::pow(10.0, decade));
      tics += fmt::format("{}'{}' {}", tics.empty() ? "" : ", ", at, at);
    }
  }
  return tics;
}

TimeAxis draw_time_axis(Figure& figure, const std::vector<Curve>& curves,
                        const std::string& metric) {
  TimeAxis axis;
  axis.from = curves.front().points.front().time;
  for (const Curve& curve : curves) {
    axis.from = std::min(axis.from, curve.points.front().time);
    axis.to = std::max(axis.to, curve.points.back().time);
  }
  axis.scale = scale_of("ns", axis.from * 10.0);
  const double half_a_decade = std::sqrt(10.0);
  axis.from = axis.from / half_a_decade;
  axis.to = axis.to * 1.3;
  figure.command("set logscale x 10");
  figure.command(fmt::format("set xrange [{}:{}]", gnuplot_number(axis.from * axis.scale.factor),
                             gnuplot_number(axis.to * axis.scale.factor)));
  figure.command(fmt::format(
      "set xtics ({})", time_tics(axis.from * axis.scale.factor, axis.to * axis.scale.factor)));
  figure.command(
      fmt::format("set xlabel {} noenhanced", gnuplot_text(axis_label(metric, axis.scale))));
  return axis;
}

/// A figure of times that has its axes, and nothing drawn.
struct TimeFigure {
  Figure figure;
  std::vector<Curve> curves;
  TimeAxis axis;
};

void tabulate_times(TimeFigure& started) {
  const std::string unit = started.axis.scale.unit;
  started.figure.table.columns = {"of", fmt::format("time [{}]", unit), "share of at most so long"};
  for (const Curve& curve : started.curves) {
    if (curve.share_of_zero > 0.0) {
      started.figure.table.rows.push_back({curve.label, "0", short_number(curve.share_of_zero)});
    }
    for (const KnownPoint& point : curve.points) {
      started.figure.table.rows.push_back({curve.label,
                                           short_number(point.time * started.axis.scale.factor),
                                           fmt::format("{:.6g}", point.share)});
    }
  }
}

TimeFigure start_figure(const std::vector<ReportCase>& cases, std::string metric,
                        const std::string& name, const std::string& ylabel) {
  TimeFigure started;
  started.curves = curves_of(cases, name, metric);
  started.figure.title = "Distribution of " + metric;
  started.axis = draw_time_axis(started.figure, started.curves, metric);
  started.figure.command(fmt::format("set ylabel '{}'", ylabel));
  started.figure.command("set key maxcols 3");
  tabulate_times(started);
  return started;
}

std::string at_once_text(const Curve& curve, bool several) {
  std::string label = several ? curve.label : "";
  if (curve.share_of_zero <= 0.0) return label;
  return fmt::format("{}{}{:.1f} % at once", label, label.empty() ? "" : ": ",
                     100.0 * curve.share_of_zero);
}

/// What the curves rest on, so that nobody takes a guess for a measurement.
std::string source_note(const std::vector<Curve>& curves, const std::string& of_buckets,
                        const std::string& of_quantiles, const std::string& of_both) {
  const auto exact = static_cast<std::size_t>(std::count_if(
      curves.begin(), curves.end(), [](const Curve& curve) { return curve.of_buckets; }));
  if (exact == curves.size()) return of_buckets;
  return exact == 0 ? of_quantiles : of_both;
}

/// The outline of a curve's steps.
DataRows outline_of_steps(const Curve& curve, const TimeAxis& axis) {
  DataRows outline;
  double end = 0.0;  // of the step before
  const auto corner = [&](double time, double density) {
    outline.push_back({time * axis.scale.factor, density});
  };
  for (const ShareStep& step : curve.steps) {
    const double from = std::max(step.from, axis.from);
    const double density = step.share / std::log10(step.to / from);
    if (curve.of_buckets && from > end) {
      if (end > 0.0) corner(end, 0.0);
      corner(from, 0.0);
    }
    corner(from, density);
    corner(step.to, density);
    end = step.to;
  }
  if (curve.of_buckets) corner(end, 0.0);
  return outline;
}

}  // namespace

Figure ecdf_figure(const std::vector<ReportCase>& cases, const std::string& metric) {
  auto [figure, curves, axis] = start_figure(cases, metric, "ecdf", "share of at most so long");
  double least = 1.0;
  for (const Curve& curve : curves) {
    least = std::min(least,
                     curve.share_of_zero > 0.0 ? curve.share_of_zero : curve.points.front().share);
  }
  const double room = std::max(0.05 * (1.0 - least), 1e-6);
  figure.command(
      fmt::format("set yrange [{}:1]", gnuplot_number(least < 0.5 ? 0.0 : least - room)));
  for (std::size_t i = 0; i < curves.size(); ++i) {
    DataRows line;
    if (curves[i].share_of_zero > 0.0) {
      line.push_back({axis.from * axis.scale.factor, curves[i].share_of_zero});
    }
    for (const KnownPoint& point : curves[i].points) {
      line.push_back({point.time * axis.scale.factor, point.share});
    }
    const std::string marks = fmt::format(" pt {} ps 0.8", 7 + 2 * (i % 3));
    figure.plot_rows(line, {fmt::format("using 1:2 with {} lc rgb '{}' lw 2{} {}",
                                        curves[i].of_buckets ? "lines" : "linespoints",
                                        line_colour(i), curves[i].of_buckets ? "" : marks,
                                        gnuplot_title(at_once_text(curves[i], cases.size() > 1)))});
  }
  figure.notes.push_back(source_note(
      curves, "from histograms: exact at the edges of their buckets, at most 1/128 apart",
      "known at the marks alone: observe.histograms asks for all of it",
      "without marks: from histograms, exact within 1/128; with marks: known there alone"));
  return std::move(figure);
}

Figure histogram_figure(const std::vector<ReportCase>& cases, const std::string& metric) {
  auto [figure, curves, axis] =
      start_figure(cases, metric, "histogram", "share for each factor of ten");
  figure.command("set yrange [0:*]");
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const DataRows steps = outline_of_steps(curves[i], axis);
    const std::string title = gnuplot_title(at_once_text(curves[i], cases.size() > 1));
    const std::string colour = fmt::format("lc rgb '{}'", line_colour(i));
    std::vector<std::string> items;
    if (curves.size() == 1) {
      items.push_back(
          fmt::format("using 1:2 with filledcurves y1=0 {} fs solid 0.3 noborder notitle", colour));
    }
    items.push_back(fmt::format("using 1:2 with lines {} lw 2 {}", colour, title));
    figure.plot_rows(steps, items);
  }
  figure.notes.push_back(source_note(
      curves, "areas are shares, counted (from histograms, eight steps to a factor of two)",
      "areas are shares; steps at the known quantiles: observe.histograms asks for all of it",
      "areas are shares; fine steps are counted (from histograms), wide ones are between known "
      "quantiles"));
  return std::move(figure);
}

}  // namespace cli
