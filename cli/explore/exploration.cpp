// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explore/exploration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "cli/errors.hpp"
#include "cli/explore/left_out.hpp"
#include "cli/explore/progress.hpp"
#include "models/explore/explored_scenario.hpp"
#include "sim/base/build_info.hpp"
#include "sim/base/fnv.hpp"
#include "sim/explore/shared_search.hpp"
#include "sim/explore/turns.hpp"

namespace cli {
namespace {

using Kind = sim::Strategy::Kind;

/// For each thing that a counterexample may do without.
constexpr std::uint64_t kShrinkExecutions = 50'000;

std::vector<std::string> thread_names(const sim::Program& program) {
  std::vector<std::string> names;
  names.reserve(program.threads());
  for (std::size_t i = 0; i < program.threads(); ++i) names.emplace_back(program.thread_name(i));
  return names;
}

/// What makes two searches the same, as far as a checkpoint is concerned.
std::string identity(const models::LoadedScenario& loaded, const SearchRequest& request) {
  models::Scenario scenario = loaded.scenario;
  scenario.seed = models::Scenario().seed;  // it has a line of its own
  std::string text = fmt::format(
      "the program\t{} ({})\nthe hash of the scenario with its overrides\t{:016x}\n--strategy\t{}\n"
      "the seed\t{}\n",
      sim::version(), sim::commit(), sim::fnv1a(models::dump_scenario(scenario)),
      sim::to_string(request.strategy), loaded.scenario.seed);
  if (!request.strategy.finite() && request.max_schedules) {
    text += fmt::format("--max-schedules\t{}\n", *request.max_schedules);
  }
  return text;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3;) {
    i -= 3;
    text.insert(i, 1, ',');
  }
  return text;
}

std::string counted(std::uint64_t number, const std::string& what) {
  return grouped(number) + ' ' + what + (number == 1 ? "" : "s");
}

std::optional<std::string> Searched::bound() const {
  if (result.exhaustive) return std::nullopt;
  const auto allowed = static_cast<std::uint64_t>(strategy.bound);
  std::string text;
  if (strategy.kind == Kind::preemptions) text = "at most " + counted(allowed, "preemption");
  if (strategy.kind == Kind::delays) text = "at most " + counted(allowed, "delay");
  if (result.complete) return text;
  const bool drawn = !strategy.finite();
  const std::string number =
      drawn ? fmt::format("{} drawn by {}", counted(result.interleavings, "schedule"),
                          sim::to_string(strategy))
            : counted(result.interleavings, "interleaving");
  const auto stopped = [&](const std::string& why) {
    return fmt::format("{}{}stopped after {} ({})", text, text.empty() ? "" : ", ", number, why);
  };
  switch (end) {
    case SearchEnd::seconds:
      return stopped("--max-seconds");
    case SearchEnd::first_violation:
      return stopped("at the first violation");
    case SearchEnd::schedules:
      return drawn ? number : stopped("--max-schedules");
    case SearchEnd::too_long:
      return stopped(fmt::format("at an interleaving of more than {} steps",
                                 grouped(sim::kMaxInterleavingSteps)));
    case SearchEnd::itself:
      break;
  }
  return number;
}

std::string Searched::coverage() const {
  const std::uint64_t count = result.interleavings;
  if (result.exhaustive) {
    return fmt::format("complete: {} of {} interleaving{}", grouped(count), grouped(count),
                       count == 1 ? "" : "s");
  }
  if (result.complete) {
    return fmt::format("bounded: {}, {}, not exhaustive", *bound(), counted(count, "interleaving"));
  }
  return fmt::format("bounded: {}, not exhaustive", *bound());
}

Searched search_scenario(const models::LoadedScenario& loaded, const SearchRequest& request) {
  models::ExploredScenario program(loaded.scenario, loaded.path);
  Searched searched;
  searched.strategy = request.strategy;
  searched.threads = thread_names(program);
  Progress progress(request.label);
  bool late = false;
  sim::SharedSearchOptions options;
  options.search.strategy = request.strategy;
  options.search.seed = static_cast<std::uint64_t>(loaded.scenario.seed);
  options.search.max_schedules = request.max_schedules;
  options.search.stop_at_first_violation = request.first;
  options.search.stop = [&](const sim::SearchProgress& now) {
    progress.show(now);
    late = request.max_seconds && progress.seconds() >= *request.max_seconds;
    return late;
  };
  options.jobs = request.jobs;
  options.checkpoint = request.checkpoint;
  options.identity = identity(loaded, request);
  try {
    searched.result = sim::search_shared(program, options);
  } catch (const sim::CheckpointError& error) {
    throw UsageError(fmt::format("--checkpoint {}", error.what()));
  }
  // Which kind was met first depends on how the search was shared out.
  auto& violations = searched.result.violations;
  std::sort(violations.begin(), violations.end(),
            [](const auto& a, const auto& b) { return a.finding.kind < b.finding.kind; });
  if (searched.result.complete) return searched;
  if (searched.result.too_long) {
    searched.end = SearchEnd::too_long;
  } else if (late) {
    searched.end = SearchEnd::seconds;
  } else if (request.first && !searched.result.violations.empty()) {
    searched.end = SearchEnd::first_violation;
  } else {
    searched.end = SearchEnd::schedules;
  }
  return searched;
}

std::string failure_text(const models::LoadedScenario& loaded) {
  return fmt::format(
      "{}: found an interleaving of more than {} steps; allowed: at most as many. Threads that do "
      "less make it shorter: max_reads of readers, loops of threads, explore.segments, "
      "explore.reads",
      loaded.path, grouped(sim::kMaxInterleavingSteps));
}

Explained explain(const models::LoadedScenario& loaded, const sim::FoundViolation& found,
                  const Deadline& until) {
  Explained explained;
  explained.found = found;
  const auto stop = [&] {
    explained.cut_short =
        explained.cut_short || (until && std::chrono::steady_clock::now() >= *until);
    return explained.cut_short;
  };
  explained.shortest = models::shrink(loaded.scenario, loaded.path, found.finding.kind,
                                      found.schedule, {kShrinkExecutions, stop});
  explained.shortest.left_out = merged_left_out(explained.shortest.left_out);
  models::ExploredScenario program(explained.shortest.scenario, loaded.path);
  explained.threads = thread_names(program);
  const auto turns = sim::make_fiber_turns();
  explained.replayed = sim::replay(program, *turns, explained.shortest.schedule);
  return explained;
}

// --- expectations --------------------------------------------------------------------------------

namespace {

/// Whether this item of `expect` speaks of violations of this kind.
bool expects(const models::Expect& item, const std::string& kind) {
  if (!item.verdict || *item.verdict == models::Verdict::completed) return false;
  if (*item.verdict == models::Verdict::deadlock) return kind == "deadlock";
  return !item.kind || *item.kind == kind;
}

std::string kinds_text(const std::vector<sim::FoundViolation>& violations) {
  if (violations.empty()) return "no violation";
  std::string text = "violation (";
  for (const auto& found : violations) {
    text += (text.back() == '(' ? "" : ", ") + found.finding.kind;
  }
  return text + ")";
}

models::ExpectationReport judge_item(const models::Expect& item, const Searched& searched) {
  const auto& violations = searched.result.violations;
  models::ExpectationReport report;
  report.expected_verdict = models::enum_name(*item.verdict);
  report.expected_kind = item.kind.value_or("");
  report.actual_verdict = violations.empty() ? "completed" : "violation";
  report.passed = *item.verdict == models::Verdict::completed
                      ? violations.empty()
                      : std::any_of(violations.begin(), violations.end(), [&](const auto& found) {
                          return expects(item, found.finding.kind);
                        });
  report.message =
      fmt::format("found {}, expected {}{}", kinds_text(violations), report.expected_verdict,
                  item.kind ? " (" + *item.kind + ")" : std::string());
  return report;
}

}  // namespace

void judge(Exploration& exploration) {
  const auto& items = exploration.scenario->scenario.expect;
  bool fulfilled = false;
  for (const models::Expect& item : items) {
    if (!item.verdict) continue;
    exploration.expectations.push_back(judge_item(item, exploration.searched));
    const bool violation = *item.verdict != models::Verdict::completed;
    fulfilled = fulfilled || (violation && exploration.expectations.back().passed);
  }
  exploration.unexpected = !fulfilled && !exploration.searched.result.violations.empty();
}

}  // namespace cli
