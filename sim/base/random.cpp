// SPDX-License-Identifier: BSD-2-Clause
#include "sim/base/random.hpp"

#include <Random123/philox.h>

#include <cmath>

#include "sim/base/assert.hpp"
#include "sim/base/fnv.hpp"
#include "sim/base/int128.hpp"
#include "sim/base/portable_math.hpp"

namespace sim {

Stream::Stream(std::uint64_t seed, std::uint32_t replication, std::string_view component)
    : key_{seed, replication}, component_(fnv1a(component)) {}

void Stream::refill() {
  const r123::Philox4x64::ctr_type counter = {{next_block_++, component_, 0, 0}};
  const r123::Philox4x64::key_type key = {{key_[0], key_[1]}};
  const auto block = r123::Philox4x64()(counter, key);
  for (std::size_t i = 0; i < block_.size(); ++i) {
    block_[i] = block.v[i];
  }
  used_ = 0;
}

std::uint64_t Stream::below(std::uint64_t n) {
  SIM_ASSERT(n > 0, "Stream::below needs a positive bound");
  // Lemire, "Fast random integer generation in an interval" (2019).
  auto product = static_cast<Uint128>(next_u64()) * n;
  auto low = static_cast<std::uint64_t>(product);
  if (low < n) {
    const std::uint64_t threshold = (0 - n) % n;
    while (low < threshold) {
      product = static_cast<Uint128>(next_u64()) * n;
      low = static_cast<std::uint64_t>(product);
    }
  }
  return static_cast<std::uint64_t>(product >> 64);
}

double Stream::exponential(double mean) { return -mean * portable_log(1.0 - uniform01()); }

double Stream::normal() {
  // The middle of one of 2^52 cells: strictly between 0 and 1.
  const auto cell = static_cast<double>(next_u64() >> 12);
  return portable_normal_quantile((cell + 0.5) * 0x1.0p-52);
}

double Stream::lognormal(double mean, double cv) {
  const double variance = portable_log(1.0 + cv * cv);
  return mean * portable_exp(std::sqrt(variance) * normal() - 0.5 * variance);
}

}  // namespace sim
