// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/errors.hpp"
#include "cli/plot/axis.hpp"
#include "cli/plot/figures.hpp"
#include "cli/plot/selection.hpp"
#include "cli/study/analysis.hpp"

/// Lines along a factor: means, and differences of means.
namespace cli {
namespace {

constexpr std::size_t kMostSeries = 24;

/// What the factors are used for.
struct Roles {
  std::string x;
  std::string by;                   ///< empty: one colour
  std::vector<std::string> varied;  ///< all that have several values
};

struct Value {
  double x = 0.0;
  Estimate y;
};

struct Series {
  std::string label;
  std::size_t colour = 0;
  std::size_t style = 0;  ///< dash and mark
  std::vector<Value> values;
};

std::string first_except(const std::vector<std::string>& names,
                         const std::vector<std::string>& except) {
  for (const std::string& name : names) {
    if (std::find(except.begin(), except.end(), name) == except.end()) return name;
  }
  return "";
}

Roles roles_of(const Results& results, const StudyAxes& axes, bool needs_by) {
  if (!axes.x.empty()) check_factor(results, "--x", axes.x);
  if (!axes.by.empty()) check_factor(results, "--by", axes.by);
  if (!axes.x.empty() && axes.x == axes.by) {
    throw UsageError(
        fmt::format("--by: found {}, which is --x too; allowed: another factor", axes.by));
  }
  Roles roles{axes.x, axes.by, varied_factors(results)};
  const bool has_variant =
      std::find(roles.varied.begin(), roles.varied.end(), "variant") != roles.varied.end();
  if (roles.by.empty() && has_variant && roles.x != "variant" &&
      (needs_by || roles.varied.size() > 1)) {
    roles.by = "variant";
  }
  if (roles.x.empty()) roles.x = longest_numeric(results, roles.by);
  if (roles.x.empty()) roles.x = first_except(roles.varied, {roles.by});
  if (roles.by.empty()) roles.by = first_except(roles.varied, {roles.x});
  if (roles.x.empty() && !needs_by) {
    throw UsageError(
        "--figure line: found one point only; allowed: a study with a factor that has several "
        "values, or another figure (waits, cpu, blame, ecdf, histogram)");
  }
  return roles;
}

/// Which line a cell belongs to: all settings but `x`, and those in `except`.
struct SeriesMaker {
  const Results& results;
  const Roles& roles;
  std::vector<std::string> styles;  ///< settings of neither x nor by, in order of appearance
  std::vector<Series> series;
  std::map<std::vector<std::string>, std::size_t> known;

