// SPDX-License-Identifier: BSD-2-Clause
#include "cli/compare/scenario_changes.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "cli/store/store.hpp"
#include "cli/study/settings.hpp"

namespace cli {
namespace {

/// Values by dotted path, without what does not determine a run.
std::map<std::string, std::string> values_of(const std::string& scenario) {
  static const std::set<std::string> kIgnored = {"name", "description", "seed", "replications",
                                                 "expect"};
  nlohmann::json tree = nlohmann::json::parse(scenario);
  for (const std::string& name : kIgnored) tree.erase(name);
  const nlohmann::json flat = tree.flatten();
  std::map<std::string, std::string> values;
  for (const auto& [pointer, value] : flat.items()) {
    std::string path = pointer.empty() ? pointer : pointer.substr(1);
    for (char& c : path) c = c == '/' ? '.' : c;
    values[path] = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  return values;
}

std::vector<std::string> differing_fields(const std::string& before, const std::string& after) {
  const std::map<std::string, std::string> from = values_of(before);
  const std::map<std::string, std::string> to = values_of(after);
  std::set<std::string> paths;
  for (const auto& [path, value] : from) paths.insert(path);
  for (const auto& [path, value] : to) paths.insert(path);
  const auto text = [](const std::map<std::string, std::string>& values, const std::string& path) {
    const auto at = values.find(path);
    return at == values.end() ? std::string("nothing") : at->second;
  };
  std::vector<std::string> fields;
  for (const std::string& path : paths) {
    std::string old_value = text(from, path);
    const std::string new_value = text(to, path);
    if (old_value == new_value) continue;
    fields.push_back(fmt::format("{}: {}, {} in the new store", path, old_value, new_value));
  }
  return fields;
}

}  // namespace

ScenarioChanges scenario_changes(const CompareRequest& request, const Results& before,
                                 const Results& after) {
  std::map<std::string, std::string> new_points;  // hash by settings
  for (const Run& run : after.runs) new_points.emplace(settings_text(run.settings), run.point);
  std::set<std::string> seen;
  ScenarioChanges changes;
  std::pair<std::string, std::string> first;
  for (const Run& run : before.runs) {
    const std::string settings = settings_text(run.settings);
    const auto there = new_points.find(settings);
    if (there == new_points.end() || !seen.insert(settings).second) continue;
    if (there->second == run.point) continue;
    if (changes.points++ == 0) first = {run.point, there->second};
  }
  if (changes.points == 0) return changes;
  const auto old_scenarios = read_scenarios(request.old_file, request.study);
  const auto new_scenarios = read_scenarios(request.new_file, request.study);
  changes.fields = differing_fields(old_scenarios.at(first.first), new_scenarios.at(first.second));
  return changes;
}

}  // namespace cli
