// SPDX-License-Identifier: BSD-2-Clause
#include "cli/run.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ostream>
#include <utility>

#include "cli/errors.hpp"
#include "cli/junit.hpp"
#include "cli/kept_files.hpp"
#include "cli/output.hpp"
#include "cli/output_request.hpp"
#include "cli/progress_line.hpp"
#include "cli/report/formats.hpp"
#include "cli/shell.hpp"
#include "cli/standard_output.hpp"
#include "cli/study/load.hpp"
#include "cli/sweep/one_run.hpp"
#include "models/report/json.hpp"
#include "models/report/summarise.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/nearest.hpp"

namespace cli {
namespace {

struct Output {
  const Format* format;
  OutputFile file;
};

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  names.reserve(formats().size());
  for (const Format& format : formats()) names.emplace_back(format.name);
  return names;
}

std::vector<Output> parse_outputs(const std::vector<std::string>& texts) {
  std::vector<Output> outputs;
  outputs.reserve(texts.size() + 1);
  for (OutputRequest& request : parse_output_requests(texts, format_names())) {
    outputs.push_back({find_format(request.format), std::move(request.file)});
  }
  return outputs;
}

/// Those with an option of their own, besides the seed.
std::vector<std::string> run_overrides(const RunOptions& options) {
  std::vector<std::string> all;
  if (options.replications) all.push_back(fmt::format("replications={}", *options.replications));
  if (options.tie_break) all.push_back(fmt::format("tie_break=\"{}\"", *options.tie_break));
  return all;
}

std::vector<std::string> all_overrides(const RunOptions& options) {
  std::vector<std::string> all = options.overrides;
  if (options.seed) all.push_back(fmt::format("seed={}", *options.seed));
  for (std::string& item : run_overrides(options)) all.push_back(std::move(item));
  return all;
}

/// What is to be simulated, and what it was read from.
struct Loaded {
  models::LoadedScenario scenario;
  std::vector<KeptFile> files;
};

Loaded load_point_of_study(const RunOptions& options) {
  const Study study = load_study(options.scenario, options.overrides, true);
  std::vector<std::string> known;
  known.reserve(study.points.size());
  for (const Point& point : study.points) {
    if (point.hash == options.point) {
      return {load_point(study, point, options.seed.value_or(point.seed), run_overrides(options)),
              files_kept(study)};
    }
    known.push_back(point.hash);
  }
  throw UsageError(fmt::format(
      "--point: found {}; allowed: the hash of one of the {} points of {}, as `sweep --dry-run` "
      "lists them{}",
      models::quote(options.point), known.size(), options.scenario,
      models::suggestion(options.point, known)));
}

void note_missing_events(const sim::Timeline* timeline) {
  if (timeline == nullptr || timeline->dropped() == 0) return;
  fmt::print(stderr,
             "sockbufsim: note: the trace lacks {} events; observe.timeline says which window to "
             "record and how many events\n",
             timeline->dropped());
}

struct AllRuns {
  std::vector<models::Report> replications;
  std::unique_ptr<sim::Timeline> timeline;  ///< of the first replication
};

/// What the run cost the simulator itself.
void note_cost(models::Report& report, std::chrono::duration<double> wall) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  report.simulator.wall_s = wall.count();
  report.simulator.frames_per_wall_s = report.throughput.frames_received / wall.count();
  report.simulator.peak_rss_mib = static_cast<double>(usage.ru_maxrss) / 1024.0;
}

sim::EngineKind engine_kind(const RunOptions& options) {
  return options.engine == "fiber" ? sim::EngineKind::fiber : sim::EngineKind::simgrid;
}

