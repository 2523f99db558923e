// SPDX-License-Identifier: BSD-2-Clause
//
// Every receive algorithm under every disturbance.
#include "cli/explore/matrix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <ostream>
#include <utility>

#include "cli/errors.hpp"
#include "cli/explore/json.hpp"
#include "cli/explore/options.hpp"
#include "cli/explore/overrides.hpp"
#include "cli/kept_files.hpp"
#include "cli/study/load.hpp"
#include "models/explore/explored_scenario.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/nearest.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefaultFolder = "scenarios/races";

[[noreturn]] void cannot_read(const std::string& path, const std::string& why) {
  throw UsageError(fmt::format("found {}: {}; allowed: scenario files, and folders with *.json",
                               models::quote(path), why));
}

std::vector<std::string> files_of(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> inside;
    for (const auto& entry : fs::directory_iterator(path, error)) {
      if (entry.path().extension() == ".json") inside.push_back(entry.path().string());
    }
    if (error) cannot_read(path, error.message());
    if (inside.empty()) cannot_read(path, "no *.json in it");
    std::sort(inside.begin(), inside.end());
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

std::vector<std::string> rows_of(const ExploreOptions& options) {
  const std::vector<std::string> known = models::algorithm_names();
  const std::vector<std::string>& wanted = options.algorithms;
  for (auto at = wanted.begin(); at != wanted.end(); ++at) {
    const std::string& name = *at;
    if (std::find(wanted.begin(), at, name) != at) {
      throw UsageError(
          fmt::format("--algorithms: found {} again; allowed: each row once", models::quote(name)));
    }
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string hint = models::suggest(name, known);
    throw UsageError(fmt::format("--algorithms: found {}; allowed: {}{}{}", models::quote(name),
                                 models::join_names(known), hint.empty() ? "" : ". ", hint));
  }
  return wanted.empty() ? known : wanted;
}

std::string algorithm_override(const std::string& algorithm) {
  return "receive.algorithm=" + algorithm;
}

/// A cell that is still to be explored.
struct Task {
  std::string algorithm;
  models::LoadedScenario loaded;
};

std::vector<Task> tasks_of(const ExploreOptions& options, Matrix& matrix) {
  std::vector<std::string> paths = options.scenarios;
  if (paths.empty()) paths.emplace_back(kDefaultFolder);
  const std::vector<std::string> files = files_of(paths);
  std::vector<Task> tasks;
  tasks.reserve(files.size() * matrix.algorithms.size());
  for (const std::string& algorithm : matrix.algorithms) {
    for (const std::string& file : files) {
      std::vector<std::string> overrides = all_overrides(options);
      overrides.push_back(algorithm_override(algorithm));
      tasks.push_back({algorithm, load_no_study(file, overrides)});
      const models::LoadedScenario& loaded = tasks.back().loaded;
      if (loaded.scenario.sockets.empty()) {
        throw UsageError(
            fmt::format("{}: found a scenario without sockets; allowed with --matrix: "
                        "one that receives",
                        file));
      }
      static_cast<void>(models::ExploredScenario(loaded.scenario, loaded.path));
    }
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string& name = tasks[i].loaded.scenario.name;
    const auto& known = matrix.disturbances;
    if (std::find(known.begin(), known.end(), name) != known.end()) {
      throw UsageError(
          fmt::format("{}: found a second scenario of the name {}; allowed: one of "
                      "each name",
                      files[i], models::quote(name)));
    }
    matrix.disturbances.push_back(name);
    matrix.scenarios.push_back(&tasks[i].loaded);
  }
  return tasks;
}

/// The command that explores one cell alone.
std::string command_of(const Task& task, const ExploreOptions& options) {
  ExploreOptions alone = options;
  alone.matrix = false;
  alone.algorithms.clear();
  alone.scenarios = {task.loaded.path};
  alone.overrides.push_back(algorithm_override(task.algorithm));
  return explore_command_line(alone);
}

}  // namespace

std::string VerdictCell::kinds() const {
  std::string text;
  for (const auto& found : searched.result.violations) {
    text += (text.empty() ? "" : ", ") + found.finding.kind;
  }
  return text;
}

std::string VerdictCell::verdict() const {
  return failure.empty() ? verdict_of(searched) : "failed";
}

std::string VerdictCell::text() const {
  const std::string word = verdict();
  if (word == "violation") return kinds();
  return word == "bounded" ? "bounded, none found" : word;
}

std::string Matrix::last_line() const {
  const auto complete = static_cast<std::size_t>(
      std::count_if(cells.begin(), cells.end(),
                    [](const VerdictCell& cell) { return cell.searched.result.exhaustive; }));
  if (complete == cells.size()) {
    return fmt::format("complete: {} of {} cells", complete, cells.size());
  }
  const auto failed = static_cast<std::size_t>(std::count_if(
      cells.begin(), cells.end(), [](const VerdictCell& cell) { return !cell.failure.empty(); }));
  const std::size_t bounded = cells.size() - complete - failed;
  std::string text = fmt::format("bounded: {} of {} cells are complete", complete, cells.size());
  if (bounded > 0) text += fmt::format(", {} not exhaustive", bounded);
  if (failed > 0) text += fmt::format(", {} failed", failed);
  return text;
}

int explore_matrix(const ExploreOptions& options) {
  check_options(options);
  Matrix matrix;
  const std::vector<OutputFile> files = document_outputs(options.outputs, matrix_formats(), matrix);
  matrix.command = explore_command_line(options);
  matrix.algorithms = rows_of(options);
  const std::vector<Task> tasks = tasks_of(options, matrix);
  std::vector<KeptFile> kept;
  for (const Task& task : tasks) {
    kept = joined(std::move(kept), files_kept(task.loaded, "a scenario"));
  }
  check_outputs(files, kept);

  matrix.request = search_request(options);
  matrix.cells.reserve(tasks.size());
  for (const Task& task : tasks) {
    SearchRequest request = matrix.request;
    request.label = fmt::format("cell {} of {}, {} under {}", matrix.cells.size() + 1, tasks.size(),
                                task.algorithm, task.loaded.scenario.name);
    VerdictCell& cell = matrix.cells.emplace_back(
        VerdictCell{task.algorithm, task.loaded.scenario.name,
                    search_scenario(task.loaded, request), command_of(task, options), ""});
    if (cell.searched.failed()) cell.failure = failure_text(task.loaded);
  }
  write_outputs(files);
  bool failed = false;
  for (const VerdictCell& cell : matrix.cells) {
    if (cell.failure.empty()) continue;
    failed = true;
    fmt::print(stderr, "sockbufsim: {} under {} failed: {}\n", cell.algorithm, cell.disturbance,
               cell.failure);
  }
  return failed ? kUsage : kFine;
}

}  // namespace cli
