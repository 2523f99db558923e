// SPDX-License-Identifier: BSD-2-Clause
#include "cli/store/queries.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_set>
#include <utility>

#include "models/report/metrics.hpp"
#include "sim/base/assert.hpp"

namespace cli {
namespace {

RunKey key_of(const sqlite::Statement& rows) {
  return {rows.text(0), rows.integer(1), static_cast<int>(rows.integer(2))};
}

void read_points(sqlite::Database& database, std::int64_t id, StoredStudy& stored) {
  std::vector<std::vector<Setting>> settings = query_settings(database, id, stored.study.factors);
  sqlite::Statement rows(database,
                         "SELECT hash, seed, scenario, command FROM study_point JOIN point ON "
                         "point.id = study_point.point WHERE study = ? ORDER BY position");
  rows.bind(1, id);
  while (rows.step() && stored.study.points.size() < settings.size()) {
    Point point;
    point.hash = rows.text(0);
    point.seed = rows.integer(1);
    point.scenario = rows.text(2);
    point.settings = std::move(settings[stored.study.points.size()]);
    stored.commands.push_back(rows.text(3));
    stored.study.points.push_back(std::move(point));
  }
  if (stored.study.points.size() != settings.size()) {
    throw_damaged(fmt::format("table study_point, study {}: points that table point lacks", id));
  }
}

}  // namespace

void throw_damaged(const std::string& what) { throw sqlite::Error(SQLITE_CORRUPT, what); }

std::map<RunKey, std::string> query_statuses(sqlite::Database& database,
                                             const std::string& version) {
  std::map<RunKey, std::string> all;
  sqlite::Statement rows(database,
                         "SELECT hash, seed, replication, status FROM run JOIN point ON "
                         "point.id = run.point WHERE version = ?");
  rows.bind(1, version);
  while (rows.step()) all[key_of(rows)] = rows.text(3);
  return all;
}

std::map<RunKey, double> query_metric_values(sqlite::Database& database, const std::string& version,
                                             const std::string& metric) {
  const models::MetricBasis basis = models::metric_basis(metric);
  std::map<std::string, std::int64_t> ids;
  sqlite::Statement id_of(database, "SELECT id FROM metric WHERE path = ?");
  for (const std::string& path : {metric, basis.count, basis.zero_with}) {
    id_of.bind(1, path);
    if (id_of.step()) ids[path] = id_of.integer(0);
    id_of.run();
  }
  std::map<RunKey, double> all;
  sqlite::Statement rows(database,
                         "SELECT hash, seed, replication, run.id, metrics FROM run JOIN point ON "
                         "point.id = run.point WHERE version = ?");
  rows.bind(1, version);
  while (rows.step()) {
    const auto metrics = parse_metrics(rows.text(4), rows.integer(3));
    const auto find = [&](const std::string& path) -> std::optional<double> {
      const auto id = ids.find(path);
      if (id == ids.end()) return std::nullopt;
      const auto at = std::find_if(metrics.begin(), metrics.end(),
                                   [&](const auto& item) { return item.first == id->second; });
      return at == metrics.end() ? std::nullopt : std::optional(at->second);
    };
    const std::optional<double> value = models::meant_value(metric, basis, find);
    if (value) all[key_of(rows)] = *value;
  }
  return all;
}

std::vector<std::string> query_factors(sqlite::Database& database, std::int64_t study) {
  std::vector<std::string> names;
  sqlite::Statement rows(database, "SELECT name FROM factor WHERE study = ? ORDER BY position");
  rows.bind(1, study);
  while (rows.step()) names.push_back(rows.text(0));
  return names;
}

std::vector<std::string> query_units(sqlite::Database& database, std::int64_t study,
                                     const std::vector<std::string>& factors) {
  if (database.number("SELECT count(*) FROM sqlite_master WHERE name = 'factor_unit'") == 0) {
    return {};
  }
  std::vector<std::string> units;
  sqlite::Statement rows(database,
                         "SELECT unit FROM factor JOIN factor_unit USING (study, name) "
                         "WHERE study = ? ORDER BY position");
  rows.bind(1, study);
  while (rows.step()) units.push_back(rows.text(0));
  // An older program that swept the study since knows nothing of this table.
  if (units.size() != factors.size()) units.clear();
  return units;
}

std::vector<std::vector<Setting>> query_settings(sqlite::Database& database, std::int64_t study,
                                                 const std::vector<std::string>& factors) {
  const auto damaged = [study](std::size_t position) {
    throw_damaged(fmt::format("table setting, study {}, position {}: not one value a factor", study,
                              position));
  };
  std::vector<std::vector<Setting>> all(static_cast<std::size_t>(
      database.number(fmt::format("SELECT count(*) FROM study_point WHERE study = {}", study))));
  sqlite::Statement rows(database,
                         "SELECT position, factor, text, number FROM setting WHERE study = ? "
                         "ORDER BY position, factor");
  rows.bind(1, study);
  while (rows.step()) {
    const auto position = static_cast<std::size_t>(rows.integer(0));
    const auto factor = static_cast<std::size_t>(rows.integer(1));
    if (position >= all.size() || factor >= factors.size() || factor != all[position].size()) {
      damaged(position);
    }
    Setting setting;
    setting.factor = factors[factor];
    setting.text = rows.text(2);
    if (!rows.is_null(3)) setting.number = rows.real(3);
    all[position].push_back(std::move(setting));
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].size() != factors.size()) damaged(i);
  }
  return all;
}

