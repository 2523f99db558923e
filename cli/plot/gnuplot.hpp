// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"
#include "cli/plot/figure.hpp"

namespace cli {

/// What a file's name asks for.
enum class Picture { svg, png, pdf, html };

/// By the end of the name. Throws UsageError for another end.
Picture picture_of(const std::string& path);

/// A drawn figure, and what it was made of.
struct Drawing {
  std::string picture;  ///< the bytes of the file; for a page, those of the SVG within
  std::string script;
  std::string data;
};

/// Files that go beside `path`, as the script calls them: letters, digits, `.`, `_` and `-` only.
struct DrawingNames {
  std::string script;   ///< waits.gp
  std::string data;     ///< waits.dat
  std::string picture;  ///< waits.svg
};
DrawingNames drawing_names(const std::string& path);

/// Lets gnuplot draw, as a process of its own without a shell, in a temporary directory that is
/// gone afterwards, when the process is told to end, too. The same figure gives the same SVG.
/// `path` only gives the names. Throws UsageError when there is no gnuplot, or one that cannot make
/// such pictures, naming the package.
Drawing draw(const Figure& figure, const std::string& path);

}  // namespace cli
