// SPDX-License-Identifier: BSD-2-Clause
#include "cli/html/sweep_metrics.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "cli/html/data.hpp"
#include "sim/observe/statistics.hpp"

namespace cli {
namespace {

/// One value a run, by point; fewer where runs lack the metric.
using Samples = std::vector<std::vector<double>>;

std::map<std::string, Samples> samples_by_path(const std::vector<PointRuns>& points) {
  std::map<std::string, Samples> all;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (const Run* run : points[i].runs) {
      for (const auto& [path, value] : run->metrics) {
        Samples& samples = all[path];
        samples.resize(points.size());
        samples[i].push_back(value);
      }
    }
  }
  return all;
}

/// What people look for first.
std::size_t rank(const std::string& path) {
  static constexpr std::array<std::string_view, 9> kPrefixes = {"throughput.goodput_gbps",
                                                                "throughput.",
                                                                "locks.",
                                                                "cpus.",
                                                                "readers.",
                                                                "nic.",
                                                                "threads.",
                                                                "tcp.",
                                                                ""};
  const auto at = std::find_if(kPrefixes.begin(), kPrefixes.end(),
                               [&](std::string_view prefix) { return path.starts_with(prefix); });
  return static_cast<std::size_t>(at - kPrefixes.begin());
}

/// Of a lock class rather than of its acquisition points, and those before blame.
std::size_t detail(const std::string& path) {
  if (path.find(".blame.") != std::string::npos) return 3;
  if (path.find(".per_instance.") != std::string::npos) return 2;
  return path.find(".points.") != std::string::npos ? 1 : 0;
}

/// JSON of a number, short: the page is for reading, the store keeps all digits.
std::string number(double value, int digits) {
  return std::isfinite(value) ? fmt::format("{:.{}g}", value, digits) : "null";
}

bool is_constant(const Samples& samples, const std::vector<PointRuns>& points) {
  double first = 0.0;
  bool found = false;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (samples[i].size() != points[i].with_results()) return false;
    for (const double value : samples[i]) {
      if (!found) first = value;
      found = true;
      if (value != first) return false;
    }
  }
  return true;
}

std::string json_of(const std::string& path, const Samples& samples) {
  std::vector<std::string> means;
  std::vector<std::string> half_widths;
  means.reserve(samples.size());
  half_widths.reserve(samples.size());
  for (const std::vector<double>& values : samples) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    const bool none = values.empty();
    const sim::Interval interval = none ? sim::Interval{} : sim::confidence95(values);
    means.push_back(number(none ? kNone : interval.mean, 6));
    half_widths.push_back(number(none ? kNone : interval.half_width, 3));
  }
  return fmt::format("{{\"path\":{},\"mean\":[{}],\"half_width\":[{}]}}", compact_json(path),
                     fmt::join(means, ","), fmt::join(half_widths, ","));
}

}  // namespace

std::size_t PointRuns::with_results() const {
  return static_cast<std::size_t>(
      std::count_if(runs.begin(), runs.end(), [](const Run* run) { return run->has_results(); }));
}

std::vector<PointRuns> runs_by_point(const Results& results) {
  std::vector<PointRuns> points;
  std::map<std::string, std::size_t> index;
  for (const Run& run : results.runs) {
    const auto [at, is_new] = index.try_emplace(run.point, points.size());
    if (is_new) points.emplace_back();
    points[at->second].runs.push_back(&run);
  }
  return points;
}

SweepMetrics sweep_metrics(const std::vector<PointRuns>& points, std::size_t most_bytes) {
  const std::map<std::string, Samples> all = samples_by_path(points);
  std::vector<const std::pair<const std::string, Samples>*> varying;
  nlohmann::ordered_json constant = nlohmann::ordered_json::object();
  for (const auto& metric : all) {
    if (is_constant(metric.second, points)) {
      const auto first = std::find_if(metric.second.begin(), metric.second.end(),
                                      [](const auto& values) { return !values.empty(); });
      constant[metric.first] = first->front();
    } else {
      varying.push_back(&metric);
    }
  }
  std::stable_sort(varying.begin(), varying.end(), [](const auto* a, const auto* b) {
    return std::tuple(detail(a->first), rank(a->first)) <
           std::tuple(detail(b->first), rank(b->first));
  });
  SweepMetrics result;
  result.constant = compact_json(constant);
  std::vector<std::string> texts;
  std::size_t bytes = 0;
  for (const auto* metric : varying) {
    if (result.left_out.empty()) {
      std::string text = json_of(metric->first, metric->second);
      bytes += text.size() + 1;
      if (bytes <= most_bytes) {
        texts.push_back(std::move(text));
        continue;
      }
    }
    result.left_out.push_back(metric->first);
  }
  result.varying = fmt::format("[{}]", fmt::join(texts, ","));
  return result;
}

}  // namespace cli
