// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/dry_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace cli {
namespace {

using Row = std::vector<std::string>;

std::string table_text(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      text += fmt::format("{:<{}}  ", row[i], widths[i]);
    }
    text += row.back() + "\n";
  }
  return text;
}

/// Least and most runs of a point.
std::string replications_text(const Study& study) {
  if (!study.precision) {
    return fmt::format("{} replication{}", study.replications, study.replications == 1 ? "" : "s");
  }
  return fmt::format("{} to {} replications, until {} is known to {:g} %", study.precision->min,
                     study.precision->max, study.precision->metric,
                     study.precision->half_width_rel * 100.0);
}

}  // namespace

std::string rough_time(double seconds) {
  constexpr double kMinute = 60.0;
  constexpr double kHour = 3600.0;
  constexpr double kDay = 24.0 * kHour;
  const auto in_words = [](double value, const char* unit) {
    constexpr double kNoDecimals = 9.95;
    return value < kNoDecimals ? fmt::format("{:.1f} {}", value, unit)
                               : fmt::format("{:.0f} {}", value, unit);
  };
  if (seconds < 1.0) return fmt::format("{:.0f} ms", seconds * 1e3);
  if (seconds < 2.0 * kMinute) return in_words(seconds, "s");
  if (seconds < 2.0 * kHour) return in_words(seconds / kMinute, "min");
  if (seconds < 2.0 * kDay) return in_words(seconds / kHour, "h");
  return in_words(seconds / kDay, "days");
}

std::string dry_run_text(const Study& study) {
  std::vector<Row> rows;
  rows.reserve(study.points.size() + 1);
  Row head{"hash", "cost"};
  head.insert(head.end(), study.factors.begin(), study.factors.end());
  rows.push_back(std::move(head));
  double total_s = 0.0;
  for (const Point& point : study.points) {
    Row row{point.hash, rough_time(point.cost_s)};
    for (const Setting& setting : point.settings) row.push_back(setting.text);
    rows.push_back(std::move(row));
    total_s += point.cost_s;
  }
  const int least = study.precision ? study.precision->min : study.replications;
  std::string text = table_text(rows);
  text += fmt::format("\n{}: {} point{}, {}; about {} of one core", study.name, study.points.size(),
                      study.points.size() == 1 ? "" : "s", replications_text(study),
                      rough_time(total_s * least));
  if (study.precision) text += fmt::format(" to {}", rough_time(total_s * study.precision->max));
  return text + "\n";
}

}  // namespace cli
