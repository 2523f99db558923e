// SPDX-License-Identifier: BSD-2-Clause
#include "cli/plot/curve.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cli {
namespace {

/// Times are whole picoseconds.
constexpr double kLeastTime = 1e-3;  // ns

/// Shares are drawn for so many equal parts of every power of two (of picoseconds): few enough for
/// a smooth figure, and every one a whole number of the histogram's 128 buckets.
constexpr double kPartsOfOctave = 8.0;

/// The part that a time (ns, above 0) falls into, without a share.
ShareStep part_of(double time) {
  const double ps = std::round(time / kLeastTime);
  const double octave = std::exp2(std::floor(std::log2(ps)));
  const double width = octave / kPartsOfOctave;
  const double from = octave + width * std::floor((ps - octave) / width);
  return {from * kLeastTime, (from + width) * kLeastTime, 0.0};
}

void add_bucket(Curve& curve, const BucketBounds& bucket, double before, double after) {
  const auto& [lower, upper] = bucket;
  const double just_before = lower - kLeastTime;
  const bool gap = curve.points.empty() || curve.points.back().time < just_before - kLeastTime / 2;
  if (gap && just_before > kLeastTime / 2) curve.points.push_back({just_before, before});
  curve.points.push_back({upper, after});
  const ShareStep part = part_of(lower);
  if (curve.steps.empty() || curve.steps.back().from < part.from) curve.steps.push_back(part);
  curve.steps.back().share += after - before;
}

void take_buckets(Curve& curve, const Distribution& time) {
  curve.of_buckets = true;
  double total = 0.0;
  for (const auto& [bounds, count] : time.buckets) total += count;
  double so_far = 0.0;
  for (const auto& [bounds, count] : time.buckets) {
    const double before = so_far / total;
    so_far += count;
    const double after = so_far / total;
    if (bounds.second <= 0.0) {
      curve.share_of_zero = after;
    } else {
      add_bucket(curve, bounds, before, after);
    }
  }
}

void take_quantiles(Curve& curve, const Distribution& time) {
  curve.share_of_zero = time.share_of_zero;
  for (const auto& [q, value] : time.value_of_quantile) {
    if (value > 0.0) curve.points.push_back({value, q});
  }
  const double longest = time.value_of_quantile.at(1.0);
  for (const auto& [threshold, over] : time.share_over_threshold) {
    if (threshold > 0.0 && threshold < longest) curve.points.push_back({threshold, 1.0 - over});
  }
  std::sort(curve.points.begin(), curve.points.end(), [](const KnownPoint& a, const KnownPoint& b) {
    return std::pair(a.time, a.share) < std::pair(b.time, b.share);
  });
  double so_far = curve.share_of_zero;
  for (KnownPoint& point : curve.points) so_far = point.share = std::max(point.share, so_far);
  KnownPoint last{0.0, curve.share_of_zero};
  for (const KnownPoint& point : curve.points) {
    if (point.time <= last.time) continue;
    curve.steps.push_back({last.time, point.time, point.share - last.share});
    last = point;
  }
}

}  // namespace

Curve curve_of(std::string label, const Distribution& time) {
  Curve curve;
  curve.label = std::move(label);
  if (time.buckets.empty()) {
    take_quantiles(curve, time);
  } else {
    take_buckets(curve, time);
  }
  return curve;
}

}  // namespace cli
