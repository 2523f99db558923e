// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/search_tree.hpp"

#include <algorithm>
#include <bit>

#include "sim/base/assert.hpp"

namespace sim {

SearchTree::SearchTree(Execution& execution, std::uint64_t most)
    : SharedWork(most), execution_(execution) {
  parts_.emplace_back().part.share_after = share_after(0);
}

std::string SearchTree::answer(std::string_view question) {
  const auto part = decode_part(question);
  SIM_ASSERT(part.has_value(), "a question to a worker can be read");
  return encode(execute_part(execution_, *part));
}

PartResult SearchTree::beginning(std::size_t part, std::uint64_t most) {
  return execute_part(execution_, parts_[part].part, most);
}

bool SearchTree::accept(std::size_t part, const PartResult& result) {
  Slot slot = parts_[part];
  Schedule way = slot.part.path;
  if (slot.part.thread >= 0) way.push_back({static_cast<std::uint8_t>(slot.part.thread), 0});
  for (const ReducedSearch::SharedNode& shared : result.nodes) {
    Node& node = nodes_.emplace_back();
    node.enabled = shared.enabled;
    node.sleepers = shared.sleepers;
    for (const auto& sleeper : node.sleepers) node.asleep |= bit_of(sleeper.thread);
    node.sleepers.push_back({shared.thread, shared.footprint});
    node.tried = bit_of(shared.thread);
    slot.nodes.push_back(nodes_.size() - 1);
    way.push_back({shared.thread, 0});
  }
  for (const ReducedSearch::Request& request : result.requests) {
    if (request.depth >= slot.nodes.size() || request.preferred >= kMaxExploredThreads) {
      return false;
    }
    const Node& node = nodes_[slot.nodes[request.depth]];
    if ((node.enabled & bit_of(request.preferred)) == 0) return false;
    for (ThreadSet rest = wanted(node, request); rest != 0; rest &= rest - 1) {
      add_part(slot, request.depth, way, static_cast<std::size_t>(std::countr_zero(rest)));
    }
  }
  parts_[part] = {};
  return true;
}

/// What a request asks for that is not tried at the node, nor was before it.
ThreadSet SearchTree::wanted(const Node& node, const ReducedSearch::Request& request) {
  if ((request.initials & node.tried) != 0) return 0;
  if ((request.initials & node.asleep) == 0) return bit_of(request.preferred);
  return node.enabled & ~(node.tried | node.asleep);
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
    if (execution_.next_is_choice(thread)) outcomes = 2;
    footprint.add(execution_.step(thread, outcome).footprint);
  }
  return footprint;
}

}  // namespace sim
