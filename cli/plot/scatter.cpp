// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "cli/errors.hpp"
#include "cli/plot/axis.hpp"
#include "cli/plot/figures.hpp"
#include "cli/plot/selection.hpp"
#include "cli/study/analysis.hpp"

/// All points against each factor: for samples, whose points lie on no lines.
namespace cli {
namespace {

constexpr std::size_t kColumns = 4;
constexpr double kRowPixels = 330.0;
// Of a panel's place: it leaves room at the sides, below for tics and names, above for a gap.
constexpr double kFrom = 0.02;
constexpr double kTo = 0.98;
constexpr double kFloor = 0.27;
constexpr double kCeiling = 0.97;
constexpr double kInset = 0.05;  // of the panel, so that no mark lies on its frame

/// A place of an axis, from 0 to 1, and what stands there.
struct PanelTic {
  double at = 0.0;
  std::string text;
};

/// One factor along the x axis of a panel.
class PanelAxis {
 public:
  PanelAxis(std::vector<Setting> levels, double pixels) : axis_(std::move(levels)) {
    const std::vector<Setting>& all = axis_.levels();
    low_ = axis_.is_numeric() ? *all.front().number : -0.5;
    high_ = axis_.is_numeric() ? *all.back().number : static_cast<double>(all.size()) - 0.5;
    if (high_ <= low_) high_ = low_ + 1.0;
    make_tics(pixels);
  }

  double place(const Setting& setting) const { return at(axis_.place(setting)); }
  const std::vector<PanelTic>& tics() const { return tics_; }

 private:
  double at(double value) const {
    if (!axis_.is_numeric()) return (value - low_) / (high_ - low_);
    const double share = axis_.is_log() ? std::log(value / low_) / std::log(high_ / low_)
                                        : (value - low_) / (high_ - low_);
    return kInset + (1.0 - 2.0 * kInset) * share;
  }

  void make_tics(double pixels) {
    constexpr double kTicPixels = 60.0;
    const auto most = static_cast<std::size_t>(std::max(2.0, pixels / kTicPixels));
    if (!axis_.is_numeric()) {
      const std::vector<Setting>& all = axis_.levels();
      const std::size_t step = (all.size() + most - 1) / most;
      for (std::size_t i = 0; i < all.size(); i += step) add(static_cast<double>(i), all[i].text);
    } else if (axis_.is_log()) {
      // Round numbers of each stretch between two equally far apart ones.
      double last = -1.0;
      const double least_apart = 0.8 / static_cast<double>(most);
      for (double decade = std::pow(10.0, std::floor(std::log10(low_))); decade <= high_;
           decade *= 10.0) {
        for (const double digit : {1.0, 2.0, 5.0}) {
          const double value = digit * decade;
          if (value < low_ || value > high_ || at(value) - last < least_apart) continue;
          last = at(value);
          add(value, short_number(value));
        }
      }
    } else {
      for (const double value : round_numbers(low_, high_, most)) add(value, short_number(value));
    }
  }

  void add(double value, const std::string& text) { tics_.push_back({at(value), text}); }

  FactorAxis axis_;
  double low_ = 0.0;
  double high_ = 0.0;
  std::vector<PanelTic> tics_;
};

/// Which factors are drawn, and which one gives the colour.
struct ScatterRoles {
  std::vector<std::string> panels;
  std::string by;  ///< empty: one colour
};

ScatterRoles roles_of_scatter(const Results& results, const StudyAxes& axes) {
  if (!axes.x.empty()) check_factor(results, "--x", axes.x);
  if (!axes.by.empty()) check_factor(results, "--by", axes.by);
  ScatterRoles roles{{}, axes.by};
  std::vector<std::string> named;
  for (const std::string& factor : varied_factors(results)) {
    const std::vector<Setting> levels = levels_of(results, factor);
    if (factor == axes.x || factor == axes.by) continue;
    if (is_numeric(levels)) {
      roles.panels.push_back(factor);
    } else if (roles.by.empty() && levels.size() <= kLineColours) {
      roles.by = factor;
    } else {
      named.push_back(factor);
    }
  }
  if (!axes.x.empty()) roles.panels = {axes.x};
  if (roles.panels.empty()) roles.panels = named;
  if (roles.panels.empty() && axes.by.empty()) std::swap(roles.panels.emplace_back(), roles.by);
  if (roles.panels.empty() || roles.panels.front().empty()) {
    throw UsageError(
        "--figure scatter: found no factor with several values to stand along the x axis; allowed: "
        "a study that has one, or another figure (waits, cpu, blame, ecdf, histogram)");
  }
  if (!roles.by.empty() && levels_of(results, roles.by).size() > kLineColours) {
    throw UsageError(fmt::format("--by: found {}, which has {} values; allowed: at most {}",
                                 roles.by, levels_of(results, roles.by).size(), kLineColours));
  }
  return roles;
}

/// One point of the study.
struct ScatterPoint {
  const Cell* cell = nullptr;
  Estimate y;
  std::size_t colour = 0;
};

std::vector<ScatterPoint> points_of(const std::vector<Cell>& cells,
                                    const std::vector<Setting>& colours, const std::string& by) {
  std::vector<ScatterPoint> points;
  for (const Cell& cell : cells) {
    const Estimate y = mean_of(cell);
    if (!y.has_value()) continue;
    std::size_t colour = 0;
    if (const Setting* setting = by.empty() ? nullptr : cell.setting(by)) {
      colour = static_cast<std::size_t>(std::find(colours.begin(), colours.end(), *setting) -
                                        colours.begin());
    }
    points.push_back({&cell, y, colour});
  }
  return points;
}

/// Places of panels side by side, in rows from above, in units of one place.
class PanelGrid {
 public:
  explicit PanelGrid(std::size_t panels)
      : columns_(std::min(panels, kColumns)), rows_((panels + columns_ - 1) / columns_) {}

