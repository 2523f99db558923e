// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "sim/explore/shared_work.hpp"
#include "sim/explore/unreduced_search.hpp"

namespace sim {

/// Shares a search without reduction out by branches of its tree: `all` and the bounded strategies.
/// A part gives away what is open nearest to its root, and each of that becomes another part.
class Branches final : public SharedWork {
 public:
  /// `execution` outlives it.
  Branches(Execution& execution, const Strategy& strategy, std::uint64_t most);

  std::size_t parts() const override { return parts_.size(); }
  std::string question(std::size_t part) const override;
  std::string answer(std::string_view question) override;

 private:
  bool accept(std::size_t part, const PartResult& result) override;
  PartResult beginning(std::size_t part, std::uint64_t most) override;
  PartResult search(const Schedule& branch, std::uint64_t share_after, std::uint64_t most);

  Execution& execution_;
  Strategy strategy_;
  std::deque<Schedule> parts_;  ///< the ways to them; those that count are empty
};

}  // namespace sim