AllRuns simulate_all(const models::LoadedScenario& loaded, const RunOptions& options,
                     bool wants_timeline, const Simulate& simulate) {
  AllRuns results;
  const sim::EngineKind engine = engine_kind(options);
  const std::int64_t first = options.replication.value_or(0);
  const int count = options.replication ? 1 : loaded.scenario.replications;
  ProgressLine progress;
  for (int i = 0; i < count; ++i) {
    if (count > 1) progress.show(fmt::format("replication {} of {}", i + 1, count));
    models::RunRequest request;
    request.scenario = &loaded;
    request.replication = static_cast<std::uint32_t>(first + i);
    request.record_timeline = wants_timeline && i == 0;
    request.engine = engine;
    models::RunOutput output = simulate_timed(request, simulate);
    results.replications.push_back(std::move(output.report));
    if (output.timeline) results.timeline = std::move(output.timeline);
  }
  return results;
}

int exit_code(const models::Report& report, bool incident) {
  if (incident) return kViolation;
  const bool passed =
      std::all_of(report.expectations.begin(), report.expectations.end(),
                  [](const models::ExpectationReport& item) { return item.passed; });
  return passed ? kFine : kExpectationFailed;
}

Loaded load(const RunOptions& options) {
  if (!options.point.empty()) return load_point_of_study(options);
  Loaded loaded{load_no_study(options.scenario, all_overrides(options)), {}};
  loaded.files = files_kept(loaded.scenario);
  return loaded;
}

}  // namespace

models::RunOutput simulate_timed(const models::RunRequest& request, const Simulate& simulate) {
  const auto start = std::chrono::steady_clock::now();
  models::RunOutput output = simulate(request);
  note_cost(output.report, std::chrono::steady_clock::now() - start);
  return output;
}

std::string rerun_command(const RunOptions& options, std::int64_t seed) {
  std::string command = "sockbufsim run " + shell_word(options.scenario);
  if (!options.point.empty()) command += " --point " + options.point;
  for (const std::string& item : options.overrides) command += " --set " + shell_word(item);
  command += fmt::format(" --seed {}", seed);
  if (options.replications) command += fmt::format(" --replications {}", *options.replications);
  if (options.tie_break) command += " --tie-break " + *options.tie_break;
  if (options.engine != "simgrid") command += " --engine " + options.engine;
  if (options.replication) command += fmt::format(" --replication {}", *options.replication);
  return command;
}

int run(const RunOptions& options, const Simulate& simulate) {
  std::vector<Output> outputs = parse_outputs(options.outputs);
  const Loaded input = load(options);
  const models::LoadedScenario& loaded = input.scenario;
  const std::vector<models::Expect>& expected = loaded.scenario.expect;
  models::check_metric_names(expected, options.scenario);

  models::Report report;
  std::unique_ptr<sim::Timeline> timeline;
  bool incident = false;
  std::vector<OutputFile> files;
  files.reserve(outputs.size() + 1);
  for (Output& output : outputs) {
    const bool colour = output.file.path == "-" && standard_output_has_colour();
    output.file.write = [&, colour, format = output.format](std::ostream& out) {
      format->write(out, {report, timeline.get(), colour, loaded.canonical()});
    };
    files.push_back(output.file);
  }
  if (!options.junit.empty()) {
    files.push_back({"--junit " + options.junit, options.junit,
                     [&](std::ostream& out) { write_junit(out, report, incident); }});
  }
  check_outputs(files, input.files);

  const bool wants_timeline = std::any_of(outputs.begin(), outputs.end(), [](const Output& output) {
    return output.format->needs_timeline;
  });
  AllRuns results = simulate_all(loaded, options, wants_timeline, simulate);
  timeline = std::move(results.timeline);
  report = models::summarise(results.replications);
  models::check_expectations(expected, results.replications, report);
  incident = models::has_unexpected_incident(expected, results.replications);
  report.provenance.command = rerun_command(options, loaded.scenario.seed);
  report.provenance.fingerprint = models::report_fingerprint(report);
  write_outputs(files);
  note_missing_events(timeline.get());
  return exit_code(report, incident);
}

}  // namespace cli
