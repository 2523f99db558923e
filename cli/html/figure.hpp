// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <string>

#include "cli/plot/figure.hpp"

namespace cli {

/// Writes a page with a figure: gnuplot's `svg` within the text, what is known of it, and its
/// numbers as a table. Like all pages it is one file that asks for no other; it has no scripts.
void write_figure_html(std::ostream& out, const Figure& figure, const std::string& svg);

}  // namespace cli
