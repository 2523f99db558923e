// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/study_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/study/expression.hpp"
#include "cli/study/lines.hpp"
#include "cli/study/settings.hpp"
#include "models/report/metrics.hpp"
#include "models/scenario/nearest.hpp"

namespace cli {
namespace {

class GoalCheck {
 public:
  GoalCheck(const StudyFile& study, const std::vector<Column>& columns,
            const models::Document& document, models::ErrorList& errors)
      : study_(study), columns_(columns), document_(document), errors_(errors) {}

  void replications() {
    if (study_.replications && study_.precision) {
      fail("/replications", "replications beside `precision`", "one of the two");
    }
    if (!study_.precision) return;
    check_metric(study_.precision->metric, "/precision/metric");
    if (study_.precision->min > study_.precision->max) {
      fail("/precision/min", fmt::format("{}", study_.precision->min),
           fmt::format("at most `max`, {}", study_.precision->max));
    }
  }

  void expectation(const Expectation& expectation, const std::string& at) {
    check_metric(expectation.metric, at + "/metric");
    check_where(expectation.where, at + "/where");
    check_bounds(expectation, at);
    if (expectation.of == Measure::value) return;
    const Column* const factor = column(expectation.factor, at + "/factor");
    if (factor == nullptr) return;
    if (expectation.of == Measure::slope) {
      check_numeric(*factor, at + "/factor", expectation.scale);
      return;
    }
    check_value(*factor, expectation.from, at, "from");
    check_value(*factor, expectation.to, at, "to");
    if (expectation.from && expectation.from == expectation.to) {
      fail(at + "/to", models::quote(expectation.to->text()) + ", the same as `from`",
           "another value of the factor");
    }
    if (expectation.of != Measure::crossover && expectation.of != Measure::no_crossover) return;
    if (const Column* const over = column(expectation.over, at + "/over")) {
      if (over == factor) fail(at + "/over", "the same column as `factor`", "another column");
      check_numeric(*over, at + "/over", expectation.scale);
    }
  }

 private:
  void fail(const std::string& at, std::string found, std::string allowed, std::string hint = {}) {
    errors_.add(document_.error_at(at, std::move(found), std::move(allowed), std::move(hint)));
  }

  std::vector<std::string> column_names() const {
    std::vector<std::string> names;
    names.reserve(columns_.size());
    for (const Column& column : columns_) names.push_back(column.name);
    return names;
  }

  const Column* column(const std::string& name, const std::string& at) {
    for (const Column& column : columns_) {
      if (column.name == name) return &column;
    }
    const std::vector<std::string> names = column_names();
    fail(
        at, name.empty() ? "nothing" : "the unknown column " + models::quote(name),
        names.empty() ? "no such expectation: the study has no factors" : models::join_names(names),
        models::suggest(name, names));
    return nullptr;
  }

  void check_metric(const std::string& path, const std::string& at) {
    if (models::is_metric_path(path)) return;
    fail(at, "the unknown metric " + models::quote(path),
         "a number of the report (`sockbufsim list metrics`)", models::suggest_metric(path));
  }

  void check_where(const std::string& where, const std::string& at) {
    if (where.empty()) return;
    try {
      const std::vector<std::string> names = column_names();
      const Expression expression = Expression::parse(where);
      for (const std::string& name : expression.names()) {
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        fail(at, "the unknown column " + models::quote(name), models::join_names(names),
             models::suggest(name, names));
      }
    } catch (const ExpressionError& error) {
      fail(at, error.found(), error.allowed(), error.hint());
    }
  }

  void check_bounds(const Expectation& expectation, const std::string& at) {
    const bool needs_bound =
        expectation.of != Measure::crossover && expectation.of != Measure::no_crossover;
    if (needs_bound && !expectation.min && !expectation.max) {
      fail(at, "no bound", "`min`, `max` or both");
    }
    if (expectation.min && expectation.max && *expectation.min > *expectation.max) {
      fail(at + "/min", models::number_text(*expectation.min),
           "at most `max`, " + models::number_text(*expectation.max));
    }
  }

