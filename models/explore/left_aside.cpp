// SPDX-License-Identifier: BSD-2-Clause
#include "models/explore/left_aside.hpp"

#include <algorithm>

namespace models {

std::vector<std::string> left_aside(const Scenario& scenario) {
  std::vector<std::string> items;
  for (const ThreadGroup& group : scenario.threads) {
    if (group.arrivals_per_s) items.push_back("open group " + group.name);
  }
  if (std::any_of(scenario.disturb.begin(), scenario.disturb.end(),
                  [](const Disturb& spec) { return spec.action == DisturbKind::page_fault; })) {
    items.emplace_back("page faults");
  }
  for (const ThreadGroup& group : scenario.threads) {
    // Without a lock its rounds have no step that others could notice.
    if (group.arrivals_per_s || group.loops || !group.lock) continue;
    items.push_back("group " + group.name + ": 1 round instead of no limit");
  }
  return items;
}

}  // namespace models
