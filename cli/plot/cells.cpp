// SPDX-License-Identifier: BSD-2-Clause
#include "cli/plot/cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace cli {

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
  figure.command("set rmargin at screen 0.80");
  figure.command("unset grid");
  const std::string squares = figure.block();
  for (const MatrixCell& cell : cells) {
    figure.row(
        {cell.x, cell.y, cell.x - 0.5, cell.x + 0.5, cell.y - 0.5, cell.y + 0.5, cell.value});
  }
  figure.plot(squares +
              " using 1:2:3:4:5:6:7 with boxxyerror fs solid 1 border lc rgb 'white' lw 0.5 "
              "lc palette notitle");
  constexpr std::size_t kMostTexts = 150;
  if (cells.size() > kMostTexts) return;
  for (const bool dark : {false, true}) {
    std::vector<MatrixCell> some;
    std::copy_if(cells.begin(), cells.end(), std::back_inserter(some), [&](const MatrixCell& c) {
      constexpr double kDark = 0.45;
      return ((c.value - low) / (high - low) > kDark) == dark;
    });
    if (some.empty()) continue;
    const std::string texts = figure.block();
    for (const MatrixCell& cell : some) figure.row({cell.x, cell.y, cell.value});
    figure.plot(fmt::format(
        "{} using 1:2:(sprintf('%.3g', $3)) with labels font ',{}' textcolor rgb '{}' notitle",
        texts, cells.size() > 60 ? 8 : 10, dark ? "white" : "black"));
  }
}

}  // namespace cli
