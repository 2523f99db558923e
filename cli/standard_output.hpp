// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace cli {

/// Prints `text`. Throws UsageError when standard output cannot take it (a full disk).
void print_standard_output(const std::string& text);

/// Whether people look at standard output and want colour there: a terminal, and NO_COLOR unset or
/// empty (https://no-color.org).
bool standard_output_has_colour();

}  // namespace cli
