// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <unordered_set>

#include "sim/explore/execution.hpp"
#include "sim/explore/search.hpp"

namespace sim {

/// Adds executions up to a result.
class Tally {
 public:
  /// The execution came to its end; `schedule` led there.
  void add(Execution& execution, std::span<const ScheduleStep> schedule);
  void add_redundant() { ++result_.redundant; }
  /// What somebody else has added up: as if it had been executed after what is here.
  void add(const SearchResult& other, const std::unordered_set<std::uint64_t>& final_states);

  const SearchResult& result() const { return result_; }
  SearchResult& result() { return result_; }
  const std::unordered_set<std::uint64_t>& final_states() const { return states_; }
  SearchProgress progress(double share) const {
    return {result_.interleavings, result_.violations.size(), share};
  }

 private:
  void add_state(std::uint64_t state);
  FoundViolation* find(const std::string& kind);

  SearchResult result_;
  std::unordered_set<std::uint64_t> states_;
};

}  // namespace sim
