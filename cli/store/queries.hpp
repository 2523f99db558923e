// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/store/sqlite.hpp"
#include "cli/store/store.hpp"

/// What both readers and writers of the store ask it. All throw sqlite::Error; what the store does
/// not write is SQLITE_CORRUPT, with the table and row.
namespace cli {

/// Throws that error. `what`: "table run, row 17: metrics ...".
[[noreturn]] void throw_damaged(const std::string& what);

/// Whether the numbers of all runs can be read, and have names.
void check_runs(sqlite::Database& database);

std::map<RunKey, std::string> query_statuses(sqlite::Database& database,
                                             const std::string& version);
std::map<RunKey, double> query_metric_values(sqlite::Database& database, const std::string& version,
                                             const std::string& metric);

/// A study as the store has it. Of the points: hash, settings, scenario and seed.
struct StoredStudy {
  Study study;
  std::string version;
  std::vector<std::string> commands;  ///< one a point
};
std::vector<StoredStudy> query_studies(sqlite::Database& database);

/// In the order of the study file.
std::vector<std::string> query_factors(sqlite::Database& database, std::int64_t study);

/// The units of these factors; empty in a store that was made before units were kept.
std::vector<std::string> query_units(sqlite::Database& database, std::int64_t study,
                                     const std::vector<std::string>& factors);

/// By position of the point, in the order of the factors.
std::vector<std::vector<Setting>> query_settings(sqlite::Database& database, std::int64_t study,
                                                 const std::vector<std::string>& factors);

/// The metrics of a run, as the store has them, by id of the metric. `run`: its id.
std::vector<std::pair<std::int64_t, double>> parse_metrics(const std::string& json,
                                                           std::int64_t run);

/// The error for a metric of a run that table metric lacks.
[[noreturn]] void throw_unknown_metric(std::int64_t metric, std::int64_t run);

/// The report of a run, unpacked. `run`: its id.
std::string stored_report(const std::string& compressed, std::int64_t bytes, std::int64_t run);

/// A whole run by its id.
StoredRun query_run(sqlite::Database& database, std::int64_t id);

}  // namespace cli