  std::size_t columns() const { return columns_; }
  std::size_t rows() const { return rows_; }
  double x(std::size_t panel, double share) const {
    return static_cast<double>(panel % columns_) + kFrom + (kTo - kFrom) * share;
  }
  double y(std::size_t panel, double share) const {
    const std::size_t below = rows_ - 1 - panel / columns_;
    return static_cast<double>(below) + kFloor + (kCeiling - kFloor) * share;
  }

 private:
  std::size_t columns_;
  std::size_t rows_;
};

void write_at(Figure& figure, const std::string& text, double x, double y, const std::string& how) {
  figure.command(fmt::format("set label {} at {},{} {} noenhanced", gnuplot_text(text),
                             gnuplot_number(x), gnuplot_number(y), how));
}

/// Frame, tics and the factor's name of one panel.
void draw_frame(Figure& figure, const PanelGrid& grid, std::size_t panel, const PanelAxis& axis,
                const std::string& factor, const std::vector<PanelTic>& values, double pixels) {
  const auto line = [&](double x1, double y1, double x2, double y2, std::string_view colour) {
    figure.command(fmt::format("set arrow from {},{} to {},{} nohead back lw 1 lc rgb '{}'",
                               gnuplot_number(grid.x(panel, x1)), gnuplot_number(grid.y(panel, y1)),
                               gnuplot_number(grid.x(panel, x2)), gnuplot_number(grid.y(panel, y2)),
                               colour));
  };
  constexpr std::string_view kPale = "#dddddd";
  constexpr std::string_view kFrame = "#555555";
  for (const PanelTic& tic : axis.tics()) {
    line(tic.at, 0.0, tic.at, 1.0, kPale);
    write_at(figure, shortened(tic.text, 12), grid.x(panel, tic.at), grid.y(panel, 0.0),
             "center offset 0,-0.8 font ',10'");
  }
  for (const PanelTic& tic : values) {
    line(0.0, tic.at, 1.0, tic.at, kPale);
    if (panel % grid.columns() != 0) continue;
    write_at(figure, tic.text, grid.x(panel, 0.0), grid.y(panel, tic.at),
             "right offset -0.7,0 font ',10'");
  }
  line(0.0, 0.0, 1.0, 0.0, kFrame);
  line(0.0, 0.0, 0.0, 1.0, kFrame);
  double below = -2.1;
  for (const std::string& part :
       wrapped(factor, static_cast<std::size_t>(pixels / text_pixels("x", 10.0)))) {
    write_at(figure, part, grid.x(panel, 0.5), grid.y(panel, 0.0),
             fmt::format("center offset 0,{} font ',10'", below));
    below -= 1.0;
  }
}

void draw_points(Figure& figure, const std::vector<ScatterPoint>& points,
                 const std::vector<std::vector<double>>& places, const PanelGrid& grid,
                 const Extent& extent, const std::vector<Setting>& colours) {
  static constexpr int kMarks[] = {7, 9, 5, 13, 11, 6, 8};
  const double span = extent.high() - extent.low();
  for (std::size_t colour = 0; colour < std::max<std::size_t>(1, colours.size()); ++colour) {
    DataRows marks;
    DataRows bars;
    for (std::size_t panel = 0; panel < places.size(); ++panel) {
      const auto y = [&](double value) { return grid.y(panel, (value - extent.low()) / span); };
      for (std::size_t i = 0; i < points.size(); ++i) {
        const Estimate& at = points[i].y;
        if (points[i].colour != colour) continue;
        const double x = grid.x(panel, places[panel][i]);
        marks.push_back({x, y(at.value), at.value});
        if (!has_bounds(at)) continue;
        bars.push_back({x, y(at.value), y(at.low), y(at.high), at.value, at.low, at.high});
      }
    }
    const std::string look = fmt::format("lc rgb '{}' pt {}", line_colour(colour), kMarks[colour]);
    figure.plot_rows(bars,
                     {fmt::format("using 1:2:3:4 with yerrorbars {} lw 1 ps 0 notitle", look)});
    figure.plot_rows(marks,
                     {fmt::format("using 1:2 with points {} ps 0.8 {}", look,
                                  gnuplot_title(colours.empty() ? "" : colours[colour].text))});
  }
}

void tabulate_points(Figure& figure, const std::vector<ScatterPoint>& points,
                     const Results& results, const std::string& what, double factor) {
  const std::vector<std::string> varied = varied_factors(results);
  for (const std::string& name : varied) {
    figure.table.columns.push_back(label_of_factor(results, name));
  }
  figure.table.columns.insert(figure.table.columns.end(), {what, "95 % interval from", "to"});
  for (const ScatterPoint& point : points) {
    std::vector<std::string> row;
    row.reserve(figure.table.columns.size());
    for (const std::string& name : varied) row.push_back(point.cell->setting(name)->text);
    const bool known = has_bounds(point.y);
    row.push_back(short_number(point.y.value * factor));
    row.push_back(known ? short_number(point.y.low * factor) : "");
    row.push_back(known ? short_number(point.y.high * factor) : "");
    figure.table.rows.push_back(std::move(row));
  }
}

void note_points(Figure& figure, const std::vector<ScatterPoint>& points) {
  const bool any = std::any_of(points.begin(), points.end(),
                               [](const ScatterPoint& point) { return has_bounds(point.y); });
  figure.notes.emplace_back(any ? "a mark a point of the study; bars: 95 % intervals by Student's t"
                                : "a mark a point of the study; one replication: nothing is known "
                                  "of the spread");
}

}  // namespace

Figure scatter_figure(const Results& results, const StudyAxes& axes) {
  const ScatterRoles roles = roles_of_scatter(results, axes);
  const std::vector<Cell> cells = cells_of(results, axes.metric);
  const std::vector<Setting> colours =
      roles.by.empty() ? std::vector<Setting>{} : levels_of(results, roles.by);
  const std::vector<ScatterPoint> points = points_of(cells, colours, roles.by);
  Extent all;
  for (const ScatterPoint& point : points) all.add(point.y);
  const Extent extent = all.with_room(is_share(axes.metric));
  const UnitScale scale = scale_of(unit_of_metric(axes.metric), all.largest());

  const PanelGrid grid(roles.panels.size());
  Figure figure;
  figure.title = axes.metric;
  figure.height = 140.0 + kRowPixels * (static_cast<double>(grid.rows()) - kFloor);
  const double pixels = (figure.right - figure.left) * kFigureWidth * (kTo - kFrom) /
                        static_cast<double>(grid.columns());
  std::vector<PanelTic> values;
  for (const double value :
       round_numbers(extent.low() * scale.factor, extent.high() * scale.factor, 6)) {
    values.push_back({(value / scale.factor - extent.low()) / (extent.high() - extent.low()),
                      short_number(value)});
  }
  std::vector<std::vector<double>> places;
  for (std::size_t panel = 0; panel < roles.panels.size(); ++panel) {
    const std::string& factor = roles.panels[panel];
    const PanelAxis axis(levels_of(results, factor), pixels);
    draw_frame(figure, grid, panel, axis, label_of_factor(results, factor), values, pixels);
    std::vector<double>& at = places.emplace_back();
    for (const ScatterPoint& point : points) at.push_back(axis.place(*point.cell->setting(factor)));
  }
  const std::string what = axis_label(axes.metric, scale);
  figure.command(
      fmt::format("set label {} at screen 0.018, graph 0.5 center rotate by 90 noenhanced",
                  gnuplot_text(what)));
  figure.command("unset border\nunset tics\nunset grid\nset key maxcols 3");
  // The lowest names stand below the plot, where axes have theirs.
  figure.command(
      fmt::format("set xrange [0:{}]\nset yrange [{}:{}]", grid.columns(), kFloor, grid.rows()));
  draw_points(figure, points, places, grid, extent, colours);
  tabulate_points(figure, points, results, what, scale.factor);
  note_points(figure, points);
  if (varied_factors(results).size() > 1) {
    figure.notes.emplace_back("the other factors vary, too, along with the one that is shown");
  }
  return figure;
}

}  // namespace cli
