// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/explore/shrink.hpp"
#include "models/report/report.hpp"
#include "models/scenario/load.hpp"
#include "sim/explore/replay.hpp"
#include "sim/explore/search.hpp"

namespace cli {

/// What ended a search.
enum class SearchEnd : std::uint8_t { itself, schedules, seconds, first_violation, too_long };

/// How a search is to be made.
struct SearchRequest {
  sim::Strategy strategy;
  std::optional<std::uint64_t> max_schedules;
  std::optional<double> max_seconds;  ///< of the wall clock
  int jobs = 1;
  std::string checkpoint;  ///< a file, or empty
  bool first = false;      ///< end at the first violation
  std::string label;       ///< for the line of progress; may be empty
};

/// What a search covered.
struct Searched {
  sim::SearchResult result;  ///< violations by the name of their kind
  sim::Strategy strategy;
  SearchEnd end = SearchEnd::itself;
  std::vector<std::string> threads;  ///< names; a letter each, from a

  /// "complete: 53 of 53 interleavings", "bounded: at most 2 preemptions, 1,204 interleavings, not
  /// exhaustive".
  std::string coverage() const;
  /// What was left out, null when nothing was: "at most 2 preemptions".
  std::optional<std::string> bound() const;
  /// It came to an interleaving that is too long to be searched, and has found nothing before.
  bool failed() const { return result.too_long && result.violations.empty(); }
};

/// A violation with its counterexample.
struct Explained {
  sim::FoundViolation found;
  models::Counterexample shortest;
  bool cut_short = false;            ///< time was up before all that could be shorter was tried
  std::vector<std::string> threads;  ///< of the counterexample's scenario
  sim::Replayed replayed;            ///< of the counterexample

  std::size_t switches() const { return sim::context_switches(shortest.schedule); }
};

/// Everything that the formats draw on.
struct Exploration {
  const models::LoadedScenario* scenario = nullptr;
  Searched searched;
  std::vector<Explained> violations;  ///< the shortest counterexample first
  std::vector<models::ExpectationReport> expectations;
  bool unexpected = false;                ///< a violation that the scenario did not expect
  std::vector<std::string> not_explored;  ///< models::left_aside of the scenario
  std::string command;
  bool colour = false;
};

/// Explores a scenario. Throws UsageError (a checkpoint that cannot be used) and
/// models::ScenarioErrors (nothing in it can be explored).
Searched search_scenario(const models::LoadedScenario& loaded, const SearchRequest& request);

/// Why a search of this scenario failed, and what can be done.
std::string failure_text(const models::LoadedScenario& loaded);

/// The same violation in as few steps as can be found until the date, if any, and in words.
using Deadline = std::optional<std::chrono::steady_clock::time_point>;
Explained explain(const models::LoadedScenario& loaded, const sim::FoundViolation& found,
                  const Deadline& until = {});

/// Compares with the `verdict` items of the scenario's expectations; metrics are those of timed
/// runs.
void judge(Exploration& exploration);

/// 1,234,567
std::string grouped(std::uint64_t number);
/// "1 preemption", "2 preemptions"
std::string counted(std::uint64_t number, const std::string& what);

}  // namespace cli
