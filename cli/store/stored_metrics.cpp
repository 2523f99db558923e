// SPDX-License-Identifier: BSD-2-Clause
#include "cli/store/stored_metrics.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <iterator>

#include "sim/base/assert.hpp"

namespace cli {

StoredMetrics::StoredMetrics(const std::vector<StoredMetric>& metrics) {
  for (const StoredMetric& metric : metrics) {
    if (!std::isfinite(metric.value)) continue;
    SIM_ASSERT(metric.path.find('\0') == std::string::npos, "a metric's path is plain text");
    names_.append(metric.path).push_back('\0');
    names_.append(metric.unit).push_back('\0');
    if (!values_.empty()) values_.push_back(',');
    fmt::format_to(std::back_inserter(values_), FMT_COMPILE("{}"), metric.value);
  }
}

std::optional<double> StoredMetrics::value(std::string_view path) const {
  std::size_t place = 0;
  bool found = false;
  for_each_name(names_, [&](std::string_view name, std::string_view) {
    if (!found && name != path) ++place;
    found = found || name == path;
  });
  if (!found) return std::nullopt;
  double value = 0.0;
  for_each_value(values_, [&](std::string_view text) {
    if (place-- == 0) std::from_chars(text.data(), text.data() + text.size(), value);
  });
  return value;
}

}  // namespace cli
