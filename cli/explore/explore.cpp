// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <ostream>
#include <tuple>

#include "cli/errors.hpp"
#include "cli/explore/exploration.hpp"
#include "cli/explore/formats.hpp"
#include "cli/explore/options.hpp"
#include "cli/explore/overrides.hpp"
#include "cli/junit.hpp"
#include "cli/kept_files.hpp"
#include "cli/study/load.hpp"
#include "models/explore/explored_scenario.hpp"
#include "models/explore/left_aside.hpp"
#include "models/explore/schedule_file.hpp"
#include "models/report/summarise.hpp"
#include "sim/base/build_info.hpp"
#include "sim/explore/shared_search.hpp"

namespace cli {

std::vector<std::string> all_overrides(const ExploreOptions& options) {
  std::vector<std::string> all = options.overrides;
  if (options.seed) all.push_back(fmt::format("seed={}", *options.seed));
  return all;
}

SearchRequest search_request(const ExploreOptions& options) {
  SearchRequest request;
  request.strategy = strategy_of(options);
  if (options.max_schedules) {
    request.max_schedules = static_cast<std::uint64_t>(*options.max_schedules);
  }
  request.max_seconds = options.max_seconds;
  request.jobs = static_cast<int>(options.jobs);
  request.checkpoint = options.checkpoint;
  request.first = options.first;
  return request;
}

namespace {

namespace fs = std::filesystem;

/// A schedule file stands elsewhere than the scenario, so what the scenario names relative to
/// itself gets its whole path.
models::Scenario without_relative_paths(models::Scenario scenario, const std::string& path) {
  const std::vector<std::string> built_in = models::profile_names();
  std::string& profile = scenario.machine.profile;
  if (std::find(built_in.begin(), built_in.end(), profile) == built_in.end()) {
    profile = fs::absolute(fs::path(path).parent_path() / profile).lexically_normal().string();
  }
  return scenario;
}

void write_schedule(std::ostream& out, const Exploration& exploration) {
  const Explained& first = exploration.violations.front();
  models::ScheduleFile file;
  file.scenario = without_relative_paths(first.shortest.scenario, exploration.scenario->path);
  file.threads = first.threads;
  file.schedule = first.shortest.schedule;
  file.expected = first.replayed.finding.value_or(first.found.finding);
  file.thread = first.replayed.thread;
  file.strategy = sim::to_string(exploration.searched.strategy);
  file.version = sim::version();
  file.commit = sim::commit();
  out << models::dump_schedule_file(file);
}

/// The same in the words of a run, for JUnit.
models::Report as_report(const Exploration& exploration) {
  models::Report report;
  report.run.scenario = exploration.scenario->scenario.name;
  report.expectations = exploration.expectations;
  report.provenance.command = exploration.command;
  for (const Explained& violation : exploration.violations) {
    report.verdict = models::Verdict::violation;
    models::ViolationReport& row = report.violations.emplace_back();
    row.kind = violation.found.finding.kind;
    row.message = violation.found.finding.message;
    row.thread = violation.found.thread;
  }
  return report;
}

/// With a limit for the search, a tenth of it, and a second at least, is for the shrinking.
void explain_all(Exploration& exploration, const std::optional<double>& max_seconds) {
  Deadline until;
  if (max_seconds) {
    const std::chrono::duration<double> allowed(std::max(1.0, *max_seconds / 10.0));
    until = std::chrono::steady_clock::now() +
            std::chrono::duration_cast<std::chrono::steady_clock::duration>(allowed);
  }
  for (const sim::FoundViolation& found : exploration.searched.result.violations) {
    exploration.violations.push_back(explain(*exploration.scenario, found, until));
  }
  std::stable_sort(exploration.violations.begin(), exploration.violations.end(),
                   [](const Explained& a, const Explained& b) {
                     return std::tuple(a.switches(), a.replayed.steps.size()) <
                            std::tuple(b.switches(), b.replayed.steps.size());
                   });
}

int exit_code(const Exploration& exploration) {
  if (exploration.unexpected) return kViolation;
  const bool passed = std::all_of(exploration.expectations.begin(), exploration.expectations.end(),
                                  [](const auto& item) { return item.passed; });
  return passed ? kFine : kExpectationFailed;
}

}  // namespace

int explore(const ExploreOptions& options) {
  check_options(options);
  Exploration exploration;
  std::vector<OutputFile> files =
      document_outputs(options.outputs, exploration_formats(), exploration);
  const SearchRequest request = search_request(options);
  const models::LoadedScenario loaded =
      load_no_study(options.scenarios.front(), all_overrides(options));
  models::check_metric_names(loaded.scenario.expect, loaded.path);
  // Throws now if there is nothing to explore.
  static_cast<void>(models::ExploredScenario(loaded.scenario, loaded.path));

  exploration.scenario = &loaded;
  exploration.not_explored = models::left_aside(loaded.scenario);
  exploration.command = explore_command_line(options);
  if (!options.junit.empty()) {
    files.push_back({"--junit " + options.junit, options.junit, [&](std::ostream& out) {
                       write_junit(out, as_report(exploration), exploration.unexpected);
                     }});
  }
  if (!options.schedule.empty()) {
    files.push_back({"--schedule " + options.schedule, options.schedule,
                     [&](std::ostream& out) { write_schedule(out, exploration); }});
  }
  std::vector<KeptFile> kept = files_kept(loaded);
  if (!options.checkpoint.empty()) kept.push_back({"the checkpoint", options.checkpoint});
  check_outputs(files, kept);

  exploration.searched = search_scenario(loaded, request);
  if (exploration.searched.failed()) throw UsageError(failure_text(loaded));
  explain_all(exploration, options.max_seconds);
  judge(exploration);
  if (!options.schedule.empty() && exploration.violations.empty()) {
    files.pop_back();
    fmt::print(stderr, "sockbufsim: note: no violation was found; {} is not written\n",
               options.schedule);
  }
  write_outputs(files);
  return exit_code(exploration);
}

}  // namespace cli
