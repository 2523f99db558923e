// SPDX-License-Identifier: BSD-2-Clause
#include "cli/sweep/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <numeric>
#include <utility>

#include "cli/errors.hpp"
#include "cli/study/analysis.hpp"
#include "models/report/metrics.hpp"
#include "models/scenario/json_text.hpp"

namespace cli {
namespace {

bool parse_count(std::string_view text, std::size_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

Shard parse_shard(const std::string& text) {
  constexpr std::size_t kMostShards = 1000000;
  Shard shard;
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos ||
      !parse_count(std::string_view(text).substr(0, slash), shard.index) ||
      !parse_count(std::string_view(text).substr(slash + 1), shard.count) || shard.index < 1 ||
      shard.count > kMostShards || shard.index > shard.count) {
    throw UsageError(fmt::format(
        "--shard: found {}; allowed: I/N, the I-th of N parts, I from 1 to N, N at most {}",
        models::quote(text), kMostShards));
  }
  return shard;
}

std::vector<bool> points_of_shard(const Study& study, const Shard& shard) {
  std::vector<std::size_t> order(study.points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const Point& left = study.points[a];
    const Point& right = study.points[b];
    return std::tie(right.cost_s, left.hash, left.seed) <
           std::tie(left.cost_s, right.hash, right.seed);
  });
  std::vector<bool> chosen(order.size(), false);
  std::size_t card = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Point& point = study.points[order[i]];
    const bool same_as_before = i > 0 && point.hash == study.points[order[i - 1]].hash &&
                                point.seed == study.points[order[i - 1]].seed;
    if (i > 0 && !same_as_before) ++card;
    chosen[order[i]] = card % shard.count == shard.index - 1;
  }
  return chosen;
}

Plan::Plan(const Study& study, const Options& options,
           const std::map<RunKey, std::string>& statuses, const std::map<RunKey, double>& values,
           Wanted wanted)
    : study_(study),
      options_(options),
      known_(statuses),
      known_values_(values),
      wanted_(std::move(wanted)) {
  const std::vector<bool> chosen = points_of_shard(study, options.shard);
  std::set<std::pair<std::string, std::int64_t>> seen;
  for (std::size_t i = 0; i < study.points.size(); ++i) {
    const Point& point = study.points[i];
    if (!chosen[i] || !seen.emplace(point.hash, point.seed).second) continue;
    unit_of_point_[i] = units_.size();
    units_.push_back({i, 0, {}, {}, 0});
  }
  int first = study.replications;
  if (study.precision) first = study.precision->min;
  if (options.replications) first = *options.replications;
  for (Unit& unit : units_) {
    extend(unit, first);
    settle(unit);
  }
}

bool Plan::is_there(const std::string& status) const {
  return is_result_status(status) || (options_.keep_failed && !status.empty());
}

/// Plans up to so many replications of the unit.
void Plan::extend(Unit& unit, int replications) {
  const Point& point = study_.points[unit.point];
  unit.statuses.resize(static_cast<std::size_t>(replications));
  unit.values.resize(static_cast<std::size_t>(replications));
  for (; unit.planned < replications; ++unit.planned) {
    const auto at = static_cast<std::size_t>(unit.planned);
    const RunKey key{point.hash, point.seed, unit.planned};
    const auto known = known_.find(key);
    if (known != known_.end() && is_there(known->second)) {
      ++there_;
      unit.statuses[at] = known->second;
      const auto value = known_values_.find(key);
      if (value != known_values_.end()) unit.values[at] = value->second;
      continue;
    }
    ++unit.open;
    ++missing_;
    cost_missing_s_ += point.cost_s;
    queue_.emplace(-point.cost_s, unit.point, unit.planned);
  }
}

/// Once all planned replications are there: plans more, or calls the point done.
void Plan::settle(Unit& unit) {
  while (unit.open == 0) {
    const int wanted = more_wanted(unit);
    if (wanted <= unit.planned) {
      ++points_done_;
      return;
    }
    extend(unit, wanted);
  }
}

bool Plan::has_failed_run(const Unit& unit) const {
  return !std::all_of(unit.statuses.begin(), unit.statuses.end(), is_result_status);
}

/// A point with a failed run, or of which no run has the metric, gets no more than it has.
int Plan::more_wanted(const Unit& unit) const {
  if (!study_.precision || options_.replications || has_failed_run(unit)) return unit.planned;
  const bool known = std::any_of(unit.values.begin(), unit.values.end(),
                                 [](const std::optional<double>& value) { return value; });
  if (!known) return unit.planned;
  return std::min(wanted_(*study_.precision, unit.values), study_.precision->max);
}

/// What to say of the runs without the metric; empty when there are none.
std::string Plan::lacking(const Unit& unit, std::size_t known) const {
  const std::size_t without = unit.values.size() - known;
  if (without == 0) return {};
  const bool is_mean = !models::metric_basis(study_.precision->metric).count.empty();
  return is_mean ? fmt::format("it is over nothing in {} of {} runs", without, unit.values.size())
                 : fmt::format("{} of {} runs have no such number", without, unit.values.size());
}

std::vector<Imprecise> Plan::imprecise() const {
  std::vector<Imprecise> all;
  if (!study_.precision || options_.replications) return all;
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  for (const Unit& unit : units_) {
    if (unit.open > 0) continue;
    if (has_failed_run(unit)) {
      all.push_back({unit.point, unit.planned, kUnknown, "a run failed", {}});
      continue;
    }
    std::vector<double> known;
    for (const std::optional<double>& value : unit.values) {
      if (value) known.push_back(*value);
    }
    const std::string without = lacking(unit, known.size());
    if (known.size() < 2) {
      all.push_back({unit.point, unit.planned, kUnknown, without, {}});
    } else if (!is_precise(*study_.precision, known)) {
      all.push_back({unit.point, unit.planned, relative_half_width(known), {}, without});
    }
  }
  return all;
}

std::optional<RunTask> Plan::next() {
  if (queue_.empty()) return std::nullopt;
  const auto [cost, point, replication] = *queue_.begin();
  queue_.erase(queue_.begin());
  return RunTask{point, replication};
}

bool Plan::note(const RunTask& task, const std::string& status, std::optional<double> value) {
  Unit& unit = units_.at(unit_of_point_.at(task.point));
  unit.statuses.at(static_cast<std::size_t>(task.replication)) = status;
  unit.values.at(static_cast<std::size_t>(task.replication)) = value;
  --unit.open;
  --missing_;
  cost_missing_s_ -= study_.points[task.point].cost_s;
  const std::size_t before = points_done_;
  settle(unit);
  return points_done_ > before;
}

}  // namespace cli
