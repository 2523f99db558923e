// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string_view>

namespace sim {

inline constexpr std::uint64_t kFnvOffset = 0xcbf29ce484222325ULL;

/// FNV-1a, 64 bits: a hash that is the same on every machine. Pass an earlier result as `state`
/// to go on hashing. Not for untrusted input.
constexpr std::uint64_t fnv1a(std::string_view bytes, std::uint64_t state = kFnvOffset) {
  constexpr std::uint64_t kPrime = 0x100000001b3ULL;
  for (const char c : bytes) {
    state = (state ^ static_cast<unsigned char>(c)) * kPrime;
  }
  return state;
}

}  // namespace sim
