// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace cli {

/// The line that `sockbufsim --version` prints, without the line break:
/// "sockbufsim 0.1.0 (commit, Release, SimGrid 3.32)".
std::string version_line();

}  // namespace cli
