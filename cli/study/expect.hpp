// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "cli/junit.hpp"
#include "cli/study/analysis.hpp"

/// The verdict on a study: its expectations, held against the results.
namespace cli {

/// An expectation at one place: a point, a pair of points, a line of points.
struct Judgement {
  std::string where;  ///< `nic.mtu=9000, read=4096`; empty when there is one place only
  Estimate actual;
  bool passed = false;
  std::string text;  ///< actual and bound in words
};

struct JudgedExpectation {
  std::string name;
  bool passed = false;  ///< everywhere, and there was something to judge
  std::vector<Judgement> judgements;
  std::string problem;  ///< why there was nothing to judge, else empty
  std::string note;     ///< what to doubt although it passed: "as no run has such a pair ..."
};

/// Judges all of study.expect. `results` are those of the whole study: a point without results
/// fails the expectations that concern it.
std::vector<JudgedExpectation> judge(const Study& study, const Results& results);

/// One line an expectation, `PASS` or `FAIL`, with the places that fail (at most five named).
std::string verdict_text(const std::vector<JudgedExpectation>& judged);

/// One test case an expectation, with all failing places; the last one says whether every run gave
/// results.
std::vector<TestCase> junit_cases(const std::vector<JudgedExpectation>& judged,
                                  const Results& results);

/// One test case an expectation, which is not judged.
std::vector<TestCase> skipped_cases(const Study& study, const std::string& why);

/// Points of the study that have a run, be it a failed one.
std::size_t points_with_runs(const Study& study, const Results& results);

}  // namespace cli
