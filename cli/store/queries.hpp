// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/store/sqlite.hpp"
#include "cli/store/store.hpp"

/// What both readers and writers of the store ask it. All throw sqlite::Error.
namespace cli {

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

/// The metrics of a run, as the store has them, by id of the metric. Throws sqlite::Error for text
/// that the store does not write.
std::vector<std::pair<std::int64_t, double>> parse_metrics(const std::string& json);

/// A whole run by its id.
StoredRun query_run(sqlite::Database& database, std::int64_t id);

}  // namespace cli
