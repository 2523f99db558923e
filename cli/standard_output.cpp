// SPDX-License-Identifier: BSD-2-Clause
#include "cli/standard_output.hpp"

#include <unistd.h>

#include <cstdlib>
#include <ostream>

#include "cli/output.hpp"

namespace cli {

void print_standard_output(const std::string& text) {
  write_outputs({{"output", "-", [&](std::ostream& out) { out << text; }}});
}

bool standard_output_has_colour() {
  const char* no_color = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe)
  return (no_color == nullptr || *no_color == '\0') && ::isatty(STDOUT_FILENO) == 1;
}

}  // namespace cli
