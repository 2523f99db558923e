// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "cli/progress_line.hpp"
#include "sim/explore/search.hpp"

namespace cli {

/// Tells of a search on standard error, if that is a terminal.
class Progress {
 public:
  explicit Progress(std::string label);

  void show(const sim::SearchProgress& now);
  void show(const std::string& text);
  /// Since it was made, by the wall clock.
  double seconds() const { return line_.seconds(); }

 private:
  std::string label_;
  ProgressLine line_;
};

}  // namespace cli
