// SPDX-License-Identifier: BSD-2-Clause
#include "sim/observe/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace sim {

double Histogram::mean() const {
  return count_ == 0 ? 0.0 : static_cast<double>(total_) / static_cast<double>(count_);
}

std::int64_t Histogram::quantile(double q) const {
  SIM_ASSERT(q >= 0.0 && q <= 1.0, "quantile outside [0, 1]");
  if (count_ == 0) {
    return 0;
  }
  // The product may come out a hair above the integer it stands for (0.07 * 100), which must not
  // push the rank up by one.
  const double position = std::ceil(q * static_cast<double>(count_) * (1.0 - 1e-15));
  if (position <= 1.0) {
    return min_;
  }
  if (position >= static_cast<double>(count_)) {
    return max_;
  }
  const auto rank = static_cast<std::uint64_t>(position);
  std::uint64_t seen = 0;
  std::size_t index = 0;
  while ((seen += counts_[index]) < rank) {
    ++index;
  }
  const Bucket found = bucket(index);
  return std::clamp(found.low + (found.high - found.low) / 2, min_, max_);
}

double Histogram::fraction_above(std::int64_t threshold) const {
  if (count_ == 0 || threshold >= max_) {
    return 0.0;
  }
  if (threshold < min_) {
    return 1.0;
  }
  const std::size_t split = index_of(threshold);
  std::uint64_t above = 0;
  for (std::size_t i = split + 1; i < counts_.size(); ++i) {
    above += counts_[i];
  }
  const Bucket straddled = bucket(split);
  const double width = static_cast<double>(straddled.high - straddled.low) + 1.0;
  const double share = static_cast<double>(straddled.high - threshold) / width;
  const double inside = static_cast<double>(straddled.count) * share;
  return (static_cast<double>(above) + inside) / static_cast<double>(count_);
}

void Histogram::merge(const Histogram& other) {
  if (other.counts_.size() > counts_.size()) {
    counts_.resize(other.counts_.size());
  }
  for (std::size_t i = 0; i < other.counts_.size(); ++i) {
    counts_[i] += other.counts_[i];
  }
  count_ += other.count_;
  total_ += other.total_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

void Histogram::reset() {
  if (count_ == 0) return;
  const auto used = static_cast<std::ptrdiff_t>(index_of(max_)) + 1;
  std::fill(counts_.begin(), counts_.begin() + used, 0);
  count_ = 0;
  total_ = 0;
  min_ = std::numeric_limits<std::int64_t>::max();
  max_ = 0;
}

Histogram::Bucket Histogram::bucket(std::size_t index) const {
  const std::size_t shift = index < 2 * kSubBuckets ? 0 : (index >> kSubBits) - 1;
  const auto top = static_cast<std::int64_t>(index - (shift << kSubBits));
  const std::int64_t low = top << shift;
  const std::int64_t width = std::int64_t{1} << shift;
  return {low, low + (width - 1), counts_[index]};
}

void Histogram::grow(std::size_t index) {
  // Whole powers of two at a time, so that a slowly rising maximum does not reallocate often.
  counts_.resize((index / kSubBuckets + 1) * kSubBuckets);
}

}  // namespace sim
