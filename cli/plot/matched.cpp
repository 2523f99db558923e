// SPDX-License-Identifier: BSD-2-Clause
#include "cli/plot/matched.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace cli {
namespace {

/// The points of one group on either side.
struct Match {
  std::vector<const Cell*> low;
  std::vector<const Cell*> high;
};

const Cell::Sample* sample_of(const Cell& cell, int replication) {
  const auto found =
      std::find_if(cell.samples.begin(), cell.samples.end(),
                   [&](const Cell::Sample& sample) { return sample.replication == replication; });
  return found == cell.samples.end() ? nullptr : &*found;
}

/// The replications that all points have.
std::vector<int> common_replications(const std::vector<Match>& matches) {
  std::map<int, std::size_t> times;
  std::size_t points = 0;
  for (const Match& match : matches) {
    for (const auto* side : {&match.low, &match.high}) {
      points += side->size();
      for (const Cell* cell : *side) {
        for (const Cell::Sample& sample : cell->samples) ++times[sample.replication];
      }
    }
  }
  std::vector<int> common;
  for (const auto& [replication, n] : times) {
    if (n == points) common.push_back(replication);
  }
  return common;
}

/// One replication of all groups.
struct Round {
  double low = 0.0;
  double high = 0.0;
  bool same_seeds = true;
};

double mean_of_side(const std::vector<const Cell*>& side, int replication,
                    std::set<std::int64_t>& seeds) {
  double sum = 0.0;
  for (const Cell* cell : side) {
    const Cell::Sample* sample = sample_of(*cell, replication);
    sum += sample->value;
    seeds.insert(sample->seed);
  }
  return sum / static_cast<double>(side.size());
}

Round round_of(const std::vector<Match>& matches, int replication) {
  Round round;
  for (const Match& match : matches) {
    std::set<std::int64_t> seeds;
    round.low += mean_of_side(match.low, replication, seeds);
    round.high += mean_of_side(match.high, replication, seeds);
    round.same_seeds = round.same_seeds && seeds.size() == 1;
  }
  const auto groups = static_cast<double>(matches.size());
  round.low /= groups;
  round.high /= groups;
  return round;
}

bool is_among(const Setting* setting, const std::vector<Setting>& levels) {
  return setting != nullptr && std::find(levels.begin(), levels.end(), *setting) != levels.end();
}

}  // namespace

MatchedPoints::MatchedPoints(const std::vector<Cell>& cells, std::string factor)
    : factor_(std::move(factor)) {
  std::map<std::vector<std::string>, std::size_t> known;
  for (const Cell& cell : cells) {
    if (cell.samples.empty()) continue;
    std::vector<std::string> others;
    for (const Setting& setting : cell.settings) {
      if (setting.factor != factor_) others.push_back(setting.text);
    }
    const auto [at, is_new] = known.emplace(std::move(others), groups_.size());
    if (is_new) groups_.emplace_back();
    groups_[at->second].push_back(&cell);
  }
}

MatchedEffect MatchedPoints::between(const std::vector<Setting>& from,
                                     const std::vector<Setting>& to) const {
  std::vector<Match> matches;
  for (const Group& group : groups_) {
    Match match;
    for (const Cell* cell : group) {
      const Setting* setting = cell->setting(factor_);
      if (is_among(setting, from)) match.low.push_back(cell);
      if (is_among(setting, to)) match.high.push_back(cell);
    }
    if (!match.low.empty() && !match.high.empty()) matches.push_back(std::move(match));
  }
  // difference() pairs by seed.
  Cell low;
  Cell high;
  for (const int replication : common_replications(matches)) {
    const Round round = round_of(matches, replication);
    low.samples.push_back({replication, 0, round.low});
    high.samples.push_back({replication, round.same_seeds ? 0 : 1, round.high});
  }
  return {mean_of(low).value, mean_of(high).value, difference(low, high),
          matches.size() * low.samples.size()};
}

}  // namespace cli
