// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "sim/explore/shared_work.hpp"

namespace sim {

/// Shares an exhaustive search out. Keeps the nodes near the root of the search, where the parts
/// begin; what a part finds worth trying at such a node becomes another part.
class SearchTree final : public SharedWork {
 public:
  /// `execution` outlives the tree.
  SearchTree(Execution& execution, std::uint64_t most);

  std::size_t parts() const override { return parts_.size(); }
  std::string question(std::size_t part) const override { return encode(parts_[part].part); }
  std::string answer(std::string_view question) override;

 private:
  struct Node {
    ThreadSet enabled = 0;
    ThreadSet tried = 0;
    ThreadSet asleep = 0;                          ///< not tried: nothing to be gained there
    std::vector<ReducedSearch::Sleeper> sleepers;  ///< those tried included
  };
  struct Slot {
    ReducedSearch::Part part;
    std::vector<std::size_t> nodes;  ///< of its path, the last one is where it begins
  };

  static ThreadSet wanted(const Node& node, const ReducedSearch::Request& request);
  bool accept(std::size_t part, const PartResult& result) override;
  PartResult beginning(std::size_t part, std::uint64_t most) override;
  void add_part(const Slot& from, std::size_t depth, const Schedule& way, std::size_t thread);
  Footprint footprint_of(const Schedule& path, std::size_t thread);

  Execution& execution_;
  std::deque<Node> nodes_;
  std::deque<Slot> parts_;
};

}  // namespace sim
