// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/observe/timeline.hpp"

namespace cli {

/// A moment of a run around its longest wait for a lock. Views into the timeline.
struct WorstWait {
  std::string waiter;
  std::string holder;  ///< empty when unknown: the wait began before the recorded window
  std::string what;    ///< "waits for so_rcv"
  sim::Picoseconds start = 0;
  sim::Picoseconds end = 0;
  sim::Picoseconds from = 0;  ///< of the moment shown; after `start` when a long wait has too
                              ///< much in it to show more than its end
  sim::Picoseconds to = 0;
  std::vector<sim::Timeline::Slice> slices;  ///< within the moment, clipped to it
  std::uint64_t dropped = 0;                 ///< events of the run that were not recorded
};

/// The longest wait recorded, the first one of equals. Nothing when no thread waited.
std::optional<WorstWait> worst_wait(const sim::Timeline& timeline);

}  // namespace cli
