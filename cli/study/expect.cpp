// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/expect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "cli/study/expression.hpp"
#include "cli/study/lines.hpp"
#include "cli/study/settings.hpp"
#include "cli/study/study_values.hpp"

namespace cli {
namespace {

std::string bounds_text(const Expectation& expectation) {
  const auto number = [](double value) { return fmt::format("{:.6g}", value); };
  std::string text;
  if (expectation.min) text = "at least " + number(*expectation.min);
  if (expectation.max) {
    text += (text.empty() ? "at most " : " and at most ") + number(*expectation.max);
  }
  return text;
}

std::string name_of(const Expectation& expectation) {
  if (!expectation.name.empty()) return expectation.name;
  std::string name = expectation.metric;
  if (expectation.of != Measure::value) {
    name = fmt::format("{} of {}", models::enum_name(expectation.of), name);
  }
  if (expectation.of == Measure::slope) name += " over " + expectation.factor;
  if (expectation.from && expectation.to) {
    name += fmt::format(" from {} to {}", expectation.from->text(), expectation.to->text());
  }
  if (!expectation.over.empty()) name += " along " + expectation.over;
  const std::string bounds = bounds_text(expectation);
  if (!bounds.empty()) name += " " + bounds;
  if (!expectation.where.empty()) name += " where " + expectation.where;
  return name;
}

/// Judges one expectation.
class Judge {
 public:
  Judge(const Expectation& expectation, const Results& results)
      : expectation_(expectation), cells_(selected(cells_of(results, expectation.metric))) {
    const models::MetricBasis basis = models::metric_basis(expectation.metric);
    const auto some_run_has = [&results](const std::string& path) {
      return std::any_of(results.runs.begin(), results.runs.end(),
                         [&](const Run& run) { return run.metric(path).has_value(); });
    };
    if (basis.pair && !some_run_has(expectation.metric)) {
      judged_.note = "as no run has such a pair in its blame";
    }
    count_ = basis.count;
    if (count_.empty()) return;
    for (const Cell& cell : idle_cells(results, count_)) idle_.insert(cell.point);
  }

  JudgedExpectation judge() {
    judged_.name = name_of(expectation_);
    if (cells_.empty()) {
      judged_.problem =
          "no point to judge" + (expectation_.where.empty() ? "" : " where " + expectation_.where);
      return judged_;
    }
    switch (expectation_.of) {
      case Measure::value:
        for (const Cell& cell : cells_) bound(cell.settings, mean_of(cell), missing(cell));
        break;
      case Measure::difference:
      case Measure::ratio:
      case Measure::relative_difference:
        comparisons();
        break;
      case Measure::slope:
        slopes();
        break;
      case Measure::crossover:
      case Measure::no_crossover:
        crossings();
        break;
    }
    if (judged_.judgements.empty()) {
      judged_.problem = "no points that differ in " + models::quote(expectation_.factor) + " alone";
    }
    judged_.passed = judged_.problem.empty() &&
                     std::all_of(judged_.judgements.begin(), judged_.judgements.end(),
                                 [](const Judgement& judgement) { return judgement.passed; });
    return judged_;
  }

 private:
  /// The cells that `where` admits.
  std::vector<Cell> selected(std::vector<Cell> cells) const {
    if (expectation_.where.empty()) return cells;
    const Expression where = Expression::parse(expectation_.where);
    std::erase_if(cells, [&](const Cell& cell) { return !settings_meet(where, cell.settings); });
    return cells;
  }

  /// Why a point has no value; empty when it has one.
  std::string missing(const Cell& cell) const {
    if (!cell.samples.empty()) return {};
    if (cell.failed > 0) {
      return fmt::format("no result: {} run{} failed ({})", cell.failed,
                         cell.failed == 1 ? "" : "s", cell.reason);
    }
    if (idle_.contains(cell.point)) return fmt::format("no value, as {} is 0", count_);
    return "no such number in the results: " + expectation_.metric;
  }

  void add(const std::vector<Setting>& where, const Estimate& actual, bool passed,
           std::string text) {
    const std::string place = where.empty() ? "" : settings_text(where);
    judged_.judgements.push_back({place, actual, passed, std::move(text)});
  }

