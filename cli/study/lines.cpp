// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/lines.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>

#include "cli/study/fieller.hpp"
#include "sim/base/portable_math.hpp"
#include "sim/observe/statistics.hpp"

namespace cli {
namespace {

std::string key_without(const std::vector<Setting>& settings, std::string_view factor) {
  std::string key;
  for (const Setting& setting : settings) {
    if (setting.factor != factor) key += setting.factor + '\n' + setting.text + '\n';
  }
  return key;
}

std::vector<Setting> settings_without(const std::vector<Setting>& settings,
                                      std::string_view factor) {
  std::vector<Setting> rest;
  rest.reserve(settings.size());
  for (const Setting& setting : settings) {
    if (setting.factor != factor) rest.push_back(setting);
  }
  return rest;
}

std::optional<double> value_in(const Cell& cell, int replication) {
  const auto found = std::lower_bound(
      cell.samples.begin(), cell.samples.end(), replication,
      [](const Cell::Sample& sample, int wanted) { return sample.replication < wanted; });
  if (found == cell.samples.end() || found->replication != replication) return std::nullopt;
  return found->value;
}

/// One row a replication that all cells have: the cells' values.
std::vector<std::vector<double>> common_rows(const std::vector<const Cell*>& cells) {
  std::vector<std::vector<double>> rows;
  for (const Cell::Sample& sample : cells.front()->samples) {
    std::vector<double> row;
    row.reserve(cells.size());
    for (const Cell* const cell : cells) {
      if (const std::optional<double> value = value_in(*cell, sample.replication)) {
        row.push_back(*value);
      }
    }
    if (row.size() == cells.size()) rows.push_back(std::move(row));
  }
  return rows;
}

double fitted_slope(const std::vector<double>& x, const std::vector<double>& y) {
  sim::Welford of_x;
  sim::Welford of_y;
  for (const double value : x) of_x.add(value);
  for (const double value : y) of_y.add(value);
  double products = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    products += (x[i] - of_x.mean()) * (y[i] - of_y.mean());
    squares += (x[i] - of_x.mean()) * (x[i] - of_x.mean());
  }
  return products / squares;
}

/// False when a logarithm does not exist.
bool take_logarithms(std::vector<double>& values) {
  for (double& value : values) {
    if (!(value > 0.0)) return false;
    value = sim::portable_log(value);
  }
  return true;
}

int sign_of(double value) { return value > 0.0 ? 1 : (value < 0.0 ? -1 : 0); }

/// The sign of a difference whose interval leaves zero out, else 0.
int proven_sign(const Estimate& estimate) {
  if (!estimate.has_interval() || estimate.low * estimate.high <= 0.0) return 0;
  return sign_of(estimate.value);
}

/// A line along which two variants are compared.
struct PairedLine {
  std::vector<Setting> others;
  std::vector<std::pair<double, Comparison>> points;  ///< by x
};

std::vector<PairedLine> paired_lines(const std::vector<Comparison>& comparisons,
                                     std::string_view over) {
  std::vector<PairedLine> lines;
  std::map<std::string, std::size_t> index;
  for (const Comparison& comparison : comparisons) {
    const Setting* const x = comparison.from->setting(over);
    if (x == nullptr || !x->number) continue;
    const auto [at, fresh] = index.emplace(key_without(comparison.others, over), lines.size());
    if (fresh) lines.push_back({settings_without(comparison.others, over), {}});
    lines[at->second].points.emplace_back(*x->number, comparison);
  }
  for (PairedLine& line : lines) {
    std::stable_sort(line.points.begin(), line.points.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  return lines;
}

double interpolated(double a, double b, double fraction, Scale scale) {
  if (scale == Scale::linear) return a + fraction * (b - a);
  return a * sim::portable_exp(fraction * sim::portable_log(b / a));
}

/// Where the difference is zero between neighbours.
Estimate crossing_between(const std::pair<double, Comparison>& left,
                          const std::pair<double, Comparison>& right, Scale scale, double first,
                          double last) {
  const auto rows =
      common_rows({left.second.from, left.second.to, right.second.from, right.second.to});
  std::vector<double> at_left;
  std::vector<double> fall;
  at_left.reserve(rows.size());
  fall.reserve(rows.size());
  for (const std::vector<double>& row : rows) {
    at_left.push_back(row[1] - row[0]);
    fall.push_back((row[1] - row[0]) - (row[3] - row[2]));
  }
  const Estimate fraction = ratio_of_means(fall, at_left);
  Estimate at = fraction;
  at.value = interpolated(left.first, right.first, fraction.value, scale);
  if (!fraction.has_interval()) return at;
  const auto place = [&](double f) {
    if (std::isinf(f)) return f < 0.0 ? first : last;
    return std::clamp(interpolated(left.first, right.first, f, scale), first, last);
  };
  at.low = place(fraction.low);
  at.high = place(fraction.high);
  return at;
}

void find_crossings(const PairedLine& line, Scale scale, Crossovers& result) {
  const auto& points = line.points;
  std::optional<std::size_t> before;  // the last difference that was not zero
  for (std::size_t i = 0; i < points.size(); ++i) {
    const int sign = sign_of(result.difference[i].value);
    if (sign == 0) continue;
    const int last_sign = before ? sign_of(result.difference[*before].value) : 0;
    if (before && sign != last_sign) {
      Crossing crossing;
      crossing.rises = sign > 0;
      if (*before + 1 == i) {
        crossing.at = crossing_between(points[*before], points[i], scale, points.front().first,
                                       points.back().first);
      } else {  // the difference is zero from here to there
        const double from = points[*before + 1].first;
        const double to = points[i - 1].first;
        crossing.at = {(from + to) / 2.0, from, to, result.difference[i].n, true};
      }
      const auto has_sign = [&](int wanted) {
        return [wanted](const Estimate& d) { return proven_sign(d) == wanted; };
      };
      const auto middle = result.difference.begin() + static_cast<std::ptrdiff_t>(i);
      crossing.proven = std::any_of(result.difference.begin(), middle, has_sign(last_sign)) &&
                        std::any_of(middle, result.difference.end(), has_sign(sign));
      result.crossings.push_back(crossing);
    }
    before = i;
  }
}

}  // namespace

std::vector<Line> lines_along(const std::vector<Cell>& cells, std::string_view factor) {
  std::vector<Line> lines;
  std::map<std::string, std::size_t> index;
  for (const Cell& cell : cells) {
    const Setting* const x = cell.setting(factor);
    if (x == nullptr || !x->number) continue;
    const auto [at, fresh] = index.emplace(key_without(cell.settings, factor), lines.size());
    if (fresh) lines.push_back({settings_without(cell.settings, factor), {}, {}});
    lines[at->second].cells.push_back(&cell);
  }
  for (Line& line : lines) {
    std::stable_sort(line.cells.begin(), line.cells.end(), [&](const Cell* a, const Cell* b) {
      return *a->setting(factor)->number < *b->setting(factor)->number;
    });
    line.x.reserve(line.cells.size());
    for (const Cell* const cell : line.cells) line.x.push_back(*cell->setting(factor)->number);
  }
  return lines;
}

Estimate slope(const Line& line, Scale scale) {
  Estimate none;
  if (line.x.size() < 2 || line.x.front() == line.x.back()) return none;
  std::vector<double> x = line.x;
  if (scale == Scale::log && !take_logarithms(x)) return none;
  std::vector<double> slopes;
  for (std::vector<double>& y : common_rows(line.cells)) {
    if (scale == Scale::log && !take_logarithms(y)) return none;
    slopes.push_back(fitted_slope(x, y));
  }
  const sim::Interval interval = sim::confidence95(slopes);
  return {interval.mean, interval.low(), interval.high(), interval.n, true};
}

bool Crossovers::same_sign_proven() const {
  if (difference.empty()) return false;
  const int sign = proven_sign(difference.front());
  return sign != 0 && std::all_of(difference.begin(), difference.end(),
                                  [&](const Estimate& d) { return proven_sign(d) == sign; });
}

std::vector<Crossovers> crossovers(const std::vector<Cell>& cells, std::string_view factor,
                                   std::string_view from, std::string_view to,
                                   std::string_view over, Scale scale) {
  std::vector<Crossovers> all;
  for (const PairedLine& line : paired_lines(compare(cells, factor, from, to), over)) {
    Crossovers result;
    result.others = line.others;
    result.x.reserve(line.points.size());
    result.difference.reserve(line.points.size());
    for (const auto& [x, comparison] : line.points) {
      result.x.push_back(x);
      result.difference.push_back(difference(*comparison.from, *comparison.to));
    }
    find_crossings(line, scale, result);
    all.push_back(std::move(result));
  }
  return all;
}

}  // namespace cli
