// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/explore/reduced_search.hpp"
#include "sim/explore/search.hpp"
#include "sim/explore/tally.hpp"

namespace sim {

/// What the execution of one part of a search found, and what it left to others.
struct PartResult {
  SearchResult counts;                           ///< final_states: of this part alone
  std::vector<std::uint64_t> final_states;       ///< in ascending order
  std::vector<ReducedSearch::SharedNode> nodes;  ///< of an exhaustive search, as the requests
  std::vector<ReducedSearch::Request> requests;
  std::vector<Schedule> branches;  ///< of a search without reduction: the ways to them
};

/// The counts and states of what a part has executed.
PartResult part_result(const Tally& tally);

/// After so many executions a part gives work away, and again after as many; 0: never.
std::uint64_t share_after(std::size_t part);

/// Executes a part to its end, or the first `most` interleavings of it.
PartResult execute_part(Execution& execution, const ReducedSearch::Part& part,
                        std::uint64_t most = UINT64_MAX);

/// Bytes, for pipes and checkpoint files of the same build on the same machine.
std::string encode(const ReducedSearch::Part& part);
std::string encode(const PartResult& result);
/// Nothing when `bytes` were made by nobody's encode.
std::optional<ReducedSearch::Part> decode_part(std::string_view bytes);
std::optional<PartResult> decode_part_result(std::string_view bytes);

}  // namespace sim
