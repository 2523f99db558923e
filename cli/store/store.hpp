// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cli/store/results.hpp"
#include "cli/store/stored_metrics.hpp"
#include "cli/study/study.hpp"

/// The result store: one SQLite file that holds the runs of any number of studies. docs/store.md
/// describes its tables. A run is known by what determines its result: the point's hash, the seed,
/// the replication and the version of the model.
///
/// All functions throw UsageError for a file that is no store, is damaged, or was made by another
/// format; such a file is left as it is, byte for byte.
namespace cli {

/// All runs of one study, made by the version of the model that last swept it. `study` empty: the
/// only study of the store. Throws UsageError when there is no such study.
Results read_results(const std::string& path, const std::string& study = {});

/// The same with these metrics alone, which takes less time and memory.
Results read_results(const std::string& path, const std::string& study,
                     const std::vector<std::string>& metrics);

/// The names of the studies, sorted.
std::vector<std::string> study_names(const std::string& path);

/// The same results, and with them the whole report of each run: report JSON as `run --out json:`
/// writes it. Calls `use` once a run, in the order of Results::runs; the text is empty for a run
/// without results.
using UseReport = std::function<void(const Run& run, const std::string& report_json)>;
Results read_reports(const std::string& path, const std::string& study, const UseReport& use);

/// The effective scenario of each point of a study: canonical JSON by Point::hash.
std::map<std::string, std::string> read_scenarios(const std::string& path,
                                                  const std::string& study = {});

/// One run as it goes into the store.
struct StoredRun {
  std::string point;  ///< Point::hash
  std::int64_t seed = 0;
  int replication = 0;
  std::string status;  ///< as Run::status
  std::string reason;
  std::string fingerprint;
  double wall_s = 0.0;
  StoredMetrics metrics;
  std::string report;            ///< report JSON, compressed by compress_report(); may be empty
  std::size_t report_bytes = 0;  ///< before compression
};

/// zlib, at the speed of a sweep's worker.
std::string compress_report(const std::string& json);
/// Nothing when it is no such text of so many bytes.
std::optional<std::string> expand_report(const std::string& compressed, std::size_t bytes);

/// Whether a run with this status has results; the others failed, and are tried again by the next
/// sweep.
bool is_result_status(const std::string& status);

/// What determines a run, besides the version of the model.
using RunKey = std::tuple<std::string, std::int64_t, int>;  ///< point, seed, replication

/// As Store::statuses and Store::metric_values, without opening the store for writing.
std::map<RunKey, std::string> read_statuses(const std::string& path, const std::string& version);
std::map<RunKey, double> read_metric_values(const std::string& path, const std::string& version,
                                            const std::string& metric);

/// A store open for writing. One at a time for a file: a second one is refused, reading is not.
class Store {
 public:
  /// Opens `path`, creates it when there is none.
  explicit Store(const std::string& path);
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  /// Leaves one file, with nothing beside it.
  ~Store();

  /// Makes `study` known, or replaces what was known under its name: its factors, its points and
  /// their order. Runs stay, those of points that are no longer in it too. `version`: of the model.
  /// `commands`: one a point, makes its runs again when " --replication N" follows.
  void define(const Study& study, const std::string& version,
              const std::vector<std::string>& commands);

  /// Statuses of the runs of one version that are there.
  std::map<RunKey, std::string> statuses(const std::string& version);

  /// One metric of each result of one version that has it.
  std::map<RunKey, double> metric_values(const std::string& version, const std::string& metric);

  /// Runs of points that no study has, or no longer: what reads studies does not see them.
  std::size_t runs_without_study();

  /// Report JSON of a run, empty when it has none.
  std::string report(const RunKey& key, const std::string& version);

  /// A point that no study has, so that its runs can be added.
  void add_point(const std::string& hash, const std::string& scenario);

  /// Adds all of them, or none when it throws. On return they are on the disk. A failed run gives
  /// way to a new one; a result that is already there stays.
  void add(const std::vector<StoredRun>& runs, const std::string& version);

  /// The same in pieces: what was put is on the disk once commit() has returned; when either
  /// throws, nothing is since the last commit(). For a sweep: to prepare a hundred rows takes
  /// longer than its workers have work for.
  void put(const StoredRun& run, const std::string& version);
  void commit();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cli
