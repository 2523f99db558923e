// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "cli/errors.hpp"
#include "cli/plot/axis.hpp"
#include "cli/plot/cells.hpp"
#include "cli/plot/figures.hpp"
#include "cli/plot/selection.hpp"
#include "cli/study/analysis.hpp"

/// A metric over two factors.
namespace cli {
namespace {

/// The factor with most levels that is not `taken`, a numeric one first.
std::string largest_factor(const Results& results, const std::string& taken) {
  std::string best;
  std::size_t most = 0;
  for (const std::string& factor : varied_factors(results)) {
    if (factor == taken) continue;
    const std::vector<Setting> levels = levels_of(results, factor);
    constexpr std::size_t kNumericFirst = 1000000;
    const std::size_t weight = levels.size() + (is_numeric(levels) ? kNumericFirst : 0);
    if (weight > most) best = factor;
    most = std::max(most, weight);
  }
  return best;
}

}  // namespace

Figure heat_figure(const Results& results, const StudyAxes& axes) {
  if (!axes.x.empty()) check_factor(results, "--x", axes.x);
  if (!axes.by.empty()) check_factor(results, "--by", axes.by);
  const std::string x = axes.x.empty() ? largest_factor(results, axes.by) : axes.x;
  const std::string y = axes.by.empty() ? largest_factor(results, x) : axes.by;
  if (x.empty() || y.empty() || x == y) {
    throw UsageError(fmt::format(
        "--figure heat: found fewer than two factors with several values{}; allowed: two, --x and "
        "--by",
        results.missing_points == 0
            ? ""
            : fmt::format(" in {} of the study's {} points, as the others have no runs in this "
                          "store",
                          results.points - results.missing_points, results.points)));
  }
  if (const std::string hint = where_hint(results, {x, y}); !hint.empty()) {
    throw UsageError(fmt::format(
        "--figure heat: a cell would stand for several points. {}; or take other --x and --by",
        hint));
  }
  // Levels as names, so that all cells are equally large.
  const FactorAxis across(levels_of(results, x), true);
  const FactorAxis up(levels_of(results, y), true);
  std::vector<MatrixCell> cells;
  double largest = 0.0;
  for (const Cell& cell : cells_of(results, axes.metric)) {
    const double mean = mean_of(cell).value;
    const Setting* at_x = cell.setting(x);
    const Setting* at_y = cell.setting(y);
    if (at_x == nullptr || at_y == nullptr || !std::isfinite(mean)) continue;
    cells.push_back({across.place(*at_x), up.place(*at_y), mean});
    largest = std::max(largest, std::abs(mean));
  }
  const UnitScale scale = scale_of(unit_of_metric(axes.metric), largest);
  double least = largest * scale.factor;
  for (MatrixCell& cell : cells) {
    cell.value *= scale.factor;
    least = std::min(least, cell.value);
  }
  Figure figure;
  figure.title = axes.metric;
  figure.notes.emplace_back("means over the replications");
  const std::size_t places = across.levels().size() * up.levels().size();
  if (cells.size() < places) {
    figure.notes.push_back(
        fmt::format("empty: {} of {} cells, without results", places - cells.size(), places));
  }
  const std::string x_label = label_of_factor(results, x);
  const std::string y_label = label_of_factor(results, y);
  const std::string what = axis_label(axes.metric, scale);
  figure.right = kRightOfCells;
  up.draw(figure, "y", y_label);
  across.draw(figure, "x", x_label);
  draw_cells(figure, cells, least, what);
  figure.table.columns = {x_label, y_label, what};
  for (const MatrixCell& cell : cells) {
    figure.table.rows.push_back(
        {across.name_at(cell.x), up.name_at(cell.y), short_number(cell.value)});
  }
  return figure;
}

}  // namespace cli
