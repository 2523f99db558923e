// SPDX-License-Identifier: BSD-2-Clause
#include "cli/sweep/one_run.hpp"

#include <fmt/format.h>

#include <utility>

#include "models/report/json.hpp"
#include "models/report/metrics.hpp"
#include "models/report/summarise.hpp"

namespace cli {
namespace {

constexpr std::size_t kNoPoint = static_cast<std::size_t>(-1);

std::string status_of(const models::Report& report) {
  switch (report.verdict) {
    case models::Verdict::completed:
      return "ok";
    case models::Verdict::violation:
      return "violation";
    case models::Verdict::deadlock:
      return "deadlock";
  }
  return "error";
}

std::string reason_of(const models::Report& report) {
  if (report.violations.empty()) return {};
  const models::ViolationReport& first = report.violations.front();
  return first.kind + ": " + first.message;
}

}  // namespace

std::string point_command(const Study& study, const Point& point, const std::string& engine,
                          const std::vector<std::string>& overrides) {
  RunOptions options;
  options.engine = engine;
  if (study.base.empty()) {  // the scenario stands within the study
    options.scenario = study.path;
    options.point = point.hash;
    options.overrides = overrides;
  } else {
    options.scenario = study.base;
    options.overrides = point.overrides;
  }
  return rerun_command(options, point.seed);
}

models::LoadedScenario load_point(const Study& study, const Point& point, std::int64_t seed,
                                  std::vector<std::string> overrides) {
  overrides.push_back(fmt::format("seed={}", seed));
  return models::load_scenario_text(point.scenario, study.base.empty() ? study.path : study.base,
                                    study.directory, overrides);
}

RunMaker::RunMaker(const Study& study, const std::vector<std::string>& commands,
                   sim::EngineKind engine, const Simulate& simulate)
    : study_(study), commands_(commands), engine_(engine), simulate_(simulate), point_(kNoPoint) {}

RunMaker::~RunMaker() = default;

StoredRun RunMaker::make(const RunTask& task) {
  const Point& point = study_.points.at(task.point);
  if (point_ != task.point) {
    loaded_ = std::make_unique<models::LoadedScenario>(load_point(study_, point, point.seed));
    point_ = task.point;
  }
  models::RunRequest request;
  request.scenario = loaded_.get();
  request.replication = static_cast<std::uint32_t>(task.replication);
  request.engine = engine_;
  models::Report report = simulate_timed(request, simulate_).report;
  models::check_expectations(loaded_->scenario.expect, {report}, report);
  report.provenance.command =
      fmt::format("{} --replication {}", commands_[task.point], task.replication);
  report.provenance.fingerprint = models::report_fingerprint(report);

  StoredRun run;
  run.point = point.hash;
  run.seed = point.seed;
  run.replication = task.replication;
  run.status = status_of(report);
  run.reason = reason_of(report);
  run.fingerprint = report.provenance.fingerprint;
  run.wall_s = report.simulator.wall_s;
  std::vector<StoredMetric> metrics;
  for (models::Metric& metric : models::metrics(report)) {
    metrics.push_back({std::move(metric.path), std::string(metric.unit), metric.value});
  }
  run.metrics = StoredMetrics(metrics);
  const std::string json = models::report_json(report);
  run.report_bytes = json.size();
  run.report = compress_report(json);
  return run;
}

}  // namespace cli
