// SPDX-License-Identifier: BSD-2-Clause
#include "cli/plot/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include "cli/errors.hpp"
#include "cli/plot/axis.hpp"
#include "cli/shell.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/nearest.hpp"

namespace cli {
namespace {

const Setting* find_setting(const std::vector<Setting>& settings, std::string_view factor) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const Setting& setting) { return setting.factor == factor; });
  return found == settings.end() ? nullptr : &*found;
}

std::optional<double> number_of(std::string_view text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_value(const Setting& setting, const std::string& text) {
  if (setting.text == text) return true;
  const std::optional<double> number = number_of(text);
  return number.has_value() && setting.number == number;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string with_hint(const std::string& message, const std::string& hint) {
  return hint.empty() ? message : message + ". " + hint;
}

/// FACTOR=VALUE; the names of factors may hold `=`.
Setting parse_condition(const Results& results, const std::string& condition) {
  for (std::size_t at = condition.find('='); at != std::string::npos;
       at = condition.find('=', at + 1)) {
    const std::string factor = condition.substr(0, at);
    if (contains(results.factors, factor)) return {factor, condition.substr(at + 1), {}};
  }
  const std::size_t at = condition.find('=');
  if (at == std::string::npos) {
    throw UsageError(
        fmt::format("--where: found {}; allowed: FACTOR=VALUE", models::quote(condition)));
  }
  check_factor(results, "--where", condition.substr(0, at));
  return {};
}

}  // namespace

std::vector<Setting> levels_of(const Results& results, std::string_view factor) {
  std::vector<Setting> levels;
  std::set<std::string> seen;
  for (const Run& run : results.runs) {
    const Setting* setting = find_setting(run.settings, factor);
    if (setting != nullptr && seen.insert(setting->text).second) levels.push_back(*setting);
  }
  if (is_numeric(levels)) {
    std::stable_sort(levels.begin(), levels.end(),
                     [](const Setting& a, const Setting& b) { return *a.number < *b.number; });
  }
  return levels;
}

std::vector<std::string> varied_factors(const Results& results) {
  std::vector<std::string> varied;
  for (const std::string& factor : results.factors) {
    if (levels_of(results, factor).size() > 1) varied.push_back(factor);
  }
  return varied;
}

bool is_numeric(const std::vector<Setting>& levels) {
  return !levels.empty() && std::all_of(levels.begin(), levels.end(), [](const Setting& level) {
    return level.number.has_value();
  });
}

std::string longest_numeric(const Results& results, const std::string& except) {
  std::string best;
  std::size_t most = 0;
  for (const std::string& factor : varied_factors(results)) {
    const std::vector<Setting> levels = levels_of(results, factor);
    if (factor == except || !is_numeric(levels) || levels.size() <= most) continue;
    best = factor;
    most = levels.size();
  }
  return best;
}

bool is_scattered(const Results& results, const std::string& x) {
  std::map<std::vector<std::string>, std::set<std::string>> lines;
  std::set<std::string> points;
  for (const Run& run : results.runs) {
    std::vector<std::string> others;
    for (const Setting& setting : run.settings) {
      if (setting.factor != x) others.push_back(setting.text);
    }
    lines[others].insert(run.point);
    points.insert(run.point);
  }
  const auto alone = std::count_if(lines.begin(), lines.end(),
                                   [](const auto& line) { return line.second.size() == 1; });
  return points.size() > 1 && 2 * static_cast<std::size_t>(alone) > points.size();
}

void check_factor(const Results& results, const std::string& option, const std::string& factor) {
  if (contains(results.factors, factor)) return;
  if (results.factors.empty()) {
    throw UsageError(
        fmt::format("{}: found {}; the study has no factors", option, models::quote(factor)));
  }
  throw UsageError(with_hint(fmt::format("{}: found {}; allowed: {}", option, models::quote(factor),
                                         models::join_names(results.factors)),
                             models::suggest(factor, results.factors)));
}

void keep_where(Results& results, const std::vector<std::string>& conditions) {
  for (const std::string& text : conditions) {
    const Setting condition = parse_condition(results, text);
    std::vector<std::string> known;
    for (const Setting& level : levels_of(results, condition.factor)) known.push_back(level.text);
    const auto differs = [&](const Run& run) {
      const Setting* setting = find_setting(run.settings, condition.factor);
      return setting == nullptr || !is_value(*setting, condition.text);
    };
    results.runs.erase(std::remove_if(results.runs.begin(), results.runs.end(), differs),
                       results.runs.end());
    if (results.runs.empty()) {
      throw UsageError(with_hint(
          fmt::format("--where: found {}; allowed of {}, with the other conditions: {}",
                      models::quote(condition.text), condition.factor, models::join_names(known)),
          models::suggest(condition.text, known)));
    }
  }
}

std::string label_of(const std::vector<Setting>& settings, const std::vector<std::string>& varied,
                     const std::vector<std::string>& except) {
  std::string label;
  for (const Setting& setting : settings) {
    if (!contains(varied, setting.factor) || contains(except, setting.factor)) continue;
    if (!label.empty()) label += ", ";
    label += setting.factor == "variant"
                 ? setting.text
                 : fmt::format("{}={}", setting.factor, short_text(setting));
  }
  return label;
}

std::string where_hint(const Results& results, const std::vector<std::string>& except) {
  std::string options;
  std::string values;
  for (const std::string& factor : varied_factors(results)) {
    if (contains(except, factor)) continue;
    std::vector<std::string> texts;
    for (const Setting& level : levels_of(results, factor)) texts.push_back(level.text);
    options += " --where " + shell_word(fmt::format("{}={}", factor, texts.front()));
    constexpr std::size_t kMost = 6;
    if (texts.size() > kMost) {
      texts.resize(kMost);
      texts.emplace_back("...");
    }
    values += fmt::format("; {} has {}", factor, fmt::join(texts, ", "));
  }
  return options.empty() ? "" : "Choose with" + options + values;
}

std::string provenance_of(const Results& results) {
  std::set<std::int64_t> seeds;
  std::map<std::string, int> of_point;
  for (const Run& run : results.runs) {
    seeds.insert(run.seed);
    if (run.has_results()) ++of_point[run.point];
  }
  int least = 0;
  int most = 0;
  for (const auto& [point, n] : of_point) {
    least = least == 0 ? n : std::min(least, n);
    most = std::max(most, n);
  }
  const std::string replications =
      least == most ? fmt::format("{}", most) : fmt::format("{} to {}", least, most);
  const std::string part =
      results.missing_points == 0
          ? ""
          : fmt::format("{} of {} points, ", results.points - results.missing_points,
                        results.points);
  return fmt::format(
      "study {}, {}{}, {} replication{} a point, sockbufsim {}", results.study, part,
      seeds.size() == 1 ? fmt::format("seed {}", *seeds.begin()) : std::string("a seed a point"),
      replications, most == 1 ? "" : "s", results.version);
}

std::string failures_of(const Results& results) {
  const auto failed = std::count_if(results.runs.begin(), results.runs.end(),
                                    [](const Run& run) { return !run.has_results(); });
  return failed == 0
             ? ""
             : fmt::format("{} of {} runs failed and are missing", failed, results.runs.size());
}

}  // namespace cli
