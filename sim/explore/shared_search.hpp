// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdexcept>
#include <string>

#include "sim/explore/search.hpp"

namespace sim {

/// A checkpoint file that cannot be used, in words for its user.
class CheckpointError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct SharedSearchOptions {
  SearchOptions search;
  int jobs = 1;            ///< worker processes, >= 1; with 1 and no checkpoint: this process alone
  std::string checkpoint;  ///< file that remembers what is done; empty: none
  /// What the checkpoint is of: program, scenario and strategy, as lines of NAME, a tab and a
  /// value. A file with another one is refused, by the names and values that differ.
  std::string identity;
};

/// As search(), by several processes, and so that it may be killed at any moment and goes on where
/// the checkpoint file ends. A drawn search is shared out by the numbers of its schedules, the
/// others by prefixes. The result does not depend on `jobs` (but for `redundant` and for which way
/// to a violation is the first, between this process alone and several), nor on how often the
/// search was interrupted. Throws CheckpointError when the file cannot be used.
SearchResult search_shared(Program& program, const SharedSearchOptions& options);

}  // namespace sim
