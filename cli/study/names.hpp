// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/study/choose.hpp"
#include "cli/study/expression.hpp"
#include "models/scenario/document.hpp"

/// What the names in a study's expressions stand for. Only from .cpp files.
namespace cli {

/// The expressions of a study that are evaluated for each point: dependent fields and constraint.
class PointExpressions {
 public:
  /// `base`: the effective base scenario; null when it is not known, and then a name may stand for
  /// any field of it. Adds an error for a name that stands for nothing, for a
  /// cycle of dependent fields, and for what cannot be parsed.
  PointExpressions(const StudyFile& study, const std::vector<Column>& columns,
                   const std::optional<models::Json>& base, const models::Document& document,
                   models::ErrorList& errors);

  /// The dependent fields' values in a point. Throws models::ScenarioErrors.
  std::vector<Assigned> dependent_values(const Combination& combination) const;

  /// Whether the constraint admits the point. Throws models::ScenarioErrors.
  bool admits(const Combination& combination) const;

 private:
  struct Dependent {
    std::string path;
    std::string pointer;
    Expression expression;
  };
  using Values = std::map<std::string, Value>;

  std::optional<Expression> parse(const std::string& text, const std::string& pointer,
                                  models::ErrorList& errors) const;
  void check_names(const Expression& expression, const std::string& pointer,
                   models::ErrorList& errors) const;
  void sort_dependents(models::ErrorList& errors);
  Values values_of(const Combination& combination) const;
  Value look_up(const Values& values, const std::string& name) const;

  const models::Document& document_;
  const std::vector<Column>& columns_;
  std::map<std::string, Value> base_;  ///< scalars by dotted path
  std::vector<std::string> known_;     ///< all names there are
  std::vector<Dependent> dependents_;  ///< each after those that it needs
  std::optional<Expression> constraint_;
};

}  // namespace cli
