// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/study/expectation.hpp"

/// A study: one scenario, varied along factors. What a study file means, once it has been read,
/// checked and expanded; docs/study.md describes the file itself.
namespace cli {

/// What one factor is set to in a point.
struct Setting {
  std::string factor;            ///< dotted path of the scenario (`nic.mtu`), or `variant`
  std::string text;              ///< the value as the export shows it: 9000, stream_inplace
  std::optional<double> number;  ///< when the value is a number

  bool operator==(const Setting&) const = default;
};

/// Whether all points share their random numbers, so that runs of one replication pair up.
enum class SeedPolicy { common, independent };

/// Replicate until the 95 % half-width of `metric` is at most `half_width_rel` of its mean.
struct Precision {
  std::string metric;
  double half_width_rel = 0.0;  ///< > 0
  int min = 3;                  ///< replications, >= 2
  int max = 100;                ///< replications, >= min
};

/// One cell of the study: a scenario of its own.
struct Point {
  std::string hash;  ///< 16 hexadecimal digits: the scenario without seed, replications,
                     ///< name, expectations. The same in every study that has the point
  std::vector<Setting> settings;       ///< one a factor, in the order of Study::factors
  std::vector<std::string> overrides;  ///< `--set` assignments that make the point from the base
  std::string scenario;                ///< the effective scenario: canonical JSON
  std::int64_t seed = 0;
  double cost_s = 0.0;  ///< estimated wall time of one replication; only its order matters
};

struct Study {
  std::string path;  ///< the study file, as the user named it
  std::string name;
  std::string
      base;  ///< path of the base scenario as seen from the current directory; empty: inline
  std::string directory;             ///< where relative paths within the scenario start
  std::vector<std::string> files;    ///< that were read beside `path`: the base, what it extends,
                                     ///< and the profiles and captures that points name
  std::vector<std::string> factors;  ///< column names, in the file's order
  std::vector<std::string> units;    ///< one a factor: of the fields that it varies; empty: none,
                                     ///< or several
  std::vector<Point> points;         ///< in the order of the factors, the last one fastest
  int replications = 1;              ///< without `precision`
  std::optional<Precision> precision;
  SeedPolicy seed_policy = SeedPolicy::common;
  std::string description;
  std::vector<Expectation> expect;
};

}  // namespace cli
