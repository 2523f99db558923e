// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/analysis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "cli/study/fieller.hpp"
#include "models/scenario/json_text.hpp"
#include "sim/observe/statistics.hpp"

namespace cli {
namespace {

Estimate from_interval(const sim::Interval& interval, bool paired) {
  return {interval.mean, interval.low(), interval.high(), interval.n, paired};
}

std::vector<double> values_of(const Cell& cell) {
  std::vector<double> values;
  values.reserve(cell.samples.size());
  for (const Cell::Sample& sample : cell.samples) values.push_back(sample.value);
  return values;
}

/// The values of two points by replication, as far as both have them.
struct Pairs {
  std::vector<double> from;
  std::vector<double> to;
  bool same_seeds = true;
};

Pairs pairs_of(const Cell& from, const Cell& to) {
  Pairs pairs;
  auto a = from.samples.begin();
  auto b = to.samples.begin();
  while (a != from.samples.end() && b != to.samples.end()) {
    if (a->replication < b->replication) {
      ++a;
    } else if (b->replication < a->replication) {
      ++b;
    } else {
      pairs.same_seeds = pairs.same_seeds && a->seed == b->seed;
      pairs.from.push_back(a++->value);
      pairs.to.push_back(b++->value);
    }
  }
  return pairs;
}

bool can_pair(const Pairs& pairs) { return pairs.same_seeds && !pairs.from.empty(); }

/// Mean and variance of the mean.
struct Moments {
  double mean = 0.0;
  double variance = 0.0;
  double dof = 0.0;
};

Moments moments_of(const std::vector<double>& values) {
  sim::Welford welford;
  for (const double x : values) welford.add(x);
  const auto n = static_cast<double>(welford.count());
  return {welford.mean(), welford.variance() / n, n - 1.0};
}

/// Welch and Satterthwaite: the degrees of freedom of a sum of two variances.
double welch_dof(double variance_a, double dof_a, double variance_b, double dof_b) {
  const double sum = variance_a + variance_b;
  if (sum == 0.0) return dof_a + dof_b;
  return sum * sum / (variance_a * variance_a / dof_a + variance_b * variance_b / dof_b);
}

/// b - a, from at least `n` values each.
Estimate welch(const Moments& a, const Moments& b, std::size_t n) {
  Estimate estimate;
  estimate.n = n;
  estimate.value = b.mean - a.mean;
  if (estimate.n < 2) return estimate;
  const double dof = welch_dof(a.variance, a.dof, b.variance, b.dof);
  const double half_width =
      sim::student_t_quantile(0.975, dof) * std::sqrt(a.variance + b.variance);
  estimate.low = estimate.value - half_width;
  estimate.high = estimate.value + half_width;
  return estimate;
}

Estimate welch(const std::vector<double>& from, const std::vector<double>& to) {
  const std::size_t n = std::min(from.size(), to.size());
  return n == 0 ? Estimate{} : welch(moments_of(from), moments_of(to), n);
}

Estimate unpaired_ratio(const std::vector<double>& from, const std::vector<double>& to) {
  Estimate estimate;
  estimate.n = std::min(from.size(), to.size());
  if (estimate.n == 0) return estimate;
  const Moments a = moments_of(from);
  const Moments b = moments_of(to);
  if (a.mean == 0.0) return estimate;
  const double r = b.mean / a.mean;
  estimate.value = r;
  if (estimate.n < 2) return estimate;
  const double t =
      sim::student_t_quantile(0.975, welch_dof(r * r * a.variance, a.dof, b.variance, b.dof));
  const Fieller bounds = fieller(a.mean, b.mean, a.variance, b.variance, 0.0, t);
  estimate.low = bounds.low;
  estimate.high = bounds.high;
  return estimate;
}

/// The metric by replication, as far as the replications are without a gap.
std::vector<std::optional<double>> values_by_replication(const std::string& metric,
                                                         const std::string& point,
                                                         const std::vector<Run>& runs) {
  const MetricReader read(metric);
  std::map<int, std::optional<double>> known;
  for (const Run& run : runs) {
    if (run.point == point) known[run.replication] = read(run);
  }
  std::vector<std::optional<double>> values;
  values.reserve(known.size());
  for (const auto& [replication, value] : known) {
    if (replication != static_cast<int>(values.size())) break;
    values.push_back(value);
  }
  return values;
}

bool is_narrow(const Precision& precision, const sim::Interval& interval) {
  return interval.half_width <= precision.half_width_rel * std::fabs(interval.mean);
}

std::vector<double> known_values(std::span<const std::optional<double>> values) {
  std::vector<double> known;
  known.reserve(values.size());
  for (const std::optional<double>& value : values) {
    if (value) known.push_back(*value);
  }
  return known;
}

}  // namespace

double relative_half_width(std::span<const double> values) {
  const sim::Interval interval = sim::confidence95(values);
  return interval.half_width == 0.0 ? 0.0 : interval.half_width / std::fabs(interval.mean);
}

std::string estimate_text(const Estimate& estimate) {
  if (!estimate.has_value()) return "no value";
  std::string text = fmt::format("{:.4g}", estimate.value);
  if (estimate.has_interval())
    text += fmt::format(" [{:.4g}, {:.4g}]", estimate.low, estimate.high);
  return text;
}

const Setting* Cell::setting(std::string_view factor) const {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const Setting& setting) { return setting.factor == factor; });
  return found == settings.end() ? nullptr : &*found;
}

