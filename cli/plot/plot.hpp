// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "cli/plot/figure.hpp"

namespace cli {

/// What `plot` is asked for. Empty: chosen by what the data hold.
struct PlotRequest {
  std::vector<std::string> inputs;  ///< one store, or report files
  std::string study;                ///< which of the store's
  std::string figure;               ///< one of figure_names()
  std::string metric;
  std::string x;
  std::string by;
  std::vector<std::string> where;  ///< FACTOR=VALUE
};

/// `line`, `difference`, ... with a sentence on each, for help and messages.
struct FigureKind {
  std::string name;
  std::string doc;
  bool of_study = false;  ///< needs a store; else it needs reports, which a store has too
};
const std::vector<FigureKind>& figure_kinds();

/// Throws UsageError for an unknown name, factor, value or metric (with the nearest one), for
/// inputs that are no store and no report, and for a figure that the data cannot make.
Figure make_figure(const PlotRequest& request);

}  // namespace cli
