// SPDX-License-Identifier: BSD-2-Clause
//
// Who built this program, for reports and `--version`. The definitions are generated at build
// time (cmake/build_info.cpp.in).
#pragma once

#include <string_view>

namespace sim {

/// Version of the project, e.g. "0.1.0".
std::string_view version();

/// What must be equal for results to be comparable: the version and a hash of the sources of sim/,
/// models/ and the machine profiles, e.g. "0.1.0+1f2e3d4c5b6a".
std::string_view model_version();

/// `git describe --always --dirty` of the source tree, or "unknown" outside of a git checkout.
std::string_view commit();

/// CMake's build type, e.g. "Release".
std::string_view build_type();

/// Version of the SimGrid the program was compiled against, e.g. "3.32".
std::string_view simgrid_version();

}  // namespace sim
