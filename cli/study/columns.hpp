// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/study/study_file.hpp"
#include "models/scenario/document.hpp"

/// The factors of a study as columns of a table. Only from .cpp files.
namespace cli {

/// One field set to one value, and the place in the study that says so.
struct Assigned {
  std::string path;
  Literal value;
  std::string pointer;
};

/// One value of a column.
struct Level {
  std::string text;
  std::optional<double> number;
  std::vector<Assigned> sets;
};

/// A range without steps.
struct Continuum {
  std::string path;
  RangeSpec range;
  bool integer = false;
  std::string pointer;  ///< of the range
};

struct Column {
  std::string name;
  std::string pointer;        ///< of the factor
  std::vector<Level> levels;  ///< empty: continuous
  std::optional<Continuum> continuum;
};

/// The unit of the fields that it varies, when these have one unit and the column shows numbers;
/// else empty.
std::string unit_of(const Column& column);

/// The value at `u` in [0, 1) of the way.
Level level_between(const Column& column, double u);

/// The columns, one a factor. What is wrong goes to `errors`; the columns are of use only when
/// nothing was added.
std::vector<Column> columns_of(const StudyFile& study, const models::Document& document,
                               models::ErrorList& errors);

/// Adds an error when a study may not vary or set `path`, which stands at `pointer`.
void check_path(const std::string& path, const std::string& pointer,
                const models::Document& document, models::ErrorList& errors);

/// The steps of a dotted path.
std::vector<std::string> steps_of_path(const std::string& path);

/// Unit of the scenario field at a dotted path; empty: none, or no such field.
std::string unit_of_field(const std::string& path);

/// The JSON pointer of a dotted path in a scenario.
std::string pointer_of_path(const std::string& path);

}  // namespace cli