std::vector<StoredStudy> query_studies(sqlite::Database& database) {
  std::vector<StoredStudy> all;
  sqlite::Statement rows(database, "SELECT id, name, path, version FROM study ORDER BY name");
  while (rows.step()) {
    StoredStudy& stored = all.emplace_back();
    stored.study.name = rows.text(1);
    stored.study.path = rows.text(2);
    stored.version = rows.text(3);
    stored.study.factors = query_factors(database, rows.integer(0));
    stored.study.units = query_units(database, rows.integer(0), stored.study.factors);
    read_points(database, rows.integer(0), stored);
  }
  return all;
}

std::vector<std::pair<std::int64_t, double>> parse_metrics(const std::string& json,
                                                           std::int64_t run) {
  std::vector<std::pair<std::int64_t, double>> all;
  all.reserve(static_cast<std::size_t>(std::count(json.begin(), json.end(), ':')));
  const char* at = json.data();
  const char* const end = at + json.size();
  const auto require = [&](bool right) {
    if (!right) throw_damaged(fmt::format("table run, row {}: metrics that no sweep wrote", run));
  };
  const auto take = [&](char c) {
    require(at != end && *at == c);
    ++at;
  };
  const auto number = [&](auto& value) {
    const auto [stop, error] = std::from_chars(at, end, value);
    require(error == std::errc());
    at = stop;
  };
  take('{');
  while (at != end && *at != '}') {
    if (!all.empty()) take(',');
    auto& [id, value] = all.emplace_back();
    take('"');
    number(id);
    take('"');
    take(':');
    number(value);
  }
  take('}');
  require(at == end);
  return all;
}

void throw_unknown_metric(std::int64_t metric, std::int64_t run) {
  throw_damaged(fmt::format("table run, row {}: metric {}, which table metric lacks", run, metric));
}

void check_runs(sqlite::Database& database) {
  std::unordered_set<std::int64_t> known;
  sqlite::Statement metrics(database, "SELECT id FROM metric");
  while (metrics.step()) known.insert(metrics.integer(0));
  sqlite::Statement runs(database, "SELECT id, metrics FROM run");
  while (runs.step()) {
    const std::int64_t run = runs.integer(0);
    for (const auto& [metric, value] : parse_metrics(runs.text(1), run)) {
      if (!known.contains(metric)) throw_unknown_metric(metric, run);
    }
  }
}

std::string stored_report(const std::string& compressed, std::int64_t bytes, std::int64_t run) {
  std::optional<std::string> report;
  if (bytes >= 0) report = expand_report(compressed, static_cast<std::size_t>(bytes));
  if (!report) throw_damaged(fmt::format("table run, row {}: a report that no sweep wrote", run));
  return *report;
}

StoredRun query_run(sqlite::Database& database, std::int64_t id) {
  sqlite::Statement row(database,
                        "SELECT hash, seed, replication, status, reason, fingerprint, wall_s, "
                        "report, report_bytes, metrics FROM run JOIN point ON "
                        "point.id = run.point WHERE run.id = ?");
  row.bind(1, id);
  SIM_ASSERT(row.step(), "a run that was listed is there");
  StoredRun run;
  run.point = row.text(0);
  run.seed = row.integer(1);
  run.replication = static_cast<int>(row.integer(2));
  run.status = row.text(3);
  run.reason = row.text(4);
  run.fingerprint = row.text(5);
  run.wall_s = row.real(6);
  run.report = row.text(7);
  run.report_bytes = static_cast<std::size_t>(row.integer(8));
  std::vector<StoredMetric> metrics;
  sqlite::Statement metric(database, "SELECT path, unit FROM metric WHERE id = ?");
  for (const auto& [number, value] : parse_metrics(row.text(9), id)) {
    metric.bind(1, number);
    if (!metric.step()) throw_unknown_metric(number, id);
    metrics.push_back({metric.text(0), metric.text(1), value});
    metric.run();
  }
  run.metrics = StoredMetrics(metrics);
  return run;
}

}  // namespace cli
