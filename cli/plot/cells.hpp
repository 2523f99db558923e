// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "cli/plot/figure.hpp"

namespace cli {

/// One coloured cell of a matrix, at whole numbers.
struct MatrixCell {
  double x = 0.0;
  double y = 0.0;
  double value = 0.0;
};

inline constexpr double kRightOfCells = 0.80;  ///< Figure::right, so that the colours have room

/// Draws them as squares, darker for more, with their values in them where these fit. The colours
/// begin at `from`, the least value or below. `label` stands at the colour box. After the axes, as
/// what these leave decides about the values.
void draw_cells(Figure& figure, const std::vector<MatrixCell>& cells, double from,
                const std::string& label);

}  // namespace cli
