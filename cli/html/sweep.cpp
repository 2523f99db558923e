// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <ostream>
#include <set>

#include "cli/html/data.hpp"
#include "cli/html/html.hpp"
#include "cli/html/page.hpp"
#include "cli/html/sweep_metrics.hpp"
#include "sim/base/build_info.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;

/// The page without its data is 0.3 MB.
constexpr std::size_t kMostDataBytes = 4'400'000;
/// Room for metrics even when the points alone are too many for that.
constexpr std::size_t kLeastMetricBytes = 400'000;

/// A factor and the values that it takes, in the order in which they turn up; numbers ascend.
struct Factor {
  std::string name;
  std::vector<Setting> levels;

  std::size_t level_of(const Setting& setting) const {
    const auto at = std::find_if(levels.begin(), levels.end(),
                                 [&](const Setting& level) { return level.text == setting.text; });
    return static_cast<std::size_t>(at - levels.begin());
  }
};

std::vector<Factor> factors_of(const Results& results, const std::vector<PointRuns>& points) {
  std::vector<Factor> factors;
  factors.reserve(results.factors.size());
  for (std::size_t i = 0; i < results.factors.size(); ++i) {
    Factor& factor = factors.emplace_back(Factor{results.factors[i], {}});
    for (const PointRuns& point : points) {
      const Setting& setting = point.runs.front()->settings.at(i);
      if (factor.level_of(setting) == factor.levels.size()) factor.levels.push_back(setting);
    }
    const bool numeric = std::all_of(factor.levels.begin(), factor.levels.end(),
                                     [](const Setting& level) { return level.number.has_value(); });
    if (!numeric) continue;
    std::stable_sort(factor.levels.begin(), factor.levels.end(),
                     [](const Setting& a, const Setting& b) { return *a.number < *b.number; });
  }
  return factors;
}

Json json_of(const Factor& factor, const std::string& label) {
  Json levels = Json::array();
  for (const Setting& level : factor.levels) {
    levels.push_back(
        {{"text", level.text}, {"number", level.number ? Json(*level.number) : Json(nullptr)}});
  }
  return {{"name", factor.name}, {"label", label}, {"levels", std::move(levels)}};
}

/// The points of the results among those of the study.
struct Numbering {
  std::vector<std::size_t> numbers;  ///< of the points of the results, from 1
  std::size_t total = 0;             ///< points of the study
};

Numbering numbering_of(const Study& study, const std::vector<PointRuns>& points) {
  std::map<std::string, std::size_t> number_of;
  for (std::size_t i = study.points.size(); i-- > 0;) number_of[study.points[i].hash] = i + 1;
  Numbering numbering;
  for (const PointRuns& point : points) {
    const auto known = number_of.find(point.runs.front()->point);
    if (known == number_of.end()) break;
    numbering.numbers.push_back(known->second);
  }
  numbering.total = study.points.size();
  if (numbering.numbers.size() < points.size()) {  // results of another form of the study
    numbering.total = points.size();
    numbering.numbers.resize(points.size());
    std::iota(numbering.numbers.begin(), numbering.numbers.end(), std::size_t{1});
  }
  return numbering;
}

Json json_of(const PointRuns& point, std::size_t number, const std::vector<Factor>& factors) {
  const Run& first = *point.runs.front();
  Json at = Json::array();
  for (std::size_t i = 0; i < factors.size(); ++i) {
    at.push_back(factors[i].level_of(first.settings.at(i)));
  }
  Json incidents = Json::array();
  for (const Run* run : point.runs) {
    if (run->status == "ok") continue;
    incidents.push_back({{"replication", run->replication},
                         {"seed", run->seed},
                         {"status", run->status},
                         {"reason", run->reason},
                         {"rerun", run->rerun}});
  }
  Json json{{"number", number},
            {"hash", first.point},
            {"at", std::move(at)},
            {"n", point.with_results()}};
  if (!incidents.empty()) json["incidents"] = std::move(incidents);
  json["rerun"] = first.rerun;
  return json;
}

Json json_of_provenance(const Study& study, const Results& results, const Numbering& numbering,
                        const std::string& command) {
  std::set<std::int64_t> seeds;
  for (const Run& run : results.runs) seeds.insert(run.seed);
  const std::string points =
      numbering.numbers.size() < numbering.total
          ? fmt::format("{} of {}", numbering.numbers.size(), numbering.total)
          : std::to_string(numbering.total);
  return {{"version", sim::version()},
          {"commit", sim::commit()},
          {"model_version", results.version},
          {"build_type", sim::build_type()},
          {"study", study.path},
          {"base", study.base.empty() ? "within the study" : study.base},
          {"seed", seeds.size() == 1 ? std::to_string(*seeds.begin()) : "one a point"},
          {"points", points},
          {"runs", results.runs.size()},
          {"command", command}};
}

Json json_of(const Study& study, const Results& results) {
  Json json{{"name", results.study},
            {"file", study.path},
            {"base", study.base},
            {"seed_policy", study.seed_policy == SeedPolicy::common ? "common" : "independent"},
            {"runs", results.runs.size()}};
  json["replications"] = study.replications;
  json["precision"] = nullptr;
  if (study.precision) {
    json["precision"] = {{"metric", study.precision->metric},
                         {"half_width_rel", study.precision->half_width_rel}};
  }
  return json;
}

Json json_of(const std::vector<Judged>& expectations) {
  Json json = Json::array();
  for (const Judged& item : expectations) {
    json.push_back({{"name", item.name}, {"passed", item.passed}, {"places", item.places}});
  }
  return json;
}

}  // namespace

void write_sweep_html(std::ostream& out, const Study& study, const Results& results,
                      const std::vector<Judged>& expectations,
                      const std::vector<std::string>& imprecise, const std::string& command) {
  const std::vector<PointRuns> points = runs_by_point(results);
  const std::vector<Factor> factors = factors_of(results, points);
  Json json_factors = Json::array();
  for (const Factor& factor : factors) {
    json_factors.push_back(json_of(factor, label_of_factor(results, factor.name)));
  }
  Json json_points = Json::array();
  const Numbering numbering = numbering_of(study, points);
  for (std::size_t i = 0; i < points.size(); ++i) {
    json_points.push_back(json_of(points[i], numbering.numbers[i], factors));
  }
  Json json_study = json_of(study, results);
  json_study["points"] = numbering.total;
  std::string data =
      "{\"kind\":\"sweep\",\"study\":" + compact_json(json_study) +
      ",\"provenance\":" + compact_json(json_of_provenance(study, results, numbering, command)) +
      ",\"factors\":" + compact_json(json_factors) +
      ",\"expectations\":" + compact_json(json_of(expectations)) +
      ",\"imprecise\":" + compact_json(Json(imprecise)) +
      ",\"kinds\":" + compact_json(json_of_metric_kinds()) +
      ",\"points\":" + compact_json(json_points);
  data += ",\"scenario\":";
  const bool known = !study.points.empty() && !study.points.front().scenario.empty();
  data += known ? study.points.front().scenario : "null";
  const std::size_t room = kMostDataBytes - std::min(kMostDataBytes, data.size());
  const SweepMetrics metrics = sweep_metrics(points, std::max(room, kLeastMetricBytes));
  data += ",\"metrics\":" + metrics.varying + ",\"constant\":" + metrics.constant +
          ",\"left_out\":" + compact_json(metrics.left_out) + '}';
  write_page(out, results.study + " - sockbufsim sweep", data,
             {"chart.min.js", "base.js", "table.js", "chart.js", "report.js", "sweep.js"});
}

}  // namespace cli
