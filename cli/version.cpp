// SPDX-License-Identifier: BSD-2-Clause
#include "cli/version.hpp"

#include <fmt/format.h>

#include "sim/base/build_info.hpp"

namespace cli {

std::string version_line() {
  return fmt::format("sockbufsim {} ({}, {}, SimGrid {})", sim::version(), sim::commit(),
                     sim::build_type(), sim::simgrid_version());
}

}  // namespace cli
