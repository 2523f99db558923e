// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/errors.hpp"
#include "cli/plot/axis.hpp"
#include "cli/plot/figures.hpp"
#include "cli/plot/matched.hpp"
#include "cli/plot/selection.hpp"
#include "cli/study/analysis.hpp"

/// How far each factor moves a metric.
namespace cli {
namespace {

constexpr std::size_t kMostOfTornadoName = 40;
constexpr std::size_t kMostOfEnd = 18;

/// One bar: from the metric at one side of a factor to that at the other.
struct TornadoBar {
  std::string label;
  std::string from;  ///< the settings at both ends; empty: the label says it
  std::string to;
  MatchedEffect moved;
};

struct TornadoBars {
  std::vector<TornadoBar> bars;       ///< the longest first
  std::vector<std::string> left_out;  ///< factors without matched pairs
  std::string against;                ///< one thing at a time: the first value
};

std::string range_name(const std::vector<Setting>& levels) {
  const std::string first = short_text(levels.front());
  return levels.size() == 1 ? first : fmt::format("{}..{}", first, short_text(levels.back()));
}

TornadoBar bar_between(const MatchedPoints& points, const std::string& factor,
                       const std::vector<Setting>& from, const std::vector<Setting>& to) {
  return {factor, range_name(from), range_name(to), points.between(from, to)};
}

/// Numbers: the lowest third of the values against the highest. Names: the two that are farthest
/// apart, upwards.
TornadoBar bar_of_factor(const std::vector<Cell>& cells, const Results& results,
                         const std::string& factor) {
  const MatchedPoints points(cells, factor);
  const std::vector<Setting> levels = levels_of(results, factor);
  if (is_numeric(levels)) {
    const auto third = static_cast<std::ptrdiff_t>(std::max<std::size_t>(1, levels.size() / 3));
    return bar_between(points, factor, {levels.begin(), levels.begin() + third},
                       {levels.end() - third, levels.end()});
  }
  TornadoBar farthest{factor, {}, {}, {}};
  for (std::size_t i = 0; i < levels.size(); ++i) {
    for (std::size_t j = i + 1; j < levels.size(); ++j) {
      TornadoBar bar = bar_between(points, factor, {levels[i]}, {levels[j]});
      const double effect = bar.moved.effect.value;
      const bool is_first = !farthest.moved.effect.has_value();
      if (!is_first && !(std::abs(effect) > std::abs(farthest.moved.effect.value))) continue;
      if (effect < 0.0) bar = bar_between(points, factor, {levels[j]}, {levels[i]});
      farthest = std::move(bar);
    }
  }
  return farthest;
}

/// A study with one named factor changes one thing at a time: each against the first.
std::vector<TornadoBar> bars_against(const Setting& first, const std::vector<Cell>& cells,
                                     const Results& results, const std::string& factor) {
  const MatchedPoints points(cells, factor);
  std::vector<TornadoBar> bars;
  for (const Setting& level : levels_of(results, factor)) {
    if (level == first) continue;
    bars.push_back({level.text, {}, {}, points.between({first}, {level})});
  }
  return bars;
}

TornadoBars bars_of(const std::vector<Cell>& cells, const Results& results) {
  const std::vector<std::string> varied = varied_factors(results);
  TornadoBars all;
  if (varied.size() == 1 && !is_numeric(levels_of(results, varied.front()))) {
    const Setting first = levels_of(results, varied.front()).front();
    all.against = first.text;
    all.bars = bars_against(first, cells, results, varied.front());
  } else {
    for (const std::string& factor : varied) {
      all.bars.push_back(bar_of_factor(cells, results, factor));
    }
  }
  for (const TornadoBar& bar : all.bars) {
    if (!bar.moved.effect.has_value()) all.left_out.push_back(bar.label);
  }
  all.bars.erase(
      std::remove_if(all.bars.begin(), all.bars.end(),
                     [](const TornadoBar& bar) { return !bar.moved.effect.has_value(); }),
      all.bars.end());
  std::stable_sort(all.bars.begin(), all.bars.end(), [](const TornadoBar& a, const TornadoBar& b) {
    return std::abs(a.moved.effect.value) > std::abs(b.moved.effect.value);
  });
  return all;
}

/// `difference` alone, or with what is known of it.
std::string effect_text(const Estimate& effect, double factor) {
  const auto number = [&](double value) {
    return value == 0.0 ? "0" : fmt::format("{:+.4g}", value * factor);
  };
  if (!has_bounds(effect)) return number(effect.value);
  return fmt::format("{} ({} to {})", number(effect.value), number(effect.low),
                     number(effect.high));
}

std::string pairs_text(std::size_t pairs) {
  return fmt::format("{} matched pair{}", pairs, pairs == 1 ? "" : "s");
}

/// Names on the left and numbers on the right stand beside the plot, where they cannot lie on bars,
/// nor on each other.
void label_bars(Figure& figure, const TornadoBars& all, double factor) {
  std::vector<std::string> names;
  for (const TornadoBar& bar : all.bars) {
    names.push_back(shortened(bar.label, kMostOfTornadoName));
    names.push_back(bar.from.empty() ? ""
                                     : fmt::format("{} to {}", shortened(bar.from, kMostOfEnd),
                                                   shortened(bar.to, kMostOfEnd)));
  }
  figure.left = left_of_names(names, 25.0);
  figure.right = 0.70;
  const auto label = [&](const std::string& text, std::size_t row, bool on_the_right, double up,
                         int font, std::string_view colour) {
    figure.command(fmt::format(
        "set label {} at graph {}, first {} {} offset 0,{} noenhanced font ',{}' textcolor rgb "
        "'{}'",
        gnuplot_text(text), on_the_right ? 1.015 : -0.015, row, on_the_right ? "left" : "right", up,
        font, colour));
  };
  constexpr double kUp = 0.45;
  constexpr std::string_view kPale = "#555555";
  for (std::size_t i = 0; i < all.bars.size(); ++i) {
    const TornadoBar& bar = all.bars[i];
    const bool has_ends = !bar.from.empty();
    label(names[2 * i], i, false, has_ends ? kUp : 0.0, 11, kBlack);
    if (has_ends) label(names[2 * i + 1], i, false, -kUp, 10, kPale);
    label(effect_text(bar.moved.effect, factor), i, true, kUp, 10, kBlack);
    label(pairs_text(bar.moved.pairs), i, true, -kUp, 10, kPale);
  }
  figure.command("set ytics format '' scale 0");
  figure.command("unset ytics");
  figure.command(fmt::format("set yrange [{}:-0.6]", static_cast<double>(all.bars.size()) - 0.4));
}

void draw_bars(Figure& figure, const TornadoBars& all, double factor) {
  DataRows sides[2];  // rising, falling
  for (std::size_t i = 0; i < all.bars.size(); ++i) {
    const auto y = static_cast<double>(i);
    const double low = all.bars[i].moved.low * factor;
    const double high = all.bars[i].moved.high * factor;
    sides[high < low ? 1 : 0].push_back(
        {low, y, std::min(low, high), std::max(low, high), y - 0.3, y + 0.3});
  }
  const bool alone = !all.against.empty();
  const std::string_view titles[] = {alone ? "raises it" : "rises with the factor",
                                     alone ? "lowers it" : "falls with the factor"};
  for (const std::size_t side : {0U, 1U}) {
    figure.plot_rows(
        sides[side],
        {fmt::format(
            "using 1:2:3:4:5:6 with boxxyerror fs solid 1 border lc rgb '{0}' lc rgb '{0}' "
            "title '{1}'",
            side == 0 ? kVermillion : kBlue, titles[side])});
  }
}

void tabulate_bars(Figure& figure, const TornadoBars& all, const std::string& what, double factor) {
  figure.table.columns = {"factor",       "from",
                          "to",           what + " at the one",
                          "at the other", "difference (95 % interval)",
                          "matched pairs"};
  for (const TornadoBar& bar : all.bars) {
    const MatchedEffect& moved = bar.moved;
    figure.table.rows.push_back(
        {bar.label, bar.from.empty() ? all.against : bar.from, bar.to.empty() ? bar.label : bar.to,
         short_number(moved.low * factor), short_number(moved.high * factor),
         effect_text(moved.effect, factor), std::to_string(moved.pairs)});
  }
}

void note_bars(Figure& figure, const TornadoBars& all) {
  const bool known = std::any_of(all.bars.begin(), all.bars.end(), [](const TornadoBar& bar) {
    return has_bounds(bar.moved.effect);
  });
  const std::string beside =
      known ? "beside the bar the difference with its 95 % interval"
            : "beside the bar the difference, of which one replication tells no interval";
  figure.notes.push_back(
      all.against.empty()
          ? "from the lowest third of a factor's values to the highest (of names: the two farthest "
            "apart), means over pairs of runs that differ in it alone; " +
                beside
          : fmt::format("each against {}; {}", all.against, beside));
  if (all.left_out.empty()) return;
  figure.notes.push_back(fmt::format("left out, as no two points differ in it alone: {}",
                                     fmt::join(all.left_out, ", ")));
}

}  // namespace

bool has_matched_points(const Results& results) {
  std::vector<Cell> cells;
  const std::vector<std::string> varied = varied_factors(results);
  std::set<std::string> seen;
  for (const Run& run : results.runs) {
    if (run.has_results() && seen.insert(run.point).second) {
      cells.push_back({run.point, run.settings, {{0, 0, 0.0}}, 0, {}});
    }
  }
  const auto matched = std::count_if(varied.begin(), varied.end(), [&](const auto& factor) {
    return bar_of_factor(cells, results, factor).moved.pairs > 0;
  });
  return 2 * static_cast<std::size_t>(matched) >= varied.size();
}

Figure tornado_figure(const Results& results, const StudyAxes& axes) {
  if (!axes.x.empty() || !axes.by.empty()) {
    throw UsageError("--figure tornado: shows all factors; --x and --by are not allowed");
  }
  const std::vector<Cell> cells = cells_of(results, axes.metric);
  const TornadoBars all = bars_of(cells, results);
  if (all.bars.empty()) {
    throw UsageError(
        all.left_out.empty()
            ? "--figure tornado: found no factor with several values that have results; allowed: a "
              "study with one"
            : "--figure tornado: found no two points that differ in one factor alone, as in a "
              "sample; allowed: a study that has such points, or --figure scatter");
  }
  Extent extent;
  for (const TornadoBar& bar : all.bars) {
    extent.add(bar.moved.low);
    extent.add(bar.moved.high);
  }
  const bool shares = is_share(axes.metric);
  const UnitScale scale = scale_of(unit_of_metric(axes.metric), extent.largest());
  const std::string what = axis_label(axes.metric, scale);
  Figure figure;
  figure.title = fmt::format("What moves {}", axes.metric);
  figure.height = 170.0 + 46.0 * static_cast<double>(std::max<std::size_t>(all.bars.size(), 3));
  note_bars(figure, all);
  label_bars(figure, all, scale.factor);
  const Extent around = extent.with_room(shares);
  figure.command(fmt::format("set xlabel {} noenhanced", gnuplot_text(what)));
  figure.command("set xrange " + around.range(scale.factor));
  figure.command("set xtics " + number_tics(around, scale.factor, figure));
  draw_bars(figure, all, scale.factor);
  tabulate_bars(figure, all, what, scale.factor);
  return figure;
}

}  // namespace cli
