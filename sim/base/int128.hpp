// SPDX-License-Identifier: BSD-2-Clause
#pragma once

namespace sim {

/// Wide integers for exact sums of picoseconds (a level of a few thousand over a second already
/// comes near 2^63). `__extension__` keeps -Wpedantic quiet about the compiler's own type.
__extension__ using Int128 = __int128;
__extension__ using Uint128 = unsigned __int128;

}  // namespace sim
