// SPDX-License-Identifier: BSD-2-Clause
#include "cli/plot/cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace cli {

void draw_cells(Figure& figure, const std::vector<MatrixCell>& cells, const std::string& label) {
  const auto [least, most] = std::minmax_element(
      cells.begin(), cells.end(),
      [](const MatrixCell& a, const MatrixCell& b) { return a.value < b.value; });
  const double low = least->value;
  const double high = most->value > low ? most->value : low + (low == 0.0 ? 1.0 : 0.1 * low);
  // viridis of N. Smith and S. van der Walt (matplotlib, CC0), from light to dark: even in
  // brightness, for all kinds of colour vision and in print.
  figure.command(
      "set palette defined (0 '#fde725', 0.25 '#5ec962', 0.5 '#21918c', 0.75 '#3b528b', "
      "1 '#440154')");
  figure.command(fmt::format("set cbrange [{}:{}]", gnuplot_number(std::min(low, high)),
                             gnuplot_number(std::max(low, high))));
  figure.command(fmt::format("set cblabel {} noenhanced", gnuplot_text(label)));
  figure.command("set rmargin at screen 0.83");
  figure.command("unset grid");
  const std::string squares = figure.block();
  for (const MatrixCell& cell : cells) {
    figure.row({cell.x, cell.y, cell.x - 0.5, cell.x + 0.5, cell.y - 0.5, cell.y + 0.5,
                cell.value});
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
