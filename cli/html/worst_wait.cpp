// SPDX-License-Identifier: BSD-2-Clause
#include "cli/html/worst_wait.hpp"

#include <algorithm>

namespace cli {
namespace {

using Slice = sim::Timeline::Slice;
using Arrow = sim::Timeline::Arrow;

constexpr std::size_t kMostSlices = 300;
constexpr sim::Picoseconds kLeastMargin = 100'000;  // 100 ns

void ignore_slice(const Slice& /*slice*/) {}
void ignore_arrow(const Arrow& /*arrow*/) {}

/// What happened in [from, to), clipped to it.
std::vector<Slice> slices_within(const sim::Timeline& timeline, sim::Picoseconds from,
                                 sim::Picoseconds to) {
  std::vector<Slice> slices;
  timeline.visit(
      [&](const Slice& slice) {
        if (slice.start >= to || slice.end <= from) return;
        slices.push_back(slice);
        slices.back().start = std::max(slice.start, from);
        slices.back().end = std::min(slice.end, to);
      },
      ignore_arrow);
  return slices;
}

}  // namespace

std::optional<WorstWait> worst_wait(const sim::Timeline& timeline) {
  std::optional<Slice> longest;
  timeline.visit(
      [&](const Slice& slice) {
        if (slice.category != "lock") return;
        if (!longest || slice.end - slice.start > longest->end - longest->start) longest = slice;
      },
      ignore_arrow);
  if (!longest) return std::nullopt;

  WorstWait wait;
  wait.waiter = longest->track;
  wait.what = longest->name;
  wait.start = longest->start;
  wait.end = longest->end;
  wait.dropped = timeline.dropped();
  timeline.visit(ignore_slice, [&](const Arrow& arrow) {
    if (arrow.to_process == longest->process && arrow.to_track == longest->track &&
        arrow.from == longest->start) {
      wait.holder = arrow.from_track;
    }
  });
  const sim::Picoseconds margin = std::max(kLeastMargin, (wait.end - wait.start) / 4);
  wait.from = std::max<sim::Picoseconds>(0, wait.start - margin);
  wait.to = wait.end + margin;
  wait.slices = slices_within(timeline, wait.from, wait.to);
  if (wait.slices.size() > kMostSlices) {
    // The longest say the most.
    std::stable_sort(
        wait.slices.begin(), wait.slices.end(),
        [](const Slice& a, const Slice& b) { return a.end - a.start > b.end - b.start; });
    wait.slices.erase(wait.slices.begin() + kMostSlices, wait.slices.end());
    wait.all_slices = false;
  }
  return wait;
}

}  // namespace cli
