// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

#include "cli/errors.hpp"
#include "cli/store/queries.hpp"
#include "cli/store/schema.hpp"
#include "cli/store/store.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/nearest.hpp"

namespace cli {
namespace {

/// One store, open for reading; everything is seen as of one moment.
class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path), database_(open_store_to_read(path)) {}

  template <class Action>
  auto guarded(Action action) {
    try {
      database_->execute("BEGIN");
      return action();
    } catch (const sqlite::Error& error) {
      throw_store_failure(path_, error, false);
    }
  }

  std::vector<std::string> names() {
    std::vector<std::string> all;
    sqlite::Statement rows(*database_, "SELECT name FROM study ORDER BY name");
    while (rows.step()) all.push_back(rows.text(0));
    return all;
  }

  /// Its id. `name` becomes the only study's when empty.
  std::int64_t find_study(std::string& name) {
    const std::vector<std::string> all = names();
    if (all.empty()) throw UsageError(fmt::format("store {}: there is no study in it", path_));
    if (name.empty() && all.size() > 1) {
      throw UsageError(fmt::format("store {}: found {} studies; allowed: one named by --study: {}",
                                   path_, all.size(), models::join_names(all)));
    }
    if (name.empty()) name = all.front();
    if (std::find(all.begin(), all.end(), name) == all.end()) {
      throw UsageError(fmt::format("store {}: found no study {}; allowed: {}{}", path_,
                                   models::quote(name), models::join_names(all),
                                   models::suggestion(name, all)));
    }
    sqlite::Statement row(*database_, "SELECT id FROM study WHERE name = ?");
    row.bind(1, name).step();
    return row.integer(0);
  }

  Results results(std::string study) {
    const std::int64_t id = find_study(study);
    Results results;
    results.study = study;
    results.version = database_->text(fmt::format("SELECT version FROM study WHERE id = {}", id));
    results.factors = query_factors(*database_, id);
    results.units = query_units(*database_, id, results.factors);
    read_runs(id, results);
    settle_metrics(results);
    return results;
  }

  /// Reads no other metrics than these, and what they rest on, from now on.
  void restrict_to(const std::vector<std::string>& metrics) {
    only_.emplace(metrics.begin(), metrics.end());
    for (const std::string& metric : metrics) {
      models::MetricBasis basis = models::metric_basis(metric);
      only_->insert(std::move(basis.count));
      only_->insert(std::move(basis.zero_with));
    }
  }

  sqlite::Database& database() { return *database_; }

  /// The report of results.runs[i].
  std::string report(std::size_t i) {
    sqlite::Statement row(*database_, "SELECT report, report_bytes FROM run WHERE id = ?");
    row.bind(1, ids_[i]);
    if (!row.step() || row.is_null(0)) return {};
    return stored_report(row.text(0), row.integer(1), ids_[i]);
  }

  std::map<std::string, std::string> scenarios(std::string study) {
    const std::int64_t id = find_study(study);
    std::map<std::string, std::string> all;
    sqlite::Statement rows(*database_,
                           "SELECT hash, scenario FROM study_point JOIN point ON "
                           "point.id = study_point.point WHERE study = ?");
    rows.bind(1, id);
    while (rows.step()) all[rows.text(0)] = rows.text(1);
    return all;
  }

 private:
  void read_runs(std::int64_t study, Results& results) {
    const auto of_point = query_settings(*database_, study, results.factors);
    load_metric_paths();
    sqlite::Statement rows(*database_,
                           "SELECT position, result.point, result.replication, result.seed, "
                           "result.status, result.reason, result.fingerprint, rerun, run, metrics "
                           "FROM result JOIN run ON run.id = result.run WHERE study = ? "
                           "ORDER BY position, result.replication");
    rows.bind(1, results.study);
    results.points = of_point.size();
    results.missing_points = of_point.size();
    std::size_t last = of_point.size();
    while (rows.step()) {
      Run run;
      const auto position = static_cast<std::size_t>(rows.integer(0));
      if (position >= of_point.size()) throw_damaged("table study_point: positions with gaps");
      if (position != last) --results.missing_points;
      last = position;
      run.settings = of_point[position];
      run.point = rows.text(1);
      run.replication = static_cast<int>(rows.integer(2));
      run.seed = rows.integer(3);
      run.status = rows.text(4);
      run.reason = rows.text(5);
      run.fingerprint = rows.text(6);
      run.rerun = rows.text(7);
      ids_.push_back(rows.integer(8));
      if (!only_ || !only_->empty()) read_metrics(rows.text(9), ids_.back(), run);
      results.runs.push_back(std::move(run));
    }
  }

  void load_metric_paths() {
    sqlite::Statement rows(*database_, "SELECT id, path FROM metric ORDER BY path");
    while (rows.step()) {
      rank_[rows.integer(0)] = paths_.size();
      paths_.push_back(rows.text(1));
    }
  }

  void read_metrics(const std::string& json, std::int64_t row, Run& run) {
    std::vector<std::pair<std::size_t, double>> ranked;
    for (const auto& [id, value] : parse_metrics(json, row)) {
      const auto known = rank_.find(id);
      if (known == rank_.end()) throw_unknown_metric(id, row);
      const std::size_t rank = known->second;
      if (!only_ || only_->count(paths_[rank]) > 0) ranked.emplace_back(rank, value);
    }
    std::sort(ranked.begin(), ranked.end());
    run.metrics.reserve(ranked.size());
    for (const auto& [rank, value] : ranked) run.metrics.emplace_back(paths_[rank], value);
  }

  std::string path_;
  std::unique_ptr<sqlite::Database> database_;
  std::optional<std::set<std::string>> only_;           ///< metrics to read; nothing: all
  std::vector<std::int64_t> ids_;                       ///< of the runs, in their order
  std::vector<std::string> paths_;                      ///< of the metrics, sorted
  std::unordered_map<std::int64_t, std::size_t> rank_;  ///< in paths_, by id
};

}  // namespace

Results read_results(const std::string& path, const std::string& study) {
  Reader reader(path);
  return reader.guarded([&] { return reader.results(study); });
}

Results read_results(const std::string& path, const std::string& study,
                     const std::vector<std::string>& metrics) {
  Reader reader(path);
  reader.restrict_to(metrics);
  return reader.guarded([&] { return reader.results(study); });
}

std::vector<std::string> study_names(const std::string& path) {
  Reader reader(path);
  return reader.guarded([&] { return reader.names(); });
}

Results read_reports(const std::string& path, const std::string& study, const UseReport& use) {
  Reader reader(path);
  return reader.guarded([&] {
    Results results = reader.results(study);
    for (std::size_t i = 0; i < results.runs.size(); ++i) use(results.runs[i], reader.report(i));
    return results;
  });
}

std::map<RunKey, std::string> read_statuses(const std::string& path, const std::string& version) {
  Reader reader(path);
  return reader.guarded([&] { return query_statuses(reader.database(), version); });
}

std::map<RunKey, double> read_metric_values(const std::string& path, const std::string& version,
                                            const std::string& metric) {
  Reader reader(path);
  return reader.guarded([&] { return query_metric_values(reader.database(), version, metric); });
}

std::map<std::string, std::string> read_scenarios(const std::string& path,
                                                  const std::string& study) {
  Reader reader(path);
  return reader.guarded([&] { return reader.scenarios(study); });
}

}  // namespace cli
