// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/report/report.hpp"

/// Holds scenarios of tests/oracles/ against theory. Everything goes the way of a user: the
/// scenario is a file, changed by overrides as with --set, and the figures are metrics of the
/// report.
///
/// A statistical figure must lie within three of its 95 % half-widths (Student t over the
/// replications) of the theory, and the half-width must be 2 % of it at most: a test that cannot
/// see a difference does not count. Seeds are fixed, so a pass stays a pass; after a change that
/// draws other numbers a right program fails one figure with 20 replications with probability 5e-6,
/// one with 10 with 8e-5 (Student t at three times its 97.5 % point).
namespace oracle {

struct Figure {
  enum class Kind {
    statistical,
    exact,  ///< to 1e-9, relative; in every replication
    /// To 0.1 %, and not above (but for rounding): what is bounded by the wire.
    limit,
  };

  std::string row;     ///< in tests/oracles/oracles.csv; empty: a point of our own
  std::string metric;  ///< path in the report
  double scale;        ///< metric * scale is in the unit of `theory`
  double theory;       ///< agrees with the row, if there is one, to the digits printed there
  Kind kind = Kind::statistical;
};

struct Experiment {
  std::string file;  ///< in tests/oracles/
  std::vector<std::string> overrides;
  std::vector<Figure> figures;
};

/// id -> value.
std::map<std::string, double> read_rows();

/// Simulates all replications and checks every figure. Returns the merged report.
models::Report check(const Experiment& experiment);

/// Checks every experiment.
void check_all(const std::vector<Experiment>& experiments);

}  // namespace oracle
