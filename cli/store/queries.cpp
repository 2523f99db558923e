// SPDX-License-Identifier: BSD-2-Clause
#include "cli/store/queries.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <utility>

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
  while (rows.step()) {
    Point point;
    point.hash = rows.text(0);
    point.seed = rows.integer(1);
    point.scenario = rows.text(2);
    point.settings = std::move(settings.at(stored.study.points.size()));
    stored.commands.push_back(rows.text(3));
    stored.study.points.push_back(std::move(point));
  }
}

}  // namespace

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
  std::map<RunKey, double> all;
  sqlite::Statement rows(
      database,
      "SELECT hash, seed, replication, json_extract(metrics, '$.\"' || metric.id || '\"') "
      "FROM run JOIN point ON point.id = run.point JOIN metric ON metric.path = ? "
      "WHERE version = ?");
  rows.bind(1, metric).bind(2, version);
  while (rows.step()) {
    if (!rows.is_null(3)) all[key_of(rows)] = rows.real(3);
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
  std::vector<std::vector<Setting>> all(static_cast<std::size_t>(
      database.number(fmt::format("SELECT count(*) FROM study_point WHERE study = {}", study))));
  sqlite::Statement rows(database,
                         "SELECT position, factor, text, number FROM setting WHERE study = ? "
                         "ORDER BY position, factor");
  rows.bind(1, study);
  while (rows.step()) {
    Setting setting;
    setting.factor = factors.at(static_cast<std::size_t>(rows.integer(1)));
    setting.text = rows.text(2);
    if (!rows.is_null(3)) setting.number = rows.real(3);
    all.at(static_cast<std::size_t>(rows.integer(0))).push_back(std::move(setting));
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

std::vector<std::pair<std::int64_t, double>> parse_metrics(const std::string& json) {
  std::vector<std::pair<std::int64_t, double>> all;
  all.reserve(static_cast<std::size_t>(std::count(json.begin(), json.end(), ':')));
  const char* at = json.data();
  const char* const end = at + json.size();
  const auto take = [&](char c) {
    if (at == end || *at != c) throw sqlite::Error(SQLITE_CORRUPT, "metrics of a run");
    ++at;
  };
  const auto number = [&](auto& value) {
    const auto [stop, error] = std::from_chars(at, end, value);
    if (error != std::errc()) throw sqlite::Error(SQLITE_CORRUPT, "metrics of a run");
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
  return all;
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
  for (const auto& [number, value] : parse_metrics(row.text(9))) {
    metric.bind(1, number);
    SIM_ASSERT(metric.step(), "the metrics of a run have names");
    metrics.push_back({metric.text(0), metric.text(1), value});
    metric.run();
  }
  run.metrics = StoredMetrics(metrics);
  return run;
}

}  // namespace cli
