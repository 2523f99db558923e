// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "cli/explore/document.hpp"
#include "cli/explore/exploration.hpp"

namespace cli {

/// One algorithm under one disturbance.
struct VerdictCell {
  std::string algorithm;
  std::string disturbance;  ///< the scenario's name
  Searched searched;
  std::string command;  ///< explores it alone
  std::string failure;  ///< why it could not be explored, and what to do; else empty

  /// As verdict_of(), or "failed".
  std::string verdict() const;
  /// The kinds of violation found, with commas.
  std::string kinds() const;
  /// "clean", the kinds of violation, "bounded, none found", or "failed".
  std::string text() const;
};

/// The table algorithm x disturbance.
struct Matrix {
  std::vector<std::string> algorithms;
  std::vector<std::string> disturbances;
  /// Of the disturbances, with the first algorithm.
  std::vector<const models::LoadedScenario*> scenarios;
  SearchRequest request;           ///< of each cell
  std::vector<VerdictCell> cells;  ///< row by row
  std::string command;
  bool colour = false;

  const VerdictCell& at(std::size_t row, std::size_t column) const {
    return cells.at(row * disturbances.size() + column);
  }
  /// "complete: 84 of 84 cells"; "bounded: 81 of 84 cells are complete, 2 not exhaustive, 1 failed"
  std::string last_line() const;
};

std::span<const DocumentFormat<Matrix>> matrix_formats();
/// schema sockbufsim/matrix/1
void write_matrix_json(std::ostream& out, const Matrix& matrix);
/// JSON Schema (2020-12) of the same.
std::string matrix_json_schema();

}  // namespace cli
