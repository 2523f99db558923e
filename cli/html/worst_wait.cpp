// SPDX-License-Identifier: BSD-2-Clause
#include "cli/html/worst_wait.hpp"

#include <algorithm>

namespace cli {
namespace {

using Slice = sim::Timeline::Slice;
using Arrow = sim::Timeline::Arrow;

constexpr std::size_t kMostSlices = 200;
constexpr sim::Picoseconds kLeastMargin = 100'000;  // 100 ns

void ignore_slice(const Slice& /*slice*/) {}
void ignore_arrow(const Arrow& /*arrow*/) {}

/// What happened in [from, to).
std::vector<Slice> slices_within(const sim::Timeline& timeline, sim::Picoseconds from,
                                 sim::Picoseconds to) {
  std::vector<Slice> slices;
  timeline.visit(
      [&](const Slice& slice) {
        if (slice.start < to && slice.end > from) slices.push_back(slice);
      },
      ignore_arrow);
  return slices;
}

/// Shortens the moment around the end of the wait until no more is in it than can be seen.
void shorten(WorstWait& wait) {
  while (wait.slices.size() > kMostSlices && wait.end - wait.from > 1) {
    const sim::Picoseconds before = (wait.end - wait.from) / 2;
    wait.from = wait.end - before;
    wait.to = wait.end + std::max<sim::Picoseconds>(1, before / 4);
    std::erase_if(wait.slices, [&](const Slice& slice) {
      return slice.start >= wait.to || slice.end <= wait.from;
    });
  }
  for (Slice& slice : wait.slices) {
    slice.start = std::max(slice.start, wait.from);
    slice.end = std::min(slice.end, wait.to);
  }
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
  shorten(wait);
  return wait;
}

}  // namespace cli
