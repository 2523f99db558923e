// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/file_name.hpp"
#include "cli/html/html.hpp"
#include "cli/junit.hpp"
#include "cli/kept_files.hpp"
#include "cli/output.hpp"
#include "cli/output_request.hpp"
#include "cli/seconds.hpp"
#include "cli/shell.hpp"
#include "cli/standard_output.hpp"
#include "cli/stop_signals.hpp"
#include "cli/store/export.hpp"
#include "cli/store/store.hpp"
#include "cli/study/analysis.hpp"
#include "cli/study/dry_run.hpp"
#include "cli/study/expect.hpp"
#include "cli/study/load.hpp"
#include "cli/study/settings.hpp"
#include "cli/sweep/emit.hpp"
#include "cli/sweep/sweep.hpp"

namespace cli {
namespace {

struct SweepArguments {
  std::string study;
  std::vector<std::string> overrides;
  SweepOptions options;
  std::optional<int> jobs;
  std::optional<double> timeout_s;
  std::string shard;
  std::vector<std::string> outputs;  ///< "html:FILE"
  std::string junit;
  std::string emit;
  std::optional<std::size_t> shards;
  bool dry_run = false;
  bool yes = false;
};

int wanted_replications(const Precision& precision, const PrecisionValues& values) {
  return replications_wanted(precision, values);
}

void forbid_option(bool given, const char* option, const char* where) {
  if (given) throw UsageError(fmt::format("{}: has no meaning {}", option, where));
}

/// Nothing that was said may be ignored.
void check_combinations(const SweepArguments& arguments) {
  if (arguments.emit.empty() != !arguments.shards) {
    throw UsageError("--emit and --shards go together: --emit slurm --shards 16");
  }
  if (!arguments.emit.empty()) {
    const char* const results =
        "with --emit, which prints a script and runs nothing. Give it to the sweep that judges, "
        "when the script is done";
    forbid_option(!arguments.outputs.empty(), "--out", results);
    forbid_option(!arguments.junit.empty(), "--junit", results);
    forbid_option(!arguments.shard.empty(), "--shard",
                  "with --emit, whose script has all shards. Say how many by --shards alone");
    forbid_option(arguments.dry_run, "--dry-run",
                  "with --emit, which runs nothing either. Leave one of them out");
  }
  if (arguments.dry_run) {
    const char* const results =
        "with --dry-run, which makes no results. Leave one of them out; `sockbufsim export` "
        "writes what a store has already";
    forbid_option(!arguments.outputs.empty(), "--out", results);
    forbid_option(!arguments.junit.empty(), "--junit", results);
  }
  if (arguments.options.store.empty() && !arguments.dry_run) {
    throw UsageError("--store: found none; allowed: a file for the results, --store FILE");
  }
}

int usable_cores() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

/// What a shard's command line has besides study, store, shard and jobs.
std::string shard_options(const SweepArguments& arguments) {
  const SweepOptions& options = arguments.options;
  std::string text;
  const auto add = [&text](const std::string& words) {
    if (!text.empty()) text += ' ';
    text += words;
  };
  for (const std::string& item : arguments.overrides) add("--set " + shell_word(item));
  if (options.plan.replications) add(fmt::format("--replications {}", *options.plan.replications));
  if (options.timeout_s > 0) add(fmt::format("--point-timeout {}", options.timeout_s));
  if (options.memory_mib > 0) add(fmt::format("--memory-mib {}", options.memory_mib));
  if (options.engine != "fiber") add("--engine " + options.engine);
  if (options.plan.keep_failed) add("--keep-failed");
  if (arguments.yes) add("--yes");
  return text;
}

/// What makes the page of this sweep again, without what changes no result.
std::string command_of(const SweepArguments& arguments) {
  std::string command = fmt::format("sockbufsim sweep {} --store {}", shell_word(arguments.study),
                                    shell_word(arguments.options.store));
  if (!arguments.shard.empty()) command += " --shard " + arguments.shard;
  const std::string options = shard_options(arguments);
  return options.empty() ? command : command + " " + options;
}

int emit(const SweepArguments& arguments, const Study& study) {
  EmitRequest request;
  request.program = std::filesystem::read_symlink("/proc/self/exe").string();
  request.study = arguments.study;
  request.name = study.name;
  request.store = arguments.options.store;
  request.options = shard_options(arguments);
  request.shards = *arguments.shards;
  request.jobs = arguments.jobs.value_or(1);
  print_standard_output(arguments.emit == "slurm" ? slurm_script(request)
                                                  : parallel_script(request));
  return kFine;
}

/// The study with the replications that the command line asks for.
Study as_swept(const Study& study, const SweepOptions& options) {
  Study swept = study;
  if (options.plan.replications) {
    swept.replications = *options.plan.replications;
    swept.precision.reset();
  }
  return swept;
}

int print_dry_run(const SweepArguments& arguments, const Study& study) {
  Study part = as_swept(study, arguments.options);
  const std::vector<bool> chosen = points_of_shard(study, arguments.options.plan.shard);
  part.points.clear();
  for (std::size_t i = 0; i < study.points.size(); ++i) {
    if (chosen[i]) part.points.push_back(study.points[i]);
  }
  std::string text = dry_run_text(part);
  if (!arguments.options.store.empty()) {
    text += missing_text(study, arguments.options, wanted_replications);
  }
  print_standard_output(text);
  return kFine;
}

bool all_passed(const std::vector<JudgedExpectation>& judged) {
  return std::all_of(judged.begin(), judged.end(),
                     [](const JudgedExpectation& item) { return item.passed; });
}

/// Empty when there is none.
std::string incidents_text(const Study& study, const SweepSummary& summary) {
  std::string text;
  for (const RunTask& task : summary.incidents) {
    text += fmt::format("{}{} replication {}", text.empty() ? "" : "; ",
                        settings_text(study.points[task.point].settings), task.replication);
  }
  return text;
}

/// What the outputs of a sweep are made of.
struct SweepResults {
  Results results;
  std::vector<JudgedExpectation> judged;
  std::vector<TestCase> cases;
  std::vector<std::string> imprecise;  ///< a line a point that is less precise than wanted
  std::string part;                    ///< which points a shard has; empty: it is no shard
};

/// Judges what the store has now.
void judge_sweep(const SweepArguments& arguments, const Study& study, const SweepSummary& summary,
                 SweepResults& found) {
  std::vector<std::string> metrics;
  if (arguments.outputs.empty()) {
    metrics.reserve(study.expect.size());
    for (const Expectation& item : study.expect) metrics.push_back(item.metric);
    found.results = read_results(arguments.options.store, study.name, metrics);
  } else {
    found.results = read_results(arguments.options.store, study.name);
  }
  // A shard has not what differences and slopes are made of.
  if (arguments.options.plan.shard.count == 1) found.judged = judge(study, found.results);
  found.cases = junit_cases(found.judged, found.results);
  found.cases.push_back(
      {"no unexpected violation or deadlock", incidents_text(study, summary), ""});
  if (const Shard& shard = arguments.options.plan.shard; shard.count > 1) {
    found.part = fmt::format("shard {}/{}: {} of {} points", shard.index, shard.count,
                             points_with_runs(study, found.results), study.points.size());
    const std::vector<TestCase> skipped = skipped_cases(
        study, found.part + ". Expectations are judged by the sweep of the whole study");
    found.cases.insert(found.cases.begin(), skipped.begin(), skipped.end());
  }
  found.imprecise.reserve(summary.imprecise.size());
  for (const Imprecise& item : summary.imprecise) {
    found.imprecise.push_back(imprecise_text(study, item));
  }
}

/// Over what the expectations were judged: all that the store has, if this sweep needed less, too.
std::string judged_text(const Results& results, const SweepSummary& summary) {
  const auto judged = std::count_if(results.runs.begin(), results.runs.end(),
                                    [](const Run& run) { return run.has_results(); });
  std::string text = fmt::format("judged: {} runs", judged);
  const std::size_t needed = summary.made + summary.there;
  if (results.runs.size() > needed) {
    text += fmt::format(", all that the store has of the study; this sweep asked for {}", needed);
  }
  return text;
}

/// The expectations as the HTML report shows them.
std::vector<Judged> judged_for_page(const std::vector<JudgedExpectation>& judged) {
  std::vector<Judged> page;
  page.reserve(judged.size());
  for (const JudgedExpectation& item : judged) {
    Judged& shown = page.emplace_back(Judged{item.name, item.passed, {}});
    if (!item.problem.empty()) shown.places.push_back(item.problem);
    for (const Judgement& judgement : item.judgements) {
      shown.places.push_back(judgement.where.empty() ? judgement.text
                                                     : judgement.where + ": " + judgement.text);
    }
  }
  return page;
}

/// The files asked for; their content is made of `study` and `found` when they are written.
std::vector<OutputFile> outputs_of(const SweepArguments& arguments, const Study& study,
                                   const SweepResults& found) {
  std::vector<OutputFile> outputs;
  outputs.reserve(arguments.outputs.size() + 1);
  for (OutputRequest& request :
       parse_output_requests(arguments.outputs, {"html", "csv", "jsonl"})) {
    OutputFile& file = outputs.emplace_back(std::move(request.file));
    file.write = [&arguments, &study, &found, format = request.format](std::ostream& out) {
      if (format == "html") {
        write_sweep_html(out, as_swept(study, arguments.options), found.results,
                         judged_for_page(found.judged), found.imprecise, command_of(arguments));
      } else if (format == "csv") {
        write_results_csv(out, found.results);
      } else {
        write_results_jsonl(out, found.results);
      }
    };
  }
  if (!arguments.junit.empty()) {
    outputs.push_back({"--junit " + arguments.junit, arguments.junit, [&](std::ostream& out) {
                         std::string notes = found.part.empty() ? "" : found.part + "\n";
                         for (const std::string& line : found.imprecise) {
                           notes += "imprecise: " + line + "\n";
                         }
                         write_junit_suite(out, study.name, found.cases, notes);
                       }});
  }
  return outputs;
}

int exit_code(const SweepSummary& summary, const SweepResults& found) {
  if (!summary.failed.empty() || !summary.incidents.empty()) return kViolation;
  return all_passed(found.judged) ? kFine : kExpectationFailed;
}

int run_sweep(SweepArguments arguments) {
  SweepOptions& options = arguments.options;
  options.overrides = arguments.overrides;
  options.jobs = arguments.jobs.value_or(usable_cores());
  check_combinations(arguments);
  check_seconds("--point-timeout", arguments.timeout_s);
  options.timeout_s = arguments.timeout_s.value_or(0.0);
  if (!arguments.shard.empty()) options.plan.shard = parse_shard(arguments.shard);
  const Study study = load_study(arguments.study, arguments.overrides, arguments.yes);
  if (!arguments.emit.empty()) return emit(arguments, study);
  if (arguments.dry_run) return print_dry_run(arguments, study);

  SweepResults found;
  const std::vector<OutputFile> outputs = outputs_of(arguments, study, found);
  check_outputs(outputs, joined(files_kept(study), store_kept(options.store)));
  const SweepSummary summary = sweep(study, options, wanted_replications);
  if (summary.stopped_by != 0) {
    die_of(summary.stopped_by);
    return kInternal;  // not reached, unless the signal is blocked
  }
  judge_sweep(arguments, study, summary, found);
  if (!found.judged.empty()) {
    fmt::print(stderr, "{}\n{}", judged_text(found.results, summary), verdict_text(found.judged));
  }
  write_outputs(outputs);
  return exit_code(summary, found);
}

void add_limits(CLI::App& command, SweepArguments& arguments) {
  SweepOptions& options = arguments.options;
  command
      .add_option("--jobs", arguments.jobs,
                  "Worker processes; without it as many as there are cores")
      ->check(CLI::Range(1, 1024));
  command.add_option("--shard", arguments.shard, "Sweep only the I-th of N parts of the points")
      ->type_name("I/N");
  command
      .add_option("--replications", options.plan.replications,
                  "Runs of each point, instead of the study's count or precision")
      ->check(CLI::Range(1, 10000));
  command.add_option("--point-timeout", arguments.timeout_s,
                     "Seconds that one run may take; longer is a failed run");
  command
      .add_option("--memory-mib", options.memory_mib,
                  "Address space that a worker may have; a run that needs more has failed")
      ->check(CLI::Range(std::int64_t{64}, std::int64_t{1} << 30));
  command.add_flag("--keep-failed", options.plan.keep_failed,
                   "Do not try again what failed before");
}

}  // namespace

void add_sweep_command(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<SweepArguments>();
  SweepOptions& options = arguments->options;
  CLI::App* command = app.add_subcommand(
      "sweep", "Run what a store lacks of a study, in worker processes, and judge it");
  command->add_option("study", arguments->study, "Study file")->required();
  command
      ->add_option("--store", options.store,
                   "Store for the results; made when there is none. Needed but for --dry-run")
      ->type_name("FILE")
      ->check(file_name());
  command
      ->add_option("--set", arguments->overrides,
                   "Change a field of the scenario in all points: nic.mtu=9000. May be given "
                   "several times")
      ->type_name("FIELD=VALUE")
      ->allow_extra_args(false);
  add_limits(*command, *arguments);
  command
      ->add_option("--engine", options.engine,
                   "What runs the simulated threads: fiber, or simgrid, which gives the same "
                   "results and takes longer")
      ->check(CLI::IsMember({"simgrid", "fiber"}))
      ->capture_default_str();
  command->add_flag("--dry-run", arguments->dry_run,
                    "List the points, their hashes and what they will cost, and run nothing");
  command->add_flag("--yes", arguments->yes, "Sweep however many points the study has");
  command
      ->add_option("--out", arguments->outputs,
                   "Write all that the store has of the study, as html, a report that opens "
                   "anywhere, or as csv or jsonl, one row a run; FILE - is standard output. May be "
                   "given several times")
      ->type_name("FORMAT:FILE")
      ->allow_extra_args(false);
  command
      ->add_option("--junit", arguments->junit,
                   "Write the study's expectations as JUnit XML, one test case each")
      ->type_name("FILE")
      ->check(file_name());
  command
      ->add_option("--emit", arguments->emit,
                   "Run nothing; print a script that spreads the sweep over machines: slurm, a "
                   "batch script for an array job, or parallel, for GNU parallel")
      ->check(CLI::IsMember({"slurm", "parallel"}));
  command->add_option("--shards", arguments->shards, "Parts that --emit makes of the study")
      ->check(CLI::Range(1, 100000));
  command->footer(help_end(
      "Examples: sockbufsim sweep mtu.json --dry-run\n"
      "          sockbufsim sweep mtu.json --store mtu.db --jobs 4 --out html:mtu.html\n"
      "          sockbufsim sweep mtu.json --store mtu.db --emit slurm --shards 16 > mtu.sbatch"));
  command->callback(
      [arguments, &action] { action = [arguments] { return run_sweep(*arguments); }; });
}

}  // namespace cli
