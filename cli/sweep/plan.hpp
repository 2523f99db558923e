// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "cli/store/store.hpp"
#include "cli/study/study.hpp"
#include "cli/sweep/wire.hpp"

namespace cli {

/// One part of N, for machines that share a study.
struct Shard {
  std::size_t index = 1;  ///< 1 ... count
  std::size_t count = 1;
};

/// Reads "2/8". Throws UsageError.
Shard parse_shard(const std::string& text);

/// Whether each point of the study belongs to the shard. Points are dealt out like cards, the
/// longest first, so that the shards take about equally long. Depends on the study alone.
std::vector<bool> points_of_shard(const Study& study, const Shard& shard);

/// The metric of Study::precision, by replication; nothing for a run that lacks it, as of a mean
/// over nothing.
using PrecisionValues = std::vector<std::optional<double>>;

/// Given the values so far: how many replications the point needs in all. No more than there are
/// values: it is tight enough.
using Wanted = std::function<int(const Precision& precision, const PrecisionValues& values)>;

/// A point that has all its runs and is not known as well as Study::precision wants.
struct Imprecise {
  std::size_t point = 0;  ///< index in Study::points
  int runs = 0;
  double half_width_rel = 0.0;  ///< what was reached; no number when `why` is said
  std::string why;              ///< why nothing was reached
  std::string lacking;          ///< "it is over nothing in 3 of 8 runs"; empty: all runs have it
};

/// Which runs are missing, in which order they are best made, and when a point is done. Which
/// replications a point gets depends only on results, never on the order in which they came.
class Plan {
 public:
  struct Options {
    Shard shard;
    std::optional<int> replications;  ///< instead of the study's count and precision
    bool keep_failed = false;         ///< do not try failed runs again
  };

  /// `study` outlives the plan. `statuses` and `values`: of the runs that are there; `values` holds
  /// the metric of Study::precision.
  Plan(const Study& study, const Options& options, const std::map<RunKey, std::string>& statuses,
       const std::map<RunKey, double>& values, Wanted wanted);

  /// The next run to make, the longest first. Nothing: none now, maybe more after note().
  std::optional<RunTask> next();

  /// A run has been made. `value`: of the metric of Study::precision, when it has one. True when
  /// this completed the point.
  bool note(const RunTask& task, const std::string& status, std::optional<double> value);

  /// In the order of the points; none when the precision does not decide.
  std::vector<Imprecise> imprecise() const;

  std::size_t runs_there() const { return there_; }      ///< at the start, needed, and there
  std::size_t runs_missing() const { return missing_; }  ///< not noted yet, as far as known
  std::size_t points() const { return units_.size(); }
  std::size_t points_done() const { return points_done_; }
  double cost_missing_s() const { return cost_missing_s_; }  ///< by Point::cost_s

 private:
  /// Points with one hash and one seed are one.
  struct Unit {
    std::size_t point = 0;
    int planned = 0;  ///< replications
    std::vector<std::string> statuses;
    PrecisionValues values;
    int open = 0;  ///< planned and not noted
  };

  void extend(Unit& unit, int replications);
  void settle(Unit& unit);
  bool is_there(const std::string& status) const;
  int more_wanted(const Unit& unit) const;
  bool has_failed_run(const Unit& unit) const;
  std::string lacking(const Unit& unit, std::size_t known) const;

  const Study& study_;
  Options options_;
  const std::map<RunKey, std::string>& known_;
  const std::map<RunKey, double>& known_values_;
  Wanted wanted_;
  std::vector<Unit> units_;
  std::map<std::size_t, std::size_t> unit_of_point_;
  std::set<std::tuple<double, std::size_t, int>> queue_;  ///< (-cost, point, replication)
  std::size_t there_ = 0;
  std::size_t missing_ = 0;
  std::size_t points_done_ = 0;
  double cost_missing_s_ = 0.0;
};

}  // namespace cli
