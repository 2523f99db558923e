// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/choose.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <string>

#include "sim/base/random.hpp"

namespace cli {
namespace {

/// The value at `u` in [0, 1) of the way through a column's values.
Level level_at(const Column& column, double u) {
  if (column.continuum) return level_between(column, u);
  const auto index = static_cast<std::size_t>(u * static_cast<double>(column.levels.size()));
  return column.levels[std::min(index, column.levels.size() - 1)];
}

/// One stream of random numbers a column, so that a further column changes no other.
std::vector<sim::Stream> streams_of(const std::vector<Column>& columns, const SampleSpec& sample) {
  std::vector<sim::Stream> streams;
  streams.reserve(columns.size());
  for (const Column& column : columns) {
    streams.emplace_back(static_cast<std::uint64_t>(sample.seed), 0, "sample/" + column.name);
  }
  return streams;
}

/// Remembers combinations by what their columns show.
class Seen {
 public:
  bool add(const Combination& combination) {
    std::string key;
    for (const Level& level : combination) key += level.text + '\n';
    return keys_.insert(std::move(key)).second;
  }

 private:
  std::set<std::string> keys_;
};

std::vector<Combination> draw_random(const std::vector<Column>& columns, const SampleSpec& sample,
                                     const std::function<bool(const Combination&)>& admits) {
  constexpr int kPatience = 10000;
  std::vector<sim::Stream> streams = streams_of(columns, sample);
  std::vector<Combination> chosen;
  Seen seen;
  int in_vain = 0;
  while (chosen.size() < static_cast<std::size_t>(sample.count) && in_vain < kPatience) {
    Combination combination;
    combination.reserve(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      combination.push_back(level_at(columns[i], streams[i].uniform01()));
    }
    if (admits(combination) && seen.add(combination)) {
      chosen.push_back(std::move(combination));
      in_vain = 0;
    } else {
      ++in_vain;
    }
  }
  return chosen;
}

/// 0 .. n-1 in random order (Fisher and Yates).
std::vector<std::size_t> shuffled(std::size_t n, sim::Stream& stream) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[stream.below(i)]);
  return order;
}

std::vector<Combination> draw_hypercube(const std::vector<Column>& columns,
                                        const SampleSpec& sample,
                                        const std::function<bool(const Combination&)>& admits) {
  const auto count = static_cast<std::size_t>(sample.count);
  std::vector<sim::Stream> streams = streams_of(columns, sample);
  std::vector<std::vector<std::size_t>> strata;
  strata.reserve(columns.size());
  for (sim::Stream& stream : streams) strata.push_back(shuffled(count, stream));
  std::vector<Combination> chosen;
  Seen seen;
  for (std::size_t n = 0; n < count; ++n) {
    Combination combination;
    combination.reserve(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const double within = streams[i].uniform01();
      const double u = (static_cast<double>(strata[i][n]) + within) / static_cast<double>(count);
      combination.push_back(level_at(columns[i], u));
    }
    if (admits(combination) && seen.add(combination)) chosen.push_back(std::move(combination));
  }
  return chosen;
}

}  // namespace

std::vector<Setting> settings_of(const std::vector<Column>& columns,
                                 const Combination& combination) {
  std::vector<Setting> settings;
  settings.reserve(combination.size());
  for (std::size_t i = 0; i < combination.size(); ++i) {
    settings.push_back({columns[i].name, combination[i].text, combination[i].number});
  }
  return settings;
}

std::uint64_t count_combinations(const std::vector<Column>& columns) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t count = 1;
  for (const Column& column : columns) {
    if (count > kMost / column.levels.size()) return kMost;
    count *= column.levels.size();
  }
  return count;
}

std::vector<Combination> all_combinations(const std::vector<Column>& columns,
                                          const std::function<bool(const Combination&)>& admits) {
  std::vector<Combination> chosen;
  std::vector<std::size_t> at(columns.size(), 0);
  for (;;) {
    Combination combination;
    combination.reserve(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      combination.push_back(columns[i].levels[at[i]]);
    }
    if (admits(combination)) chosen.push_back(std::move(combination));
    std::size_t i = columns.size();
    while (i > 0 && ++at[i - 1] == columns[i - 1].levels.size()) at[--i] = 0;
    if (i == 0) return chosen;
  }
}

std::vector<Combination> sample_combinations(
    const std::vector<Column>& columns, const SampleSpec& sample,
    const std::function<bool(const Combination&)>& admits) {
  return sample.method == SampleMethod::random ? draw_random(columns, sample, admits)
                                               : draw_hypercube(columns, sample, admits);
}

}  // namespace cli