  /// Holds an estimate against the bounds.
  void bound(const std::vector<Setting>& where, const Estimate& actual,
             const std::string& trouble) {
    if (!trouble.empty() || !actual.has_value()) {
      add(where, actual, false, trouble.empty() ? "no value" : trouble);
      return;
    }
    const std::string found =
        "found " + estimate_text(actual) + (judged_.note.empty() ? "" : ", " + judged_.note);
    const std::string allowed = "; allowed: " + bounds_text(expectation_);
    const bool by_interval = expectation_.must_be_proven();
    if (by_interval && !actual.has_interval()) {
      add(where, actual, false,
          found + ", without an interval: it takes two replications" + allowed);
      return;
    }
    const double low = by_interval ? actual.low : actual.value;
    const double high = by_interval ? actual.high : actual.value;
    const bool passed = (!expectation_.min || low >= *expectation_.min) &&
                        (!expectation_.max || high <= *expectation_.max);
    add(where, actual, passed, found + allowed + (by_interval ? ", for the whole interval" : ""));
  }

  void comparisons() {
    for (const Comparison& pair :
         compare(cells_, expectation_.factor, expectation_.from->text(), expectation_.to->text())) {
      std::string trouble = missing(*pair.from).empty() ? missing(*pair.to) : missing(*pair.from);
      Estimate actual;
      if (expectation_.of == Measure::difference) {
        actual = difference(*pair.from, *pair.to);
      } else if (expectation_.of == Measure::ratio) {
        actual = ratio(*pair.from, *pair.to);
      } else {
        actual = relative_difference(*pair.from, *pair.to);
      }
      if (trouble.empty() && !actual.has_value()) {
        trouble = fmt::format("found {} for {} and {} for {}: no ratio to zero",
                              estimate_text(mean_of(*pair.from)), expectation_.from->text(),
                              estimate_text(mean_of(*pair.to)), expectation_.to->text());
      }
      bound(pair.others, actual, trouble);
    }
  }

  void slopes() {
    for (const Line& line : lines_along(cells_, expectation_.factor)) {
      std::string trouble;
      for (const Cell* const cell : line.cells) {
        if (trouble.empty()) trouble = missing(*cell);
      }
      if (trouble.empty() && line.cells.size() < 2) trouble = "one point only: no slope";
      bound(line.others, slope(line, expectation_.scale), trouble);
    }
  }

  void crossings() {
    for (const Crossovers& line :
         crossovers(cells_, expectation_.factor, expectation_.from->text(), expectation_.to->text(),
                    expectation_.over, expectation_.scale)) {
      const bool complete =
          std::all_of(line.difference.begin(), line.difference.end(),
                      [](const Estimate& difference) { return difference.has_value(); });
      if (!complete) {
        add(line.others, {}, false, "a point without a value");
      } else if (expectation_.of == Measure::crossover) {
        crossover(line);
      } else {
        no_crossover(line);
      }
    }
  }

  void crossover(const Crossovers& line) {
    if (line.crossings.empty()) {
      add(line.others, {}, false, "found no crossover; allowed: one");
      return;
    }
    for (const Crossing& crossing : line.crossings) {
      if (expectation_.must_be_proven() && !crossing.proven) {
        add(line.others, crossing.at, false,
            fmt::format("found a crossover at {}, not proven at 95 %", estimate_text(crossing.at)));
      } else if (!expectation_.min && !expectation_.max) {
        add(line.others, crossing.at, true, "found a crossover at " + estimate_text(crossing.at));
      } else {
        bound(line.others, crossing.at, {});
      }
    }
  }

  /// Where none is allowed. Those that are proven come first.
  void unwanted_crossovers(const Crossovers& line) {
    std::vector<Crossing> crossings = line.crossings;
    std::stable_partition(crossings.begin(), crossings.end(),
                          [](const Crossing& crossing) { return crossing.proven; });
    std::string text;
    for (const Crossing& crossing : crossings) {
      text += fmt::format("{} at {}, {}", text.empty() ? "found a crossover" : "; and one",
                          estimate_text(crossing.at),
                          crossing.proven ? "proven" : "not proven at 95 %");
    }
    add(line.others, crossings.front().at, false, text + "; allowed: none");
  }

