// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "sim/base/time.hpp"

namespace sim {

/// Microseconds as an exact decimal with six places: 12345678 ps is "12.345678".
std::string us_text(Picoseconds t);

}  // namespace sim
