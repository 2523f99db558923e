// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/history.hpp"

namespace sim {

History::History() {
  for (std::size_t i = 0; i < Footprint::kMemoryBits; ++i) past_[memory(i)] = {-1, 0};
}

void History::make_room() { changes_.resize(2 * (count_ + kMostAnEvent)); }

}  // namespace sim
