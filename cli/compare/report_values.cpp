// SPDX-License-Identifier: BSD-2-Clause
#include "cli/compare/report_values.hpp"

#include <limits>

#include "cli/report/read.hpp"
#include "models/report/metrics.hpp"
#include "models/scenario/json_text.hpp"

namespace cli {
namespace {

using models::Json;

/// Elements of arrays are called by `name` where that is given and unique, as in models::metrics().
std::string element_name(const Json& array, std::size_t index) {
  const Json& element = array[index];
  if (!element.is_object() || !element.contains("name") || !element["name"].is_string()) {
    return std::to_string(index);
  }
  int uses = 0;
  for (const Json& other : array) {
    if (other.is_object() && other.contains("name") && other["name"] == element["name"]) ++uses;
  }
  const std::string name = element["name"].get<std::string>();
  return uses == 1 && !name.empty() ? name : std::to_string(index);
}

void collect(const Json& node, const std::string& path, ReportValues& values) {
  const auto below = [&](const std::string& name) {
    return path.empty() ? name : path + "." + name;
  };
  if (node.is_object()) {
    for (const auto& [name, member] : node.items()) collect(member, below(name), values);
  } else if (node.is_array()) {
    if (!node.empty() && node.front().is_array()) return;  // a histogram: no metrics
    for (std::size_t i = 0; i < node.size(); ++i) {
      collect(node[i], below(element_name(node, i)), values);
    }
  } else if (node.is_number() && models::is_metric_path(path)) {
    values[path] = {node.get<double>(), std::numeric_limits<double>::quiet_NaN(), 1};
  }
}

void remove_means_of_nothing(ReportValues& values) {
  std::erase_if(values, [&](const auto& item) {
    const auto count = values.find(models::metric_basis(item.first).count);
    return count != values.end() && count->second.mean == 0.0;
  });
}

ReportValues values_of(const Json& report) {
  ReportValues values;
  const Json summary = report.value("summary", Json::array());
  if (summary.empty()) collect(report, "", values);
  for (const Json& item : summary) {
    const auto number = [&](const char* name) {
      return item.contains(name) && item[name].is_number()
                 ? item[name].get<double>()
                 : std::numeric_limits<double>::quiet_NaN();
    };
    values[item.value("metric", std::string())] = {number("mean"), number("half_width"),
                                                   item.value("n", std::size_t{0})};
  }
  remove_means_of_nothing(values);
  return values;
}

}  // namespace

void add_zeros(ReportValues& values, const ReportValues& others) {
  for (const auto& [path, other] : others) {
    if (values.contains(path)) continue;
    const auto with = values.find(models::metric_basis(path).zero_with);
    if (with == values.end()) continue;
    const std::size_t n = with->second.n;
    values[path] = {0.0, n < 2 ? std::numeric_limits<double>::quiet_NaN() : 0.0, n};
  }
}

ReportValues read_report_values(const std::string& path) {
  const Json report = read_report(path);
  try {
    return values_of(report);
  } catch (const Json::exception& error) {
    refuse_report(path, error.what());
  }
}

}  // namespace cli
