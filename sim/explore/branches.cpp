// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/branches.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/base/assert.hpp"

namespace sim {

Branches::Branches(Execution& execution, const Strategy& strategy, std::uint64_t most)
    : SharedWork(most), execution_(execution), strategy_(strategy), parts_(1) {}

std::string Branches::question(std::size_t part) const {
  return encode({parts_[part], {}, -1, share_after(part)});
}

std::string Branches::answer(std::string_view question) {
  const auto part = decode_part(question);
  SIM_ASSERT(part.has_value(), "a question to a worker can be read");
  return encode(search(part->path, part->share_after, UINT64_MAX));
}

PartResult Branches::beginning(std::size_t part, std::uint64_t most) {
  return search(parts_[part], share_after(part), most);
}

PartResult Branches::search(const Schedule& branch, std::uint64_t share_after, std::uint64_t most) {
  UnreducedSearch search(execution_, strategy_, branch);
  Tally tally;
  std::vector<Schedule> left;
  try {
    while (tally.result().interleavings < most && search.advance()) {
      tally.add(execution_, search.schedule());
      if (share_after == 0 || tally.result().interleavings % share_after != 0) continue;
      for (Schedule& open : search.give_away()) left.push_back(std::move(open));
    }
  } catch (const InterleavingTooLong&) {
    tally.result().too_long = true;
  }
  PartResult result = part_result(tally);
  result.branches = std::move(left);
  return result;
}

bool Branches::accept(std::size_t part, const PartResult& result) {
  const Schedule& way = parts_[part];
  for (const Schedule& branch : result.branches) {
    if (branch.size() <= way.size() || !std::equal(way.begin(), way.end(), branch.begin())) {
      return false;
    }
  }
  parts_.insert(parts_.end(), result.branches.begin(), result.branches.end());
  parts_[part] = {};
  return true;
}

}  // namespace sim