  void check_value(const Column& factor, const std::optional<Literal>& value, const std::string& at,
                   const char* field) {
    const std::string here = at + "/" + field;
    if (!value) {
      fail(here, "nothing", "a value of " + models::quote(factor.name), "This field is required.");
      return;
    }
    if (factor.continuum) {
      fail(here, "a value of a continuous column", "a column with a list of values");
      return;
    }
    std::vector<std::string> texts;
    texts.reserve(factor.levels.size());
    for (const Level& level : factor.levels) texts.push_back(level.text);
    const std::string text = value->text();
    if (std::find(texts.begin(), texts.end(), text) != texts.end()) return;
    constexpr std::size_t kMostNamed = 20;
    fail(here, models::quote(text),
         texts.size() <= kMostNamed ? models::join_names(texts)
                                    : "a value of " + models::quote(factor.name),
         models::suggest(text, texts));
  }

  void check_numeric(const Column& column, const std::string& at, Scale scale) {
    if (column.continuum) return;
    if (column.levels.size() < 2) {
      fail(at, "a column of one value", "a column of two values at least");
      return;
    }
    for (const Level& level : column.levels) {
      if (level.number && (scale == Scale::linear || *level.number > 0.0)) continue;
      fail(at, models::quote(level.text) + " among the values of " + models::quote(column.name),
           scale == Scale::linear ? "a column of numbers" : "a column of numbers above 0");
      return;
    }
  }

  const StudyFile& study_;
  const std::vector<Column>& columns_;
  const models::Document& document_;
  models::ErrorList& errors_;
};

/// The points, without results, that an expectation's `where` admits.
std::vector<Cell> selected_cells(const Study& study, const Expectation& expectation) {
  std::optional<Expression> where;
  if (!expectation.where.empty()) where = Expression::parse(expectation.where);
  std::vector<Cell> cells;
  for (const Point& point : study.points) {
    if (where && !settings_meet(*where, point.settings)) continue;
    cells.push_back({point.hash, point.settings, {}, 0, {}});
  }
  return cells;
}

bool has_place(const Expectation& expectation, const std::vector<Cell>& cells) {
  if (expectation.of == Measure::value) return true;
  if (expectation.of == Measure::slope) {
    const std::vector<Line> lines = lines_along(cells, expectation.factor);
    return std::any_of(lines.begin(), lines.end(),
                       [](const Line& line) { return line.cells.size() > 1; });
  }
  return !compare(cells, expectation.factor, expectation.from->text(), expectation.to->text())
              .empty();
}

}  // namespace

void check_goals(const StudyFile& study, const std::vector<Column>& columns,
                 const models::Document& document, models::ErrorList& errors) {
  GoalCheck check(study, columns, document, errors);
  check.replications();
  for (std::size_t i = 0; i < study.expect.size(); ++i) {
    check.expectation(study.expect[i], fmt::format("/expect/{}", i));
  }
}

void check_places(const Study& study, const models::Document& document, models::ErrorList& errors) {
  for (std::size_t i = 0; i < study.expect.size(); ++i) {
    const Expectation& expectation = study.expect[i];
    const std::string at = fmt::format("/expect/{}", i);
    try {
      const std::vector<Cell> cells = selected_cells(study, expectation);
      if (cells.empty()) {
        errors.add(document.error_at(at + "/where",
                                     models::quote(expectation.where) + ", which no point meets",
                                     "a condition that some point meets"));
      } else if (!has_place(expectation, cells)) {
        errors.add(document.error_at(at,
                                     fmt::format("no points to compare: none differ in {} alone",
                                                 models::quote(expectation.factor)),
                                     "an expectation that concerns some points",
                                     "`constraint`, `where` and `sample` leave points out."));
      }
    } catch (const ExpressionError& error) {
      errors.add(document.error_at(at + "/where", error.found(), error.allowed(), error.hint()));
    }
  }
}

}  // namespace cli
