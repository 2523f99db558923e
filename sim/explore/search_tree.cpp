// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/search_tree.hpp"

#include <algorithm>
#include <utility>

namespace sim {
namespace {

/// A part gives work away after so many executions, and again after as many: handing over a part
/// costs about as much as ten. The first ones do it sooner, to get everybody to work.
constexpr std::uint64_t kShareAfter = 1000;
constexpr std::uint64_t kShareFirstAfter = 20;

/// From so many parts on, further ones share no more nodes: bounds the memory of a long search.
constexpr std::size_t kManyParts = 100'000;

std::uint64_t share_after(std::size_t part) {
  if (part >= kManyParts) return 0;
  return std::min<std::uint64_t>(kShareAfter, kShareFirstAfter * (part + 1));
}

}  // namespace

SearchTree::SearchTree(Execution& execution, std::uint64_t most)
    : execution_(execution), most_(most) {
  parts_.emplace_back().part.share_after = share_after(0);
}

bool SearchTree::hand_in(std::size_t number, PartResult result) {
  if (number < counted_ || number >= parts_.size()) return false;
  return early_.emplace(number, std::move(result)).second;
}

Counted SearchTree::count_next() {
  const auto next = early_.find(counted_);
  if (next == early_.end()) return Counted::nothing;
  const bool cut = exceeds(next->second);
  if (cut) {
    const std::uint64_t left = most_ - tally_.result().interleavings;
    add(execute_part(execution_, parts_[counted_].part, left));
  } else if (!count(counted_, next->second)) {
    return Counted::misfit;
  }
  early_.erase(next);
  parts_[counted_] = {};  // nobody will ask for it any more
  ++counted_;
  return cut ? Counted::some : Counted::one;
}

bool SearchTree::exceeds(const PartResult& result) const {
  return result.counts.interleavings > most_ - tally_.result().interleavings;
}

void SearchTree::add(const PartResult& result) {
  tally_.add(result.counts, {result.final_states.begin(), result.final_states.end()});
}

bool SearchTree::count(std::size_t number, const PartResult& result) {
  Slot slot = parts_[number];
  Schedule way = slot.part.path;
  if (slot.part.thread >= 0) way.push_back({static_cast<std::uint8_t>(slot.part.thread), 0});
  for (const ReducedSearch::SharedNode& shared : result.nodes) {
    Node& node = nodes_.emplace_back();
    node.enabled = shared.enabled;
    node.sleepers = shared.sleepers;
    node.sleepers.push_back({shared.thread, shared.footprint});
    for (const auto& sleeper : node.sleepers) node.tried |= bit_of(sleeper.thread);
    slot.nodes.push_back(nodes_.size() - 1);
    way.push_back({shared.thread, 0});
  }
  for (const ReducedSearch::Request& request : result.requests) {
    if (request.depth >= slot.nodes.size() || request.preferred >= kMaxExploredThreads) {
      return false;
    }
    const Node& node = nodes_[slot.nodes[request.depth]];
    if ((node.enabled & bit_of(request.preferred)) == 0) return false;
    if ((request.initials & node.tried) == 0) {
      add_part(slot, request.depth, way, request.preferred);
    }
  }
  add(result);
  return true;
}

void SearchTree::add_part(const Slot& from, std::size_t depth, const Schedule& way,
                          std::size_t thread) {
  Node& node = nodes_[from.nodes[depth]];
  Slot& slot = parts_.emplace_back();
  slot.part.path.assign(way.begin(), way.begin() + static_cast<std::ptrdiff_t>(depth));
  slot.part.sleepers = node.sleepers;
  slot.part.thread = static_cast<int>(thread);
  slot.part.share_after = share_after(parts_.size());
  slot.nodes.assign(from.nodes.begin(),
                    from.nodes.begin() + static_cast<std::ptrdiff_t>(depth) + 1);
  node.tried |= bit_of(thread);
  node.sleepers.push_back(
      {static_cast<std::uint8_t>(thread), footprint_of(slot.part.path, thread)});
}

/// Of the step that `thread` takes after `path`, over both outcomes if it is a choice.
Footprint SearchTree::footprint_of(const Schedule& path, std::size_t thread) {
  Footprint footprint;
  int outcomes = 1;
  for (int outcome = 0; outcome < outcomes; ++outcome) {
    execution_.begin();
    execution_.run(path);
    if (execution_.next(thread).op == Op::choice) outcomes = 2;
    footprint.add(execution_.step(thread, outcome).footprint);
  }
  return footprint;
}

}  // namespace sim
