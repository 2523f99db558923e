// SPDX-License-Identifier: BSD-2-Clause
#include "cli/html/worst_wait.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

namespace cli {
namespace {

using Slice = sim::Timeline::Slice;
using Arrow = sim::Timeline::Arrow;

constexpr std::size_t kMostSlices = 300;
constexpr sim::Picoseconds kPixels = 250;  // what is less than one wide needs no drawing
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

/// Slices of one track and one name become one when less than `gap` apart; what remains shorter than
/// that is left out. By their start, as they came.
std::vector<Slice> coalesced(const std::vector<Slice>& slices, sim::Picoseconds gap) {
  using Key = std::tuple<std::string_view, std::string_view, std::string_view>;
  std::vector<Slice> merged;
  std::map<Key, std::size_t> last;
  for (const Slice& slice : slices) {
    const auto [at, is_new] =
        last.try_emplace({slice.process, slice.track, slice.name}, merged.size());
    if (!is_new && slice.start - merged[at->second].end < gap) {
      merged[at->second].end = std::max(merged[at->second].end, slice.end);
      continue;
    }
    at->second = merged.size();
    merged.push_back(slice);
  }
  std::erase_if(merged, [&](const Slice& slice) { return slice.end - slice.start < gap; });
  return merged;
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
    wait.resolution = (wait.to - wait.from) / kPixels;
    wait.slices = coalesced(wait.slices, wait.resolution);
  }
  return wait;
}

}  // namespace cli
