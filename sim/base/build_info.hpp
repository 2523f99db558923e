// SPDX-License-Identifier: BSD-2-Clause
//
// Who built this program, for reports and `--version`. The definitions are generated at build
// time (cmake/build_info.cpp.in).
#pragma once

#include <string_view>

namespace sim {

/// Version of the project, e.g. "0.1.0".
std::string_view version();

/// `git describe --always --dirty` of the source tree, or "unknown" outside of a git checkout.
std::string_view commit();

/// CMake's build type, e.g. "Release".
std::string_view build_type();

/// Version of the SimGrid the program was compiled against, e.g. "3.32".
std::string_view simgrid_version();

}  // namespace sim