  void no_crossover(const Crossovers& line) {
    if (!line.crossings.empty()) {
      unwanted_crossovers(line);
    } else if (expectation_.must_be_proven() && !line.same_sign_proven()) {
      add(line.others, {}, false,
          "found no crossover, but not proven at 95 %: some interval of the difference has zero "
          "in it");
    } else {
      add(line.others, {}, true, "found no crossover");
    }
  }

  const Expectation& expectation_;
  std::vector<Cell> cells_;
  std::string count_;           ///< that the metric is a mean over; empty: none
  std::set<std::string> idle_;  ///< points where that count is 0
  JudgedExpectation judged_;
};

/// ` at nic.mtu=9000`, or nothing.
std::string place_text(const Judgement& judgement) {
  return judgement.where.empty() ? "" : "at " + judgement.where + ": ";
}

std::vector<std::string> failures_of(const JudgedExpectation& item) {
  std::vector<std::string> failures;
  if (!item.problem.empty()) failures.push_back(item.problem);
  for (const Judgement& judgement : item.judgements) {
    if (!judgement.passed) failures.push_back(place_text(judgement) + judgement.text);
  }
  return failures;
}

}  // namespace

std::vector<JudgedExpectation> judge(const Study& study, const Results& results) {
  std::vector<JudgedExpectation> judged;
  judged.reserve(study.expect.size());
  const std::size_t missing = study.points.size() - points_with_runs(study, results);
  for (const Expectation& expectation : study.expect) {
    JudgedExpectation item = Judge(expectation, results).judge();
    if (missing > 0 && item.problem.empty()) {
      item.problem = fmt::format("{} of {} points have not been run", missing, study.points.size());
      item.passed = false;
    }
    judged.push_back(std::move(item));
  }
  return judged;
}

std::size_t points_with_runs(const Study& study, const Results& results) {
  std::set<std::string> known;
  for (const Run& run : results.runs) known.insert(run.point);
  return static_cast<std::size_t>(
      std::count_if(study.points.begin(), study.points.end(),
                    [&](const Point& point) { return known.contains(point.hash); }));
}

std::string verdict_text(const std::vector<JudgedExpectation>& judged) {
  constexpr std::size_t kMostNamed = 5;
  std::string text;
  for (const JudgedExpectation& item : judged) {
    if (item.passed) {
      const std::size_t places = item.judgements.size();
      text += fmt::format("PASS  {}: {}\n", item.name,
                          places == 1 ? item.judgements.front().text
                                      : fmt::format("at all {} places{}{}", places,
                                                    item.note.empty() ? "" : ", ", item.note));
      continue;
    }
    const std::vector<std::string> failures = failures_of(item);
    text += fmt::format("FAIL  {}\n", item.name);
    for (std::size_t i = 0; i < std::min(failures.size(), kMostNamed); ++i) {
      text += "      " + failures[i] + "\n";
    }
    if (failures.size() > kMostNamed) {
      text += fmt::format("      ... and {} more\n", failures.size() - kMostNamed);
    }
  }
  return text;
}

std::vector<TestCase> junit_cases(const std::vector<JudgedExpectation>& judged,
                                  const Results& results) {
  std::vector<TestCase> cases;
  cases.reserve(judged.size() + 1);
  for (const JudgedExpectation& item : judged) {
    cases.push_back(
        {item.name, fmt::format("{}", fmt::join(failures_of(item), "\n")), "", item.note});
  }
  std::vector<std::string> failed;
  for (const Run& run : results.runs) {
    if (run.has_results()) continue;
    failed.push_back(fmt::format("{} (replication {}): {}{}{}; rerun: {}",
                                 settings_text(run.settings), run.replication, run.status,
                                 run.reason.empty() ? "" : ": ", run.reason, run.rerun));
  }
  cases.push_back({"every run has results", fmt::format("{}", fmt::join(failed, "\n")), ""});
  return cases;
}

std::vector<TestCase> skipped_cases(const Study& study, const std::string& why) {
  std::vector<TestCase> cases;
  cases.reserve(study.expect.size());
  for (const Expectation& expectation : study.expect) {
    cases.push_back({name_of(expectation), "", why});
  }
  return cases;
}

}  // namespace cli
