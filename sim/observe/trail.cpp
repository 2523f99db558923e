// SPDX-License-Identifier: BSD-2-Clause
#include "sim/observe/trail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

#include "sim/base/time_text.hpp"

namespace sim {

std::vector<TrailEntry> Trail::merged(std::size_t last) const {
  std::vector<TrailEntry> all;
  for (const Rings& thread : threads_) {
    for (const Ring* ring : {&thread.operations, &thread.milestones}) {
      const auto kept =
          static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(ring->recorded, kDepth));
      all.insert(all.end(), ring->entries.begin(), ring->entries.begin() + kept);
    }
  }
  std::sort(all.begin(), all.end(), [](const TrailEntry& a, const TrailEntry& b) {
    return std::tie(a.at, a.sequence) < std::tie(b.at, b.sequence);
  });
  std::size_t excess = all.size() > last ? all.size() - last : 0;
  std::erase_if(all, [&](const TrailEntry& entry) {
    if (entry.milestone || excess == 0) return false;
    --excess;
    return true;
  });
  return all;
}

std::string to_string(const TrailEntry& entry, std::span<const std::string> thread_names) {
  const std::string thread = entry.thread < thread_names.size()
                                 ? thread_names[entry.thread]
                                 : fmt::format("thread {}", entry.thread);
  const std::string core = entry.core < 0 ? "-" : std::to_string(entry.core);
  std::string line = fmt::format("{:>14} us  core {:>2}  {:<16} {} {}", us_text(entry.at), core,
                                 thread, entry.milestone ? '*' : ' ', entry.what);
  if (entry.object != nullptr) {
    fmt::format_to(std::back_inserter(line), " {}", entry.object);
  }
  if (entry.amount != TrailEntry::kNoAmount) {
    fmt::format_to(std::back_inserter(line), " {}", entry.amount);
  }
  return line;
}

}  // namespace sim
