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

/// Draws them as squares, darker for more, with their values in them while they fit. The colours
/// begin at `from`, the least value or below. `label` stands at the colour box.
void draw_cells(Figure& figure, const std::vector<MatrixCell>& cells, double from,
                const std::string& label);

}  // namespace cli
