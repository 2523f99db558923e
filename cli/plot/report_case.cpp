// SPDX-License-Identifier: BSD-2-Clause
#include "cli/plot/report_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "cli/errors.hpp"
#include "cli/plot/selection.hpp"
#include "cli/report/read.hpp"
#include "cli/store/store.hpp"
#include "models/scenario/json_text.hpp"

namespace cli {
namespace {

using models::Json;

WaitTime wait_of(const Json& figures) {
  return {figures.at("spin_ns_total").get<double>(), figures.at("block_ns_total").get<double>()};
}

void add_wait(WaitTime& sum, const WaitTime& more) {
  sum.spin_ns += more.spin_ns;
  sum.block_ns += more.block_ns;
}

void add_distribution(Distribution& sum, const Json& stats) {
  sum.count += stats.at("count").get<double>();
  sum.value_of_quantile[0.5] += stats.at("p50").get<double>();
  sum.value_of_quantile[0.99] += stats.at("p99").get<double>();
  sum.value_of_quantile[1.0] += stats.at("max").get<double>();
  for (const Json& quantile : stats.at("quantiles")) {
    const auto q = quantile.at("q").get<double>();
    if (q == 0.5 || q == 0.99 || q == 1.0) continue;  // there already
    sum.value_of_quantile[q] += quantile.at("value").get<double>();
  }
  if (!stats.contains("histogram")) return;
  for (const Json& bucket : stats.at("histogram")) {
    sum.buckets[{bucket.at(0).get<double>(), bucket.at(1).get<double>()}] +=
        bucket.at(2).get<double>();
  }
}

/// Some of the reports may have measured times and no histogram of them.
bool buckets_lack_some(const Distribution& time) {
  constexpr double kRounding = 1e-9;
  double counted = 0.0;
  for (const auto& [bounds, count] : time.buckets) counted += count;
  return std::abs(counted - time.count) > kRounding * time.count;
}

/// `path` leads to an object with an acquisition's figures.
void add_acquisition(ReportCase& sum, const std::string& path, const Json& figures) {
  Distribution& wait = sum.times[path + ".wait_ns"];
  add_distribution(wait, figures.at("wait_ns"));
  wait.share_of_zero += 1.0 - figures.at("contended_fraction").get<double>();
  for (const Json& over : figures.at("wait_over")) {
    wait.share_over_threshold[over.at("threshold_ns").get<double>()] +=
        over.at("fraction").get<double>();
  }
  add_distribution(sum.times[path + ".hold_ns"], figures.at("hold_ns"));
}

void add_lock(ReportCase& sum, const Json& lock) {
  const auto name = lock.at("name").get<std::string>();
  const std::string path = "locks." + name;
  if (std::find(sum.locks.begin(), sum.locks.end(), name) == sum.locks.end()) {
    sum.locks.push_back(name);
  }
  add_wait(sum.lock_waits[name], wait_of(lock));
  add_acquisition(sum, path, lock);
  add_distribution(sum.times[path + ".sojourn_ns"], lock.at("sojourn_ns"));
  for (const Json& point : lock.at("points")) {
    const auto at = point.at("name").get<std::string>();
    add_wait(sum.point_waits[name][at], wait_of(point));
    add_acquisition(sum, fmt::format("{}.points.{}", path, at), point);
  }
  for (const Json& blame : lock.at("blame")) {
    const BlamePair pair = {blame.at("waiter").get<std::string>(),
                            blame.at("holder").get<std::string>()};
    sum.blame_ns[pair] += blame.at("wait_ns").get<double>();
  }
}

void add_figures(ReportCase& sum, const Json& report) {
  constexpr double kNsOfMs = 1e6;
  sum.window_ns += report.at("run").at("measured_ms").get<double>() * kNsOfMs;
  for (const Json& lock : report.at("locks")) add_lock(sum, lock);
  for (const Json& cpu : report.at("cpus")) {
    auto& fractions = sum.cpus[cpu.at("core").get<int>()];
    for (std::size_t i = 0; i < sim::kWorkCount; ++i) {
      fractions[i] += cpu.at(std::string(sim::kWorkNames[i])).get<double>();
    }
  }
  std::map<std::string, int> readers;  // several sockets may have one of a name
  for (const Json& reader : report.at("readers")) ++readers[reader.at("name")];
  std::size_t index = 0;
  for (const Json& reader : report.at("readers")) {
    const auto name = reader.at("name").get<std::string>();
    add_distribution(sum.times[fmt::format("readers.{}.delivery_latency_ns",
                                           readers[name] == 1 ? name : std::to_string(index))],
                     reader.at("delivery_latency_ns"));
    ++index;
  }
  for (const Json& group : report.at("threads")) {
    add_distribution(
        sum.times[fmt::format("threads.{}.response_ns", group.at("name").get<std::string>())],
        group.at("response_ns"));
  }
  add_distribution(sum.times["nic.moderation_delay_ns"],
                   report.at("nic").at("moderation_delay_ns"));
}

std::string provenance_of_report(const Json& report) {
  const Json& provenance = report.at("provenance");
  return fmt::format(
      "scenario {}, seed {}, {} replication{}, sockbufsim {} ({})",
      report.at("run").at("scenario").get<std::string>(), provenance.at("seed").get<std::int64_t>(),
      report.at("run").at("replications").get<std::int64_t>(),
      report.at("run").at("replications").get<std::int64_t>() == 1 ? "" : "s",
      provenance.at("version").get<std::string>(), provenance.at("commit").get<std::string>());
}

/// `source` names it in messages.
void add_report(ReportCase& sum, const Json& report, const std::string& source) {
  try {
    add_figures(sum, report);
    if (sum.label.empty()) sum.label = report.at("run").at("scenario").get<std::string>();
    if (sum.provenance.empty()) sum.provenance = provenance_of_report(report);
  } catch (const Json::exception& error) {
    refuse_report(source, error.what());
  }
  sum.reports += 1.0;
}

void refuse_repeated(const std::vector<std::string>& files) {
  std::map<std::filesystem::path, std::string> known;
  for (const std::string& file : files) {
    std::error_code error;
    const auto [first, is_new] =
        known.emplace(std::filesystem::weakly_canonical(file, error), file);
    if (is_new) continue;
    throw UsageError(
        fmt::format("plot: found {} and {}, which are one file; allowed: each report "
                    "once",
                    first->second, file));
  }
}

/// The last `parts` of a path, without `.json`.
std::string end_of_path(const std::string& file, std::size_t parts) {
  std::filesystem::path path(file);
  path.replace_extension();
  std::vector<std::string> all;
  for (const auto& part : path.lexically_normal()) all.push_back(part.string());
  if (parts >= all.size()) return path.lexically_normal().string();
  std::filesystem::path end;
  for (std::size_t i = all.size() - parts; i < all.size(); ++i) end /= all[i];
  return end.string();
}

/// Labels that tell the cases apart: the scenario's name, else the file's, else with as many of the
/// folders above it as that takes, and at last the file as it was named.
void name_apart(std::vector<ReportCase>& cases, const std::vector<std::string>& files) {
  constexpr std::size_t kMostParts = 16;
  for (std::size_t parts = 1; parts <= kMostParts; ++parts) {
    std::map<std::string, int> times;
    for (const ReportCase& report : cases) ++times[report.label];
    if (times.size() == cases.size()) return;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      if (times[cases[i].label] > 1) cases[i].label = end_of_path(files[i], parts);
    }
  }
  for (std::size_t i = 0; i < cases.size(); ++i) cases[i].label = files[i];
}

}  // namespace

