// SPDX-License-Identifier: BSD-2-Clause
#include "cli/store/store.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cstring>
#include <filesystem>
#include <optional>
#include <unordered_map>

#include "cli/errors.hpp"
#include "cli/store/queries.hpp"
#include "cli/store/schema.hpp"
#include "cli/store/writer_lock.hpp"
#include "sim/base/assert.hpp"

namespace cli {
namespace {

const std::string& made(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(std::filesystem::symlink_status(path, error))) create_store(path);
  return path;
}

}  // namespace

bool is_result_status(const std::string& status) {
  return status == "ok" || status == "violation" || status == "deadlock";
}

struct Store::Impl {
  explicit Impl(const std::string& file)
      : path(made(file)), lock(path), database(open_store_to_write(path)) {}

  /// Runs `action`, and says of SQLite's failures what they mean.
  template <class Action>
  auto guarded(Action action) {
    try {
      return action();
    } catch (const sqlite::Error& error) {
      open.reset();
      metrics.clear();
      names_of_keys.clear();
      keys.clear();
      points.clear();
      throw_store_failure(path, error, true);
    }
  }

  std::int64_t metric_id(std::string_view path, std::string_view unit);
  const std::vector<std::string>& keys_of(const std::string& names);
  std::string metrics_json(const StoredMetrics& all);
  std::int64_t point_id(const std::string& hash);
  void forget_study(std::int64_t id);
  void define(const Study& study, const std::string& version,
              const std::vector<std::string>& commands);
  void add(const StoredRun& run, const std::string& version);

  std::string path;
  WriterLock lock;  // outlives the database: closing any descriptor drops SQLite's own locks
  std::unique_ptr<sqlite::Database> database;
  std::unordered_map<std::string, std::string> metrics;  ///< path; its id as a key of JSON
  std::string names_of_keys;      ///< of the latest run: mostly the next one's, too
  std::vector<std::string> keys;  ///< of those names
  std::unordered_map<std::string, std::int64_t> points;
  std::optional<sqlite::Statement> find_run, drop_run, insert_run;
  std::optional<sqlite::Transaction> open;  ///< since the first put()
};

std::int64_t Store::Impl::metric_id(std::string_view path, std::string_view unit) {
  sqlite::Statement find(*database, "SELECT id FROM metric WHERE path = ?");
  find.bind(1, path);
  if (find.step()) return find.integer(0);
  sqlite::Statement insert(*database, "INSERT INTO metric (path, unit) VALUES (?, ?)");
  insert.bind(1, path).bind(2, unit).run();
  return database->last_id();
}

const std::vector<std::string>& Store::Impl::keys_of(const std::string& names) {
  if (names == names_of_keys) return keys;
  names_of_keys.clear();
  keys.clear();
  StoredMetrics::for_each_name(names, [this](std::string_view path, std::string_view unit) {
    const auto [known, is_new] = metrics.try_emplace(std::string(path));
    if (is_new) known->second = fmt::format("\"{}\":", metric_id(path, unit));
    keys.push_back(known->second);
  });
  names_of_keys = names;
  return keys;
}

std::string Store::Impl::metrics_json(const StoredMetrics& all) {
  std::string text = "{";
  auto key = keys_of(all.names()).begin();
  StoredMetrics::for_each_value(all.values(), [&](std::string_view value) {
    if (text.size() > 1) text.push_back(',');
    text.append(*key++).append(value);
  });
  text.push_back('}');
  return text;
}

std::int64_t Store::Impl::point_id(const std::string& hash) {
  const auto [entry, is_new] = points.try_emplace(hash, 0);
  if (!is_new) return entry->second;
  sqlite::Statement find(*database, "SELECT id FROM point WHERE hash = ?");
  find.bind(1, hash);
  SIM_ASSERT(find.step(), "runs belong to points of a study that was defined");
  return entry->second = find.integer(0);
}

void Store::Impl::forget_study(std::int64_t id) {
  for (const char* table : {"factor", "factor_unit", "study_point", "setting"}) {
    database->execute(fmt::format("DELETE FROM {} WHERE study = {}", table, id));
  }
}

void Store::Impl::define(const Study& study, const std::string& version,
                         const std::vector<std::string>& commands) {
  sqlite::Statement insert_study(
      *database,
      "INSERT INTO study (name, path, version) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
      "path = excluded.path, version = excluded.version RETURNING id");
  insert_study.bind(1, study.name).bind(2, study.path).bind(3, version);
  insert_study.step();
  const std::int64_t id = insert_study.integer(0);
  insert_study.run();
  database->execute(kFactorUnitTable);  // stores of before lack it
  forget_study(id);

  sqlite::Statement factor(*database, "INSERT INTO factor VALUES (?, ?, ?)");
  for (std::size_t i = 0; i < study.factors.size(); ++i) {
    factor.bind(1, id).bind(2, static_cast<std::int64_t>(i)).bind(3, study.factors[i]).run();
  }
  sqlite::Statement unit(*database, "INSERT INTO factor_unit VALUES (?, ?, ?)");
  for (std::size_t i = 0; i < study.units.size(); ++i) {
    unit.bind(1, id).bind(2, study.factors.at(i)).bind(3, study.units[i]).run();
  }
  sqlite::Statement insert_point(
      *database, "INSERT INTO point (hash, scenario) VALUES (?, ?) ON CONFLICT DO NOTHING");
  sqlite::Statement study_point(*database, "INSERT INTO study_point VALUES (?, ?, ?, ?, ?)");
  sqlite::Statement setting(*database, "INSERT INTO setting VALUES (?, ?, ?, ?, ?)");
  for (std::size_t i = 0; i < study.points.size(); ++i) {
    const Point& point = study.points[i];
    const auto position = static_cast<std::int64_t>(i);
    insert_point.bind(1, point.hash).bind(2, point.scenario).run();
    study_point.bind(1, id).bind(2, position).bind(3, point_id(point.hash));
    study_point.bind(4, point.seed).bind(5, commands[i]).run();
    for (std::size_t f = 0; f < point.settings.size(); ++f) {
      const Setting& value = point.settings[f];
      setting.bind(1, id).bind(2, position).bind(3, static_cast<std::int64_t>(f));
      setting.bind(4, value.text);
      if (value.number) {
        setting.bind(5, *value.number);
      } else {
        setting.bind_null(5);
      }
      setting.run();
    }
  }
}

