// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sim {

/// An endless sequence of random numbers that belongs to one component of one replication.
///
/// Counter-based (Random123 Philox 4x64, 10 rounds): the key is (seed, replication), the counter
/// (block, hash of the component's name). Streams of different names, replications or seeds are
/// independent, and none depends on how many numbers another one has drawn; so two variants of a
/// scenario see the same arrivals (common random numbers). The same on every machine and library.
///
/// Every method that returns one number consumes exactly one 64-bit word, except below(), which
/// rejects with a probability under n / 2^64.
class Stream {
 public:
  Stream(std::uint64_t seed, std::uint32_t replication, std::string_view component);

  std::uint64_t next_u64() {
    if (used_ == block_.size()) {
      refill();
    }
    return block_[used_++];
  }

  /// Uniform in [0, 1), a multiple of 2^-53.
  double uniform01() { return static_cast<double>(next_u64() >> 11) * 0x1.0p-53; }

  /// Uniform between a and b, a <= b.
  double uniform(double a, double b) { return a + (b - a) * uniform01(); }

  /// Uniform in 0 .. n-1 without bias; n > 0.
  std::uint64_t below(std::uint64_t n);

  /// True with probability p; never for p <= 0, always for p >= 1. Consumes one word always.
  bool chance(double p) { return uniform01() < p; }

  /// Exponential with the given mean, >= 0.
  double exponential(double mean);

  /// Standard normal (mean 0, variance 1), by inversion, so that it grows with the word drawn.
  double normal();

  /// Lognormal with the given mean (> 0) and coefficient of variation (>= 0) of the variable
  /// itself, not of its logarithm.
  double lognormal(double mean, double cv);

 private:
  void refill();

  std::array<std::uint64_t, 2> key_;
  std::uint64_t component_;
  std::uint64_t next_block_ = 0;
  std::array<std::uint64_t, 4> block_{};
  std::size_t used_ = 4;
};

}  // namespace sim
