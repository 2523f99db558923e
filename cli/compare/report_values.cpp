// SPDX-License-Identifier: BSD-2-Clause
#include "cli/compare/report_values.hpp"

#include <fmt/format.h>

#include <limits>

#include "cli/errors.hpp"
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
    for (std::size_t i = 0; i < node.size(); ++i) {
      collect(node[i], below(element_name(node, i)), values);
    }
  } else if (node.is_number() && models::is_metric_path(path)) {
    values[path] = {node.get<double>(), std::numeric_limits<double>::quiet_NaN(), 1};
  }
}

}  // namespace

ReportValues read_report_values(const std::string& path) {
  const Json tree = models::parse_json(models::read_text_file(path), path).tree;
  const bool report =
      tree.is_object() && tree.contains("schema") && tree["schema"].is_string() &&
      tree["schema"].get_ref<const std::string&>().starts_with("sockbufsim/report/");
  if (!report) {
    throw UsageError(
        fmt::format("{}: found JSON that is no report; allowed: a report of `run --out "
                    "json:`, or a store",
                    path));
  }
  ReportValues values;
  const Json summary = tree.value("summary", Json::array());
  if (summary.empty()) {
    collect(tree, "", values);
    return values;
  }
  for (const Json& item : summary) {
    const auto number = [&](const char* name) {
      return item.contains(name) && item[name].is_number()
                 ? item[name].get<double>()
                 : std::numeric_limits<double>::quiet_NaN();
    };
    values[item.value("metric", std::string())] = {number("mean"), number("half_width"),
                                                   item.value("n", std::size_t{0})};
  }
  return values;
}

}  // namespace cli