std::vector<Cell> cells_of(const Results& results, const std::string& metric) {
  const MetricReader read(metric);
  std::vector<Cell> cells;
  std::map<std::string, std::size_t> index;
  for (const Run& run : results.runs) {
    const auto [at, fresh] = index.emplace(run.point, cells.size());
    if (fresh) cells.push_back({run.point, run.settings, {}, 0, {}});
    Cell& cell = cells[at->second];
    if (!run.has_results()) {
      if (cell.failed++ == 0) cell.reason = run.status;
    } else if (const std::optional<double> value = read(run)) {
      cell.samples.push_back({run.replication, run.seed, *value});
    }
  }
  for (Cell& cell : cells) {
    std::sort(cell.samples.begin(), cell.samples.end(),
              [](const auto& a, const auto& b) { return a.replication < b.replication; });
  }
  return cells;
}

std::vector<Cell> idle_cells(const Results& results, const std::string& count) {
  std::vector<Cell> cells = cells_of(results, count);
  std::erase_if(cells, [](const Cell& cell) {
    return cell.samples.empty() ||
           std::any_of(cell.samples.begin(), cell.samples.end(),
                       [](const Cell::Sample& sample) { return sample.value != 0.0; });
  });
  return cells;
}

Estimate mean_of(const Cell& cell) {
  return from_interval(sim::confidence95(values_of(cell)), false);
}

Contrast contrast(const Cell& from, const Cell& to) {
  const Pairs pairs = pairs_of(from, to);
  const bool paired = can_pair(pairs);
  const std::vector<double> before = paired ? pairs.from : values_of(from);
  const std::vector<double> after = paired ? pairs.to : values_of(to);
  Contrast found;
  found.from = from_interval(sim::confidence95(before), false);
  found.to = from_interval(sim::confidence95(after), false);
  found.difference =
      paired ? from_interval(sim::paired_confidence95(after, before), true) : welch(before, after);
  found.same = before == after;
  return found;
}

Estimate difference(const Cell& from, const Cell& to) { return contrast(from, to).difference; }

Estimate difference(const sim::Interval& from, const sim::Interval& to) {
  const auto moments = [](const sim::Interval& interval) -> Moments {
    if (interval.n < 2) return {interval.mean, 0.0, 0.0};
    const auto dof = static_cast<double>(interval.n) - 1.0;
    const double deviation = interval.half_width / sim::student_t_quantile(0.975, dof);
    return {interval.mean, deviation * deviation, dof};
  };
  return welch(moments(from), moments(to), std::min(from.n, to.n));
}