void ReportCase::finish() {
  const double share = reports > 0.0 ? 1.0 / reports : 0.0;
  const auto scale = [&](WaitTime& wait) {
    wait.spin_ns *= share;
    wait.block_ns *= share;
  };
  window_ns *= share;
  for (auto& [lock, wait] : lock_waits) scale(wait);
  for (auto& [lock, points] : point_waits) {
    for (auto& [point, wait] : points) scale(wait);
  }
  for (auto& [pair, ns] : blame_ns) ns *= share;
  for (auto& [core, fractions] : cpus) {
    for (double& fraction : fractions) fraction *= share;
  }
  for (auto& [path, time] : times) {
    time.count *= share;
    time.share_of_zero *= share;
    for (auto& [q, value] : time.value_of_quantile) value *= share;
    for (auto& [threshold, over] : time.share_over_threshold) over *= share;
    for (auto& [bounds, count] : time.buckets) count *= share;
    if (buckets_lack_some(time)) time.buckets.clear();
  }
}

std::vector<ReportCase> read_report_files(const std::vector<std::string>& files) {
  refuse_repeated(files);
  std::vector<ReportCase> cases;
  cases.reserve(files.size());
  for (const std::string& file : files) {
    ReportCase& added = cases.emplace_back();
    add_report(added, read_report(file), file);
    added.finish();
  }
  name_apart(cases, files);
  return cases;
}

std::vector<ReportCase> read_report_cases(const std::string& store, const std::string& study,
                                          const std::vector<std::string>& conditions,
                                          std::size_t most) {
  Results results = read_results(store, study, {});
  keep_where(results, conditions);
  std::vector<std::string> order;
  std::set<std::string> wanted;
  for (const Run& run : results.runs) {
    if (run.has_results() && wanted.insert(run.point).second) order.push_back(run.point);
  }
  if (order.empty()) throw UsageError(fmt::format("store {}: no run has a result", store));
  if (order.size() > most) {
    throw UsageError(fmt::format("plot: found {} points; allowed in this figure: {}. {}",
                                 order.size(), most == 1 ? "one" : fmt::format("at most {}", most),
                                 where_hint(results, {})));
  }
  std::map<std::string, ReportCase> by_point;
  const std::vector<std::string> varied = varied_factors(results);
  read_reports(store, study, [&](const Run& run, const std::string& report) {
    if (report.empty() || !wanted.contains(run.point)) return;
    ReportCase& sum = by_point[run.point];
    sum.label = label_of(run.settings, varied, {});
    sum.point = label_of(run.settings, results.factors, {});
    const std::string source = fmt::format("store {}, point {}", store, run.point);
    add_report(sum, parse_report(report, source), source);
  });
  std::vector<ReportCase> cases;
  cases.reserve(order.size());
  for (const std::string& point : order) {
    if (!by_point.contains(point)) {
      throw UsageError(fmt::format("store {}: point {} has no report", store, point));
    }
    ReportCase& added = cases.emplace_back(std::move(by_point[point]));
    added.finish();
    added.provenance = provenance_of(results);
  }
  return cases;
}

}  // namespace cli
