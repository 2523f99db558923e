// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/study/study.hpp"

/// What a store holds, in memory: the one input of export, plot, compare, expectations and the HTML
/// report of a sweep.
namespace cli {

/// One run of one point.
struct Run {
  std::string point;              ///< Point::hash
  std::vector<Setting> settings;  ///< one a factor, in the order of Results::factors
  int replication = 0;            ///< counted from 0
  std::int64_t seed = 0;
  std::string status;  ///< ok, violation, deadlock, crashed, timeout, out_of_memory, error
  std::string reason;  ///< empty when ok
  std::vector<std::pair<std::string, double>> metrics;  ///< sorted by path; empty for a failed run
  std::string fingerprint;                              ///< empty for a failed run
  std::string rerun;                                    ///< a command line, quoted for a shell

  bool has_results() const { return !fingerprint.empty(); }
  std::optional<double> metric(std::string_view path) const;
};

/// All runs of one study in one store.
struct Results {
  std::string study;    ///< its name
  std::string version;  ///< of the model that made them
  std::vector<std::string> factors;
  std::vector<std::string> units;  ///< as Study::units; empty: the store does not know them
  std::vector<Run> runs;           ///< by the order of the study's points, then by replication
};

/// `read size [bytes]`, for an axis. Of results whose units are not known, the unit is that of the
/// field that has the factor's name.
std::string label_of_factor(const Results& results, const std::string& factor);

}  // namespace cli
