// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "cli/store/results.hpp"

namespace cli {
namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

/// A metric that some run has, and the places of what it rests on among all of them.
struct SettledMetric {
  std::string path;
  std::size_t count = kNowhere;
  std::size_t zero_with = kNowhere;
};

std::vector<SettledMetric> metrics_of_all(const std::vector<Results*>& parts) {
  std::unordered_set<std::string_view> seen;
  for (const Results* results : parts) {
    for (const Run& run : results->runs) {
      for (const auto& metric : run.metrics) seen.insert(metric.first);
    }
  }
  std::vector<SettledMetric> all;
  all.reserve(seen.size());
  for (const std::string_view path : seen) all.push_back({std::string(path)});
  std::sort(all.begin(), all.end(),
            [](const SettledMetric& a, const SettledMetric& b) { return a.path < b.path; });
  const auto place_of = [&all](const std::string& path) {
    const auto at = std::lower_bound(all.begin(), all.end(), path,
                                     [](const SettledMetric& metric, const std::string& wanted) {
                                       return metric.path < wanted;
                                     });
    return at == all.end() || at->path != path ? kNowhere
                                               : static_cast<std::size_t>(at - all.begin());
  };
  for (SettledMetric& metric : all) {
    const models::MetricBasis basis = models::metric_basis(metric.path);
    metric.count = place_of(basis.count);
    metric.zero_with = place_of(basis.zero_with);
  }
  return all;
}

/// `values`: of the run, by place in `all`.
bool is_mean_of_nothing(const SettledMetric& metric,
                        const std::vector<std::optional<double>>& values) {
  return metric.count != kNowhere && values[metric.count] == 0.0;
}

/// `taken_out`: the places of what was.
void settle(const std::vector<SettledMetric>& all, Run& run, std::set<std::size_t>& taken_out) {
  std::vector<std::optional<double>> values(all.size());
  std::size_t place = 0;
  for (const auto& [path, value] : run.metrics) {
    while (all[place].path != path) ++place;
    values[place++] = value;
  }
  std::vector<std::pair<std::string, double>> settled;
  settled.reserve(run.metrics.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (values[i]) {
      if (is_mean_of_nothing(all[i], values)) {
        taken_out.insert(i);
      } else {
        settled.emplace_back(all[i].path, *values[i]);
      }
    } else if (all[i].zero_with != kNowhere && values[all[i].zero_with]) {
      settled.emplace_back(all[i].path, 0.0);
    }
  }
  run.metrics = std::move(settled);
}

void settle_parts(const std::vector<Results*>& parts) {
  const std::vector<SettledMetric> all = metrics_of_all(parts);
  for (Results* results : parts) {
    std::set<std::size_t> taken_out;
    for (Run& run : results->runs) settle(all, run, taken_out);
    for (const std::size_t place : taken_out) results->over_nothing.push_back(all[place].path);
  }
}

}  // namespace

void settle_metrics(Results& results) { settle_parts({&results}); }

void settle_metrics(Results& results, Results& others) { settle_parts({&results, &others}); }

MetricReader::MetricReader(std::string path)
    : path_(std::move(path)), basis_(models::metric_basis(path_)) {}

std::optional<double> MetricReader::operator()(const Run& run) const {
  return models::meant_value(path_, basis_,
                             [&run](const std::string& path) { return run.metric(path); });
}

}  // namespace cli
