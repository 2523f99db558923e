// SPDX-License-Identifier: BSD-2-Clause
#include "cli/store/export.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <unordered_set>
#include <vector>

#include <algorithm>

#include "cli/report/csv.hpp"
#include "models/scenario/json_text.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;

/// Of all runs together, sorted.
std::vector<std::string> metric_columns(const Results& results) {
  std::unordered_set<std::string> seen;
  for (const Run& run : results.runs) {
    for (const auto& metric : run.metrics) seen.insert(metric.first);
  }
  seen.insert(results.over_nothing.begin(), results.over_nothing.end());
  std::vector<std::string> paths(seen.begin(), seen.end());
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// Both are sorted.
void write_metrics(std::ostream& out, const std::vector<std::string>& paths, const Run& run) {
  auto metric = run.metrics.begin();
  for (const std::string& path : paths) {
    out << ',';
    if (metric == run.metrics.end() || metric->first != path) continue;
    out << models::number_text(metric->second);
    ++metric;
  }
}

/// Whole numbers without a fraction, as reports have them.
Json number_json(double value) {
  constexpr double kMaxWhole = 9007199254740992.0;  // 2^53
  if (std::abs(value) < kMaxWhole && value == std::trunc(value)) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

}  // namespace

void write_results_csv(std::ostream& out, const Results& results) {
  const std::vector<std::string> paths = metric_columns(results);
  out << "point";
  for (const std::string& factor : results.factors) out << ',' << csv_field(factor);
  out << ",replication,seed,status,reason";
  for (const std::string& path : paths) out << ',' << csv_field(path);
  out << ",fingerprint,rerun\n";
  for (const Run& run : results.runs) {
    out << run.point;
    for (const Setting& setting : run.settings) out << ',' << csv_field(setting.text);
    out << ',' << run.replication << ',' << run.seed << ',' << run.status << ','
        << csv_field(run.reason);
    write_metrics(out, paths, run);
    out << ',' << run.fingerprint << ',' << csv_field(run.rerun) << '\n';
  }
}

void write_results_jsonl(std::ostream& out, const Results& results) {
  for (const Run& run : results.runs) {
    Json row{{"study", results.study}, {"version", results.version}, {"point", run.point}};
    Json settings = Json::object();
    for (const Setting& setting : run.settings) {
      settings[setting.factor] = setting.number ? number_json(*setting.number) : Json(setting.text);
    }
    row["settings"] = std::move(settings);
    row["replication"] = run.replication;
    row["seed"] = run.seed;
    row["status"] = run.status;
    row["reason"] = run.reason;
    Json metrics = Json::object();
    for (const auto& [path, value] : run.metrics) metrics[path] = number_json(value);
    row["metrics"] = std::move(metrics);
    row["fingerprint"] = run.fingerprint;
    row["rerun"] = run.rerun;
    out << row.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
  }
}

}  // namespace cli
