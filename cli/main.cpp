// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/core.h>

#include "cli/version.hpp"

int main() {
  fmt::print("{}\n", cli::version_line());
  return 0;
}