  /// `group`: what tells lines apart beside the settings, where labels are rounded.
  Series& of(const std::vector<Setting>& settings, const Setting* by, const std::string& group,
             const std::string& label) {
    std::vector<std::string> key = {group};
    for (const Setting& setting : settings) {
      if (setting.factor != roles.x) key.push_back(setting.text);
    }
    const auto [at, is_new] = known.emplace(key, series.size());
    if (is_new) {
      Series made;
      made.label = label;
      if (by != nullptr) {
        const auto levels = levels_of(results, roles.by);
        made.colour =
            static_cast<std::size_t>(std::find(levels.begin(), levels.end(), *by) - levels.begin());
      }
      const std::string rest = label_of(settings, roles.varied, {roles.x, roles.by});
      const auto style = std::find(styles.begin(), styles.end(), rest);
      made.style = static_cast<std::size_t>(style - styles.begin());
      if (style == styles.end()) styles.push_back(rest);
      series.push_back(std::move(made));
    }
    if (series.size() > kMostSeries) {
      throw UsageError(fmt::format("plot: found more than {} lines. {}; or --figure scatter",
                                   kMostSeries, where_hint(results, {roles.x})));
    }
    return series[at->second];
  }
};

Extent extent_of(const std::vector<Series>& series) {
  Extent extent;
  for (const Series& line : series) {
    for (const Value& value : line.values) extent.add(value.y);
  }
  return extent;
}

/// A line whose names are not numbers has no slope to show: marks alone, side by side.
void draw_series(Figure& figure, std::vector<Series> series, const FactorAxis& axis,
                 double factor) {
  static constexpr int kDashes[] = {1, 2, 4, 3, 5};
  static constexpr int kMarks[] = {7, 9, 5, 13, 11, 6, 8, 4, 12, 10};
  for (std::size_t i = 0; i < series.size(); ++i) {
    Series& line = series[i];
    std::stable_sort(line.values.begin(), line.values.end(),
                     [](const Value& a, const Value& b) { return a.x < b.x; });
    const double middle = 0.5 * static_cast<double>(series.size() - 1);
    const double aside = axis.is_numeric()
                             ? 0.0
                             : (static_cast<double>(i) - middle) * 0.6 /
                                   static_cast<double>(std::max<std::size_t>(series.size(), 6));
    const std::string colour = fmt::format("lc rgb '{}'", line_colour(line.colour));
    const int mark = kMarks[(line.style + 3 * (line.colour / kLineColours)) % std::size(kMarks)];
    DataRows bands;
    DataRows means;
    for (const Value& value : line.values) {
      const double x = value.x + aside;
      means.push_back({x, value.y.value * factor});
      if (!has_bounds(value.y)) continue;
      bands.push_back({x, value.y.value * factor, value.y.low * factor, value.y.high * factor});
    }
    std::vector<std::string> intervals;
    if (axis.is_numeric()) {
      intervals.push_back(fmt::format(
          "using 1:3:4 with filledcurves {} fs transparent solid 0.18 noborder notitle", colour));
    }
    intervals.push_back(
        fmt::format("using 1:2:3:4 with yerrorbars {} lw 1 pt {} ps 0 notitle", colour, mark));
    figure.plot_rows(bands, intervals);
    figure.plot_rows(means, {fmt::format("using 1:2 with {} {} lw 2 dt {} pt {} ps 0.8 {}",
                                         axis.is_numeric() ? "linespoints" : "points", colour,
                                         kDashes[line.style % std::size(kDashes)], mark,
                                         gnuplot_title(line.label))});
  }
}

std::vector<Setting> levels_for_axis(const Results& results, const std::string& x) {
  if (!x.empty()) return levels_of(results, x);
  return {Setting{"", "", {}}};
}

/// Many keys need room above the plot.
void make_room_for_keys(Figure& figure, const std::vector<Series>& series) {
  constexpr double kUsualRows = 3.0;
  constexpr double kRowPixels = 18.0;
  constexpr double kSamplePixels = 45.0;
  double widest = 0.0;
  for (const Series& line : series) widest = std::max(widest, text_pixels(line.label, 11.0));
  const double width = (figure.right - figure.left) * kFigureWidth;
  const double in_a_row = std::clamp(std::floor(width / (widest + kSamplePixels)), 1.0, 3.0);
  const double rows = std::ceil(static_cast<double>(series.size()) / in_a_row);
  figure.height += kRowPixels * std::max(0.0, rows - kUsualRows);
  figure.command(fmt::format("set key maxcols {}", in_a_row));
}

/// The values as a table. `x`: the axis, `what`: the values, with their units.
void tabulate_lines(Figure& figure, const std::vector<Series>& series, const FactorAxis& axis,
                    const std::string& x, const std::string& what, double factor) {
  figure.table.columns = {"line", x, what, "95 % interval from", "to"};
  for (const Series& line : series) {
    for (const Value& value : line.values) {
      const bool known = has_bounds(value.y);
      figure.table.rows.push_back({line.label, axis.name_at(value.x),
                                   short_number(value.y.value * factor),
                                   known ? short_number(value.y.low * factor) : "",
                                   known ? short_number(value.y.high * factor) : ""});
    }
  }
}

void note_intervals(Figure& figure, const std::vector<Series>& series, bool paired) {
  bool any = false;
  for (const Series& line : series) {
    for (const Value& value : line.values) any = any || has_bounds(value.y);
  }
  figure.notes.emplace_back(
      any ? fmt::format("bands and bars: 95 % intervals by Student's t{}",
                        paired ? ", of differences paired by replication" : "")
          : "one replication: nothing is known of the spread");
}

}  // namespace

Figure line_figure(const Results& results, const StudyAxes& axes) {
  const Roles roles = roles_of(results, axes, false);
  const std::vector<Cell> cells = cells_of(results, axes.metric);
  const FactorAxis axis(levels_of(results, roles.x));
  SeriesMaker maker{results, roles, {}, {}, {}};
  for (const Cell& cell : cells) {
    const Estimate mean = mean_of(cell);
    if (!mean.has_value()) continue;
    const Setting* x = cell.setting(roles.x);
    const Setting* by = roles.by.empty() ? nullptr : cell.setting(roles.by);
    if (x == nullptr) continue;
    maker.of(cell.settings, by, "", label_of(cell.settings, roles.varied, {roles.x}))
        .values.push_back({axis.place(*x), mean});
  }
  const Extent extent = extent_of(maker.series);
  const UnitScale scale = scale_of(unit_of_metric(axes.metric), extent.largest());
  Figure figure;
  figure.title = axes.metric;
  const std::string x_label = label_of_factor(results, roles.x);
  const std::string y_label = axis_label(axes.metric, scale);
  make_room_for_keys(figure, maker.series);
  axis.draw(figure, "x", x_label);
  figure.command(fmt::format("set ylabel {} noenhanced", gnuplot_text(y_label)));
  figure.command("set yrange " + extent.with_room(is_share(axes.metric)).range(scale.factor));
  note_intervals(figure, maker.series, false);
  tabulate_lines(figure, maker.series, axis, x_label, y_label, scale.factor);
  draw_series(figure, std::move(maker.series), axis, scale.factor);
  return figure;
}

Figure difference_figure(const Results& results, const StudyAxes& axes) {
  const Roles roles = roles_of(results, axes, true);
  const std::vector<Setting> sides =
      roles.by.empty() ? std::vector<Setting>{} : levels_of(results, roles.by);
  if (sides.size() < 2) {
    throw UsageError(
        "--figure difference: found nothing to compare; allowed: a study in which --by has two "
        "values or more");
  }
  const std::vector<Cell> cells = cells_of(results, axes.metric);
  const FactorAxis axis(levels_for_axis(results, roles.x));
  SeriesMaker maker{results, roles, {}, {}, {}};
  bool paired = false;
  for (std::size_t i = 1; i < sides.size(); ++i) {
    for (const Comparison& pair : compare(cells, roles.by, sides[0].text, sides[i].text)) {
      const Estimate y = difference(*pair.from, *pair.to);
      if (!y.has_value()) continue;
      paired = paired || y.paired;
      constexpr std::size_t kMostOfSide = 24;
      std::string label =
          fmt::format("{} - {}", shortened_in_the_middle(short_text(sides[i]), kMostOfSide),
                      shortened_in_the_middle(short_text(sides[0]), kMostOfSide));
      const std::string rest = label_of(pair.others, roles.varied, {roles.x});
      if (!rest.empty()) label += ", " + rest;
      const Setting* x = roles.x.empty() ? &axis.levels().front() : pair.from->setting(roles.x);
      maker.of(pair.others, &sides[i - 1], sides[i].text, label)
          .values.push_back({axis.place(*x), y});
    }
  }
  if (maker.series.empty()) {
    throw UsageError(fmt::format(
        "--figure difference: no two points differ in {} alone and have results", roles.by));
  }
  const Extent extent = extent_of(maker.series);
  const UnitScale scale = scale_of(unit_of_metric(axes.metric), extent.largest());
  Figure figure;
  figure.title = fmt::format("{}: difference from {}", axes.metric, short_text(sides[0]));
  const std::string x_label = label_of_factor(results, roles.x);
  const std::string y_label = axis_label("difference of " + axes.metric, scale);
  make_room_for_keys(figure, maker.series);
  axis.draw(figure, "x", x_label);
  figure.command(fmt::format("set ylabel {} noenhanced", gnuplot_text(y_label)));
  figure.plot(fmt::format("0 with lines lc rgb '{}' lw 1.5 notitle", kBlack));
  note_intervals(figure, maker.series, paired);
  tabulate_lines(figure, maker.series, axis, x_label, y_label, scale.factor);
  draw_series(figure, std::move(maker.series), axis, scale.factor);
  return figure;
}

}  // namespace cli