Estimate ratio(const Cell& from, const Cell& to) {
  const Pairs pairs = pairs_of(from, to);
  if (!can_pair(pairs)) return unpaired_ratio(values_of(from), values_of(to));
  return ratio_of_means(pairs.from, pairs.to);
}

Estimate relative_difference(const Cell& from, const Cell& to) {
  Estimate estimate = ratio(from, to);
  if (mean_of(from).value > 0.0) {
    estimate.value -= 1.0;
    estimate.low -= 1.0;
    estimate.high -= 1.0;
    return estimate;
  }
  const double low = estimate.low;
  estimate.value = 1.0 - estimate.value;
  estimate.low = 1.0 - estimate.high;
  estimate.high = 1.0 - low;
  return estimate;
}

std::vector<Comparison> compare(const std::vector<Cell>& cells, std::string_view factor,
                                std::string_view from, std::string_view to) {
  const auto others_of = [&](const Cell& cell) {
    std::vector<Setting> others;
    others.reserve(cell.settings.size());
    for (const Setting& setting : cell.settings) {
      if (setting.factor != factor) others.push_back(setting);
    }
    return others;
  };
  const auto key_of = [](const std::vector<Setting>& settings) {
    std::string key;
    for (const Setting& setting : settings) key += setting.factor + '\n' + setting.text + '\n';
    return key;
  };
  std::map<std::string, const Cell*> counterparts;
  for (const Cell& cell : cells) {
    const Setting* const own = cell.setting(factor);
    if (own != nullptr && own->text == to) counterparts[key_of(others_of(cell))] = &cell;
  }
  std::vector<Comparison> comparisons;
  for (const Cell& cell : cells) {
    const Setting* const own = cell.setting(factor);
    if (own == nullptr || own->text != from) continue;
    std::vector<Setting> others = others_of(cell);
    const auto counterpart = counterparts.find(key_of(others));
    if (counterpart == counterparts.end()) continue;
    comparisons.push_back({std::move(others), &cell, counterpart->second});
  }
  return comparisons;
}

int replications_wanted(const Precision& precision, std::span<const std::optional<double>> values) {
  int n = precision.min;
  while (n < precision.max) {
    const auto round = static_cast<std::size_t>(n);
    if (values.size() < round) return n;
    const std::vector<double> known = known_values(values.first(round));
    if (known.empty()) return n;  // more of the same would not help
    if (known.size() == 1) {
      n = std::min(precision.max, 2 * n);
      continue;
    }
    const sim::Interval interval = sim::confidence95(known);
    if (is_narrow(precision, interval)) return n;
    const double target = precision.half_width_rel * std::fabs(interval.mean);
    const double factor = target > 0.0 ? interval.half_width / target : 2.0;
    const double suggested = std::min(std::ceil(n * factor * factor), 2.0 * n);
    n = std::min(precision.max, std::max(n + 1, static_cast<int>(suggested)));
  }
  return precision.max;
}

int replications_wanted(const Study& study, const Point& point, const std::vector<Run>& runs) {
  if (!study.precision) return study.replications;
  return replications_wanted(*study.precision,
                             values_by_replication(study.precision->metric, point.hash, runs));
}

bool precision_reached(const Study& study, const Point& point, const std::vector<Run>& runs) {
  const std::string metric = study.precision ? study.precision->metric : std::string();
  const auto values = values_by_replication(metric, point.hash, runs);
  if (!study.precision) return values.size() >= static_cast<std::size_t>(study.replications);
  if (values.size() < static_cast<std::size_t>(study.precision->min)) return false;
  const std::vector<double> known = known_values(values);
  return is_precise(*study.precision, known);
}

bool is_precise(const Precision& precision, std::span<const double> values) {
  return values.size() >= 2 && is_narrow(precision, sim::confidence95(values));
}

}  // namespace cli
