// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "sim/explore/part.hpp"
#include "sim/explore/tally.hpp"

namespace sim {

/// What became of an attempt to count a part's result.
enum class Counted : std::uint8_t {
  nothing,  ///< it has not come in
  one,
  some,   ///< of its interleavings, as many as were left of those to be counted: the last ones
  misfit  ///< it cannot be that part's
};

/// Shares an exhaustive search out in parts, that may be executed anywhere and in any order, and
/// adds up what they find. Keeps the nodes near the root of the search, where the parts begin; what
/// a part finds worth trying at such a node becomes another part.
///
/// Results count in the order of the parts' numbers, however they come in: so parts, totals and
/// first violations do not depend on how many workers there are.
class SearchTree {
 public:
  /// `execution` is for looking at single steps, and at the part that goes beyond `most`
  /// interleavings, which is cut; outlives the tree.
  explicit SearchTree(Execution& execution, std::uint64_t most = UINT64_MAX);

  /// Parts have numbers from 0. `parts()` grows while results come in.
  std::size_t parts() const { return parts_.size(); }
  /// Of a part whose result does not count yet.
  const ReducedSearch::Part& part(std::size_t number) const { return parts_[number].part; }

  /// Takes a part's result. False: it has been counted, or there is no such part.
  bool hand_in(std::size_t number, PartResult result);
  /// Counts the result of the next part, when that has been handed in.
  Counted count_next();
  /// How many results count so far: those of the parts 0 .. counted() - 1.
  std::size_t counted() const { return counted_; }

  const Tally& tally() const { return tally_; }

 private:
  struct Node {
    ThreadSet enabled = 0;
    ThreadSet tried = 0;                           ///< or asleep: nothing to be gained there
    std::vector<ReducedSearch::Sleeper> sleepers;  ///< those tried included
  };
  struct Slot {
    ReducedSearch::Part part;
    std::vector<std::size_t> nodes;  ///< of its path, the last one is where it begins
  };

  bool exceeds(const PartResult& result) const;
  void add(const PartResult& result);
  bool count(std::size_t number, const PartResult& result);
  void add_part(const Slot& from, std::size_t depth, const Schedule& way, std::size_t thread);
  Footprint footprint_of(const Schedule& path, std::size_t thread);

  Execution& execution_;
  std::uint64_t most_;
  std::deque<Node> nodes_;
  std::deque<Slot> parts_;
  std::map<std::size_t, PartResult> early_;  ///< came in before those of smaller numbers
  std::size_t counted_ = 0;
  Tally tally_;
};

}  // namespace sim
