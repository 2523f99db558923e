// SPDX-License-Identifier: BSD-2-Clause
#include "sim/base/build_info.hpp"

#include <algorithm>
#include <string>

#include "cli/version.hpp"
#include "tests/support/catch.hpp"

TEST_CASE("The version line names version, commit, build type and SimGrid", "[build]") {
  const std::string line = cli::version_line();
  CHECK_THAT(line, Catch::Matchers::StartsWith("sockbufsim " + std::string(sim::version())));
  CHECK(line.find('@') == std::string::npos);
  CHECK(std::ranges::count(sim::version(), '.') == 2);
  CHECK_FALSE(sim::commit().empty());
  CHECK_FALSE(sim::build_type().empty());
  CHECK(sim::simgrid_version().find('.') != std::string_view::npos);
}
