// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/search_tree.hpp"

#include <bit>
#include <utility>

namespace sim {
namespace {

/// Parts begin within the first third of an execution: enough of them to share out, and none so
/// small that handing it over costs more than executing it.
constexpr std::size_t kSharedFraction = 3;

/// From so many parts on, further ones share no more nodes: bounds the memory of a long search.
constexpr std::size_t kManyParts = 100'000;

std::size_t shared_depth(Execution& execution) {
  execution.begin();
  std::size_t steps = 0;
  for (ThreadSet enabled; (enabled = execution.enabled()) != 0; ++steps) {
    execution.step(static_cast<std::size_t>(std::countr_zero(enabled)), 0);
  }
  return steps / kSharedFraction;
}

}  // namespace

SearchTree::SearchTree(Execution& execution)
    : execution_(execution), shared_depth_(shared_depth(execution)) {
  Slot& root = parts_.emplace_back();
  root.part.shared_depth = shared_depth_;
}

bool SearchTree::commit(std::size_t number, PartResult result) {
  if (number < committed_ || number >= parts_.size()) return false;
  early_.emplace(number, std::move(result));
  for (auto next = early_.begin(); next != early_.end() && next->first == committed_;
       next = early_.erase(next)) {
    if (!count(next->first, next->second)) return false;
    parts_[next->first] = {};  // nobody will ask for it any more
    ++committed_;
  }
  return true;
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
  tally_.add(result.counts, {result.final_states.begin(), result.final_states.end()});
  return true;
}

void SearchTree::add_part(const Slot& from, std::size_t depth, const Schedule& way,
                          std::size_t thread) {
  Node& node = nodes_[from.nodes[depth]];
  Slot& slot = parts_.emplace_back();
  slot.part.path.assign(way.begin(), way.begin() + static_cast<std::ptrdiff_t>(depth));
  slot.part.sleepers = node.sleepers;
  slot.part.thread = static_cast<int>(thread);
  slot.part.shared_depth = parts_.size() < kManyParts ? shared_depth_ : 0;
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
    for (const ScheduleStep step : path) execution_.step(step.thread, step.outcome);
    if (execution_.next(thread).op == Op::choice) outcomes = 2;
    footprint.add(execution_.step(thread, outcome).footprint);
  }
  return footprint;
}

}  // namespace sim
