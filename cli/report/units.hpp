// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

/// Numbers as people read them: three or four significant digits and a unit that fits.
namespace cli {

std::string time_text(double ns);  ///< "0", "450 ps", "12.3 ns", "1.20 ms"
std::string count_text(double n);  ///< "812", "40961", "1.23 M": whole numbers below 100000 exactly
std::string rate_text(double per_s);     ///< "812.7 k/s"
std::string bytes_text(double bytes);    ///< "64.0 KiB"
std::string percent_text(double share);  ///< "12.3 %"; "<0.1 %" for what is not quite nothing

}  // namespace cli
