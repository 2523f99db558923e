// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/tally.hpp"

#include <algorithm>

namespace sim {

FoundViolation* Tally::find(const std::string& kind) {
  const auto known = std::find_if(result_.violations.begin(), result_.violations.end(),
                                  [&](const FoundViolation& v) { return v.finding.kind == kind; });
  return known == result_.violations.end() ? nullptr : &*known;
}

void Tally::add_state(std::uint64_t state) {
  if (states_.size() >= kMaxFinalStates && !states_.contains(state)) {
    result_.final_states_counted = false;
    return;
  }
  states_.insert(state);
  result_.final_states = states_.size();
}

void Tally::add(Execution& execution, std::span<const ScheduleStep> schedule) {
  execution.judge();
  ++result_.interleavings;
  result_.steps += schedule.size();
  add_state(execution.final_state());
  if (!execution.finding()) return;
  const Finding& finding = *execution.finding();
  if (FoundViolation* known = find(finding.kind)) {
    ++known->interleavings;
    return;
  }
  FoundViolation& found = result_.violations.emplace_back();
  found.finding = finding;
  found.thread = execution.finding_thread_name();
  const auto met_at = static_cast<std::ptrdiff_t>(execution.finding_step());
  found.schedule.assign(schedule.begin(), schedule.begin() + met_at);
  found.interleavings = 1;
}

void Tally::add(const SearchResult& other, const std::unordered_set<std::uint64_t>& final_states) {
  result_.interleavings += other.interleavings;
  result_.redundant += other.redundant;
  result_.steps += other.steps;
  for (const std::uint64_t state : final_states) add_state(state);
  result_.final_states_counted = result_.final_states_counted && other.final_states_counted;
  result_.too_long = result_.too_long || other.too_long;
  for (const FoundViolation& theirs : other.violations) {
    FoundViolation* known = find(theirs.finding.kind);
    if (known == nullptr) {
      result_.violations.push_back(theirs);
      continue;
    }
    known->interleavings += theirs.interleavings;
  }
}

}  // namespace sim
