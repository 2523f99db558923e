// SPDX-License-Identifier: BSD-2-Clause
#include "sim/base/time_text.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace sim {

std::string us_text(Picoseconds t) {
  const auto bits = static_cast<std::uint64_t>(t);
  const std::uint64_t size = t < 0 ? 0 - bits : bits;
  return fmt::format("{}{}.{:06}", t < 0 ? "-" : "", size / kMicrosecond, size % kMicrosecond);
}

}  // namespace sim
