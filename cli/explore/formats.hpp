// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <span>
#include <string>

#include "cli/explore/document.hpp"
#include "cli/explore/exploration.hpp"

/// The formats of explorations.
namespace cli {

/// For people; the last line says what was covered.
void write_exploration_text(std::ostream& out, const Exploration& exploration);
/// schema sockbufsim/exploration/1
void write_exploration_json(std::ostream& out, const Exploration& exploration);
/// JSON Schema (2020-12) of the same.
std::string exploration_json_schema();
/// One row a kind of violation.
void write_exploration_csv(std::ostream& out, const Exploration& exploration);
/// The timeline of the first counterexample, a step a microsecond.
void write_exploration_trace(std::ostream& out, const Exploration& exploration);

std::span<const DocumentFormat<Exploration>> exploration_formats();

}  // namespace cli
