// SPDX-License-Identifier: BSD-2-Clause
#include "cli/plot/cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cli {
namespace {

/// The largest font in which the numbers fit into their cells; 0: there is none.
double font_of_numbers(const Figure& figure, const std::vector<MatrixCell>& cells) {
  constexpr double kAround = 140.0;  // title and x axis
  constexpr double kLine = 1.6;      // of the font
  double columns = 1.0;
  double rows = 1.0;
  double widest = 0.0;  // at font 1
  for (const MatrixCell& cell : cells) {
    columns = std::max(columns, cell.x + 1.0);
    rows = std::max(rows, cell.y + 1.0);
    widest = std::max(widest, text_pixels(fmt::format("{:.3g}", cell.value) + " ", 1.0));
  }
  const double width = (figure.right - figure.left) * kFigureWidth / columns;
  const double height = (figure.height - kAround) / rows;
  for (const double font : {10.0, 8.0, 7.0}) {
    if (font * widest <= width && font * kLine <= height) return font;
  }
  return 0.0;
}

}  // namespace

void draw_cells(Figure& figure, const std::vector<MatrixCell>& cells, double from,
                const std::string& label) {
  const double low = from;
  double high = low;
  for (const MatrixCell& cell : cells) high = std::max(high, cell.value);
  if (high <= low) high = low + (low == 0.0 ? 1.0 : 0.1 * std::abs(low));
  // viridis of N. Smith and S. van der Walt (matplotlib, CC0), from light to dark: even in
  // brightness, for all kinds of colour vision and in print.
  figure.command(
      "set palette defined (0 '#fde725', 0.25 '#5ec962', 0.5 '#21918c', 0.75 '#3b528b', "
      "1 '#440154')");
  figure.command(fmt::format("set cbrange [{}:{}]", gnuplot_number(low), gnuplot_number(high)));
  figure.command(fmt::format("set cblabel {} noenhanced offset 1.2,0", gnuplot_text(label)));
  figure.command("unset grid");
  DataRows squares;
  for (const MatrixCell& cell : cells) {
    squares.push_back(
        {cell.x, cell.y, cell.x - 0.5, cell.x + 0.5, cell.y - 0.5, cell.y + 0.5, cell.value});
  }
  figure.plot_rows(squares,
                   {"using 1:2:3:4:5:6:7 with boxxyerror fs solid 1 border lc rgb 'white' lw 0.5 "
                    "lc palette notitle"});
  const double font = font_of_numbers(figure, cells);
  if (font == 0.0) {
    figure.notes.emplace_back("too many cells for numbers in them: --where draws fewer");
    return;
  }
  for (const bool dark : {false, true}) {
    DataRows texts;
    for (const MatrixCell& cell : cells) {
      constexpr double kDark = 0.45;
      if (((cell.value - low) / (high - low) > kDark) == dark) {
        texts.push_back({cell.x, cell.y, cell.value});
      }
    }
    figure.plot_rows(texts, {fmt::format("using 1:2:(sprintf('%.3g', $3)) with labels font ',{}' "
                                         "textcolor rgb '{}' notitle",
                                         font, dark ? "white" : "black")});
  }
}

}  // namespace cli
