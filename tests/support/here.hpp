// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "sim/machine/locks.hpp"

namespace test {

/// Where tests take locks.
inline constexpr sim::LockPoint kHere{"test.cpp:1"};

}  // namespace test