void Store::Impl::add(const StoredRun& run, const std::string& version) {
  const std::int64_t point = point_id(run.point);
  const std::int64_t replication = run.replication;
  find_run->bind(1, point).bind(2, version).bind(3, run.seed).bind(4, replication);
  if (find_run->step()) {
    const std::int64_t old = find_run->integer(0);
    const bool keep = is_result_status(find_run->text(1));
    find_run->run();
    if (keep) return;
    drop_run->bind(1, old).run();
  }
  insert_run->bind(1, point).bind(2, run.seed).bind(3, replication).bind(4, version);
  insert_run->bind(5, run.status).bind(6, run.reason).bind(7, run.fingerprint);
  insert_run->bind(8, run.wall_s);
  if (run.report.empty()) {
    insert_run->bind_null(9);
  } else {
    insert_run->bind_blob(9, run.report);
  }
  insert_run->bind(10, static_cast<std::int64_t>(run.report_bytes));
  insert_run->bind(11, metrics_json(run.metrics)).run();
}

Store::Store(const std::string& path) : impl_(std::make_unique<Impl>(path)) {
  impl_->guarded([this] {
    sqlite::Database& database = *impl_->database;
    database.execute("PRAGMA synchronous = FULL");
    database.execute("PRAGMA journal_mode = WAL");
    impl_->find_run.emplace(database,
                            "SELECT id, status FROM run WHERE point = ? AND version = ? AND "
                            "seed = ? AND replication = ?");
    impl_->drop_run.emplace(database, "DELETE FROM run WHERE id = ?");
    impl_->insert_run.emplace(
        database,
        "INSERT INTO run (point, seed, replication, version, status, reason, fingerprint, wall_s, "
        "report, report_bytes, metrics) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  });
}

Store::~Store() {
  impl_->open.reset();
  impl_->find_run.reset();
  impl_->drop_run.reset();
  impl_->insert_run.reset();
  // Fails while somebody reads, or without space: then the log stays, and the store is as good.
  sqlite3_busy_timeout(impl_->database->handle(), 0);
  sqlite3_exec(impl_->database->handle(), "PRAGMA journal_mode = DELETE", nullptr, nullptr,
               nullptr);
}

void Store::define(const Study& study, const std::string& version,
                   const std::vector<std::string>& commands) {
  SIM_ASSERT(commands.size() == study.points.size(), "one command a point");
  impl_->guarded([&] {
    sqlite::Transaction transaction(*impl_->database);
    impl_->define(study, version, commands);
    transaction.commit();
  });
}

std::map<RunKey, std::string> Store::statuses(const std::string& version) {
  return impl_->guarded([&] { return query_statuses(*impl_->database, version); });
}

std::map<RunKey, double> Store::metric_values(const std::string& version,
                                              const std::string& metric) {
  return impl_->guarded([&] { return query_metric_values(*impl_->database, version, metric); });
}

std::size_t Store::runs_without_study() {
  return impl_->guarded([&] {
    return static_cast<std::size_t>(
        impl_->database->number("SELECT count(*) FROM run WHERE (point, seed) NOT IN (SELECT "
                                "point, seed FROM study_point)"));
  });
}

std::string Store::report(const RunKey& key, const std::string& version) {
  return impl_->guarded([&] {
    const auto& [hash, seed, replication] = key;
    sqlite::Statement row(
        *impl_->database,
        "SELECT report, report_bytes, run.id FROM run JOIN point ON point.id = run.point "
        "WHERE hash = ? AND seed = ? AND replication = ? AND version = ?");
    row.bind(1, hash).bind(2, seed).bind(3, static_cast<std::int64_t>(replication));
    row.bind(4, version);
    if (!row.step() || row.is_null(0)) return std::string();
    return stored_report(row.text(0), row.integer(1), row.integer(2));
  });
}

void Store::add_point(const std::string& hash, const std::string& scenario) {
  impl_->guarded([&] {
    sqlite::Statement insert(*impl_->database,
                             "INSERT INTO point (hash, scenario) VALUES (?, ?) ON CONFLICT DO "
                             "NOTHING");
    insert.bind(1, hash).bind(2, scenario).run();
  });
}

void Store::add(const std::vector<StoredRun>& runs, const std::string& version) {
  for (const StoredRun& run : runs) put(run, version);
  commit();
}

void Store::put(const StoredRun& run, const std::string& version) {
  impl_->guarded([&] {
    if (!impl_->open) impl_->open.emplace(*impl_->database);
    impl_->add(run, version);
  });
}

void Store::commit() {
  impl_->guarded([&] {
    if (impl_->open) impl_->open->commit();
    impl_->open.reset();
  });
}

}  // namespace cli
