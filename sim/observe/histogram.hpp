// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/base/assert.hpp"
#include "sim/base/int128.hpp"

namespace sim {

/// A log-linear histogram of non-negative 64-bit integers (times in picoseconds, mostly; counts
/// and sizes too). Each power of two is cut into 128 equal buckets, so a bucket's middle is within
/// 1/256 of every value in it; values below 256 have a bucket each and are exact.
///
/// Count, total, mean, minimum and maximum are exact. Storage grows with the largest value seen,
/// to 57 KiB at most.
class Histogram {
 public:
  /// The values low .. high, both included, and how many were added.
  struct Bucket {
    std::int64_t low;
    std::int64_t high;
    std::uint64_t count;
  };

  /// Adds `value` (>= 0, or InternalError) n times.
  void add(std::int64_t value, std::uint64_t n = 1) {
    SIM_ASSERT(value >= 0, "histogram of a negative value");
    const std::size_t index = index_of(value);
    if (index >= counts_.size()) [[unlikely]] {
      grow(index);
    }
    if (n == 0) {
      return;
    }
    counts_[index] += n;
    count_ += n;
    total_ += static_cast<Int128>(value) * static_cast<Int128>(n);
    min_ = value < min_ ? value : min_;
    max_ = value > max_ ? value : max_;
  }

  std::uint64_t count() const { return count_; }
  Int128 total() const { return total_; }  ///< cannot overflow: 2^64 values below 2^63

  /// 0 when empty, as are min(), max(), quantile() and fraction_above().
  double mean() const;
  std::int64_t min() const { return count_ == 0 ? 0 : min_; }
  std::int64_t max() const { return max_; }

  /// The nearest-rank quantile, q in [0, 1]: the middle of the bucket that holds the value of
  /// rank ceil(q * count), never outside [min, max]. The lowest and the highest rank are exact.
  std::int64_t quantile(double q) const;

  /// The share of values > threshold. Exact for thresholds at the edges of buckets; inside one,
  /// its values count as spread evenly.
  double fraction_above(std::int64_t threshold) const;

  void merge(const Histogram& other);
  void reset();  ///< empties it, keeping the storage

  /// Calls visit(Bucket) for every non-empty bucket, in ascending order.
  template <typename Visit>
  void for_each_bucket(Visit visit) const {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (counts_[i] != 0) {
        visit(bucket(i));
      }
    }
  }

 private:
  static constexpr int kSubBits = 7;
  static constexpr std::size_t kSubBuckets = std::size_t{1} << kSubBits;

  /// v below 2^8: v itself. Otherwise the top 8 bits of v, plus 128 for each bit shifted out.
  static std::size_t index_of(std::int64_t value) {
    const auto v = static_cast<std::uint64_t>(value);
    const int shift = std::bit_width(v | kSubBuckets) - (kSubBits + 1);
    return (static_cast<std::size_t>(shift) << kSubBits) + static_cast<std::size_t>(v >> shift);
  }

  Bucket bucket(std::size_t index) const;
  void grow(std::size_t index);

  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  Int128 total_ = 0;
  std::int64_t min_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t max_ = 0;
};

}  // namespace sim
