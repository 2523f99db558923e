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

/// How far each factor moves a metric.
namespace cli {
namespace {

/// One bar: from the metric at one side of a factor to that at the other.
struct Bar {
  std::string label;
  std::string low_name;  ///< the settings at both ends
  std::string high_name;
  double low = 0.0;
  double high = 0.0;
  Estimate effect;  ///< high - low
};

/// The mean over several points, replication by replication.
Cell mean_cell(const std::vector<Cell>& cells, const std::string& factor,
               const std::vector<Setting>& levels) {
  std::map<std::pair<int, std::int64_t>, std::pair<double, int>> sums;
  for (const Cell& cell : cells) {
    const Setting* setting = cell.setting(factor);
    if (setting == nullptr || std::find(levels.begin(), levels.end(), *setting) == levels.end()) {
      continue;
    }
    for (const Cell::Sample& sample : cell.samples) {
      auto& [sum, n] = sums[{sample.replication, sample.seed}];
      sum += sample.value;
      ++n;
    }
  }
  Cell mean;
  mean.samples.reserve(sums.size());
  for (const auto& [run, sum] : sums) {
    mean.samples.push_back({run.first, run.second, sum.first / sum.second});
  }
  return mean;
}

std::string range_name(const std::vector<Setting>& levels) {
  return levels.size() == 1 ? levels.front().text
                            : fmt::format("{}..{}", levels.front().text, levels.back().text);
}

Bar bar_between(const std::vector<Cell>& cells, const std::string& factor,
                const std::vector<Setting>& from, const std::vector<Setting>& to) {
  const Cell low = mean_cell(cells, factor, from);
  const Cell high = mean_cell(cells, factor, to);
  return {factor,
          range_name(from),
          range_name(to),
          mean_of(low).value,
          mean_of(high).value,
          difference(low, high)};
}

/// Numbers: the lowest third of the values against the highest. Names: the value with the least
/// mean against that with the largest.
Bar bar_of_factor(const std::vector<Cell>& cells, const Results& results,
                  const std::string& factor) {
  const std::vector<Setting> levels = levels_of(results, factor);
  if (is_numeric(levels)) {
    const auto third = static_cast<std::ptrdiff_t>(std::max<std::size_t>(1, levels.size() / 3));
    return bar_between(cells, factor, {levels.begin(), levels.begin() + third},
                       {levels.end() - third, levels.end()});
  }
  const auto mean_at = [&](const Setting& level) {
    return mean_of(mean_cell(cells, factor, {level})).value;
  };
  const auto [least, most] = std::minmax_element(
      levels.begin(), levels.end(),
      [&](const Setting& a, const Setting& b) { return mean_at(a) < mean_at(b); });
  return bar_between(cells, factor, {*least}, {*most});
}

/// A study with one named factor changes one thing at a time: each against the first.
std::vector<Bar> bars_of(const std::vector<Cell>& cells, const Results& results) {
  const std::vector<std::string> varied = varied_factors(results);
  std::vector<Bar> bars;
  if (varied.size() == 1) {
    const std::vector<Setting> levels = levels_of(results, varied.front());
    if (is_numeric(levels)) return {bar_of_factor(cells, results, varied.front())};
    bars.reserve(levels.size());
    for (std::size_t i = 1; i < levels.size(); ++i) {
      bars.push_back(bar_between(cells, varied.front(), {levels[0]}, {levels[i]}));
      bars.back().label = levels[i].text;
      bars.back().low_name.clear();
      bars.back().high_name.clear();
    }
    return bars;
  }
  bars.reserve(varied.size());
  for (const std::string& factor : varied) bars.push_back(bar_of_factor(cells, results, factor));
  return bars;
}

std::string effect_text(const Bar& bar, double factor) {
  std::string text = fmt::format("{:+.3g}", bar.effect.value * factor);
  if (std::isfinite(bar.effect.low) && std::isfinite(bar.effect.high)) {
    text += fmt::format(" ({:+.3g} to {:+.3g})", bar.effect.low * factor, bar.effect.high * factor);
  }
  return text;
}

}  // namespace

Figure tornado_figure(const Results& results, const StudyAxes& axes) {
  if (!axes.x.empty() || !axes.by.empty()) {
    throw UsageError("--figure tornado: shows all factors; --x and --by are not allowed");
  }
  const std::vector<Cell> cells = cells_of(results, axes.metric);
  std::vector<Bar> bars = bars_of(cells, results);
  bars.erase(std::remove_if(bars.begin(), bars.end(),
                            [](const Bar& bar) { return !bar.effect.has_value(); }),
             bars.end());
  if (bars.empty()) {
    throw UsageError("--figure tornado: found no factor with several values that have results");
  }
  std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) {
    return std::abs(a.effect.value) > std::abs(b.effect.value);
  });
  const bool one_at_a_time = varied_factors(results).size() == 1 && bars.front().low_name.empty();
  double lowest = bars.front().low;
  double highest = lowest;
  std::size_t longest = 0;
  for (const Bar& bar : bars) {
    lowest = std::min({lowest, bar.low, bar.high});
    highest = std::max({highest, bar.low, bar.high});
    longest = std::max(longest, bar.label.size());
  }
  const UnitScale scale =
      scale_of(unit_of_metric(axes.metric), std::max(std::abs(lowest), std::abs(highest)));
  const double span = std::max(highest - lowest, 1e-300) * scale.factor;

  Figure figure;
  figure.title = fmt::format("What moves {}", axes.metric);
  figure.height = 170.0 + 46.0 * static_cast<double>(std::max<std::size_t>(bars.size(), 3));
  figure.notes.emplace_back(
      one_at_a_time
          ? fmt::format("each against {}; beside the bar the difference with its 95 % interval",
                        levels_of(results, varied_factors(results).front()).front().text)
          : "means over all other factors: lowest against highest third of the values; beside "
            "the bar the difference with its 95 % interval");
  figure.command(fmt::format("set lmargin at screen {:.3f}",
                             std::min(0.45, 0.05 + 0.009 * static_cast<double>(longest))));
  figure.command(
      fmt::format("set xlabel {} noenhanced", gnuplot_text(axis_label(axes.metric, scale))));
  figure.command(fmt::format("set xrange [{}:{}]",
                             gnuplot_number(lowest * scale.factor - 0.2 * span),
                             gnuplot_number(highest * scale.factor + 0.55 * span)));
  figure.command(fmt::format("set yrange [{}:-0.6]", static_cast<double>(bars.size()) - 0.4));
  std::vector<std::string> names;
  names.reserve(bars.size());
  for (const Bar& bar : bars) names.push_back(bar.label);
  figure.command("set ytics noenhanced " + named_tics(names));
  DataRows rows;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const auto y = static_cast<double>(i);
    const double low = bars[i].low * scale.factor;
    const double high = bars[i].high * scale.factor;
    rows.push_back({low, y, std::min(low, high), std::max(low, high), y - 0.3, y + 0.3,
                high >= low ? 0.0 : 1.0});
    const auto label = [&](const std::string& text, double x, const char* side, double off) {
      if (text.empty()) return;
      figure.command(
          fmt::format("set label {} at {}, {} {} offset {},0 noenhanced font ',10' front",
                      gnuplot_text(text), gnuplot_number(x), y, side, off));
    };
    label(low <= high ? bars[i].low_name : bars[i].high_name, std::min(low, high), "right", -0.5);
    const std::string far = low <= high ? bars[i].high_name : bars[i].low_name;
    label(far + (far.empty() ? "" : "   ") + effect_text(bars[i], scale.factor),
          std::max(low, high), "left", 0.5);
  }
  for (const int falls : {0, 1}) {
    const bool any = std::any_of(bars.begin(), bars.end(), [&](const Bar& bar) {
      return (bar.high < bar.low) == (falls == 1);
    });
    if (!any) continue;
    figure.plot_rows(
        rows,
        {fmt::format("using ($7 == {} ? $1 : NaN):2:3:4:5:6 with boxxyerror fs solid 1 noborder lc "
                     "rgb '{}' title '{}'",
                     falls, falls == 0 ? kVermillion : kBlue,
                     one_at_a_time ? (falls == 0 ? "raises it" : "lowers it")
                                   : (falls == 0 ? "rises with the factor" : "falls with the factor"))});
  }
  return figure;
}

}  // namespace cli
