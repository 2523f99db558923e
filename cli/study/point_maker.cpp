// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/point_maker.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "cli/study/cost.hpp"
#include "cli/study/settings.hpp"
#include "cli/study/study_values.hpp"
#include "models/scenario/field_kind.hpp"
#include "sim/base/fnv.hpp"

namespace cli {
namespace {

using models::Json;
using models::ScenarioError;

/// Seeds fit into a number of JSON.
constexpr std::uint64_t kSeedMask = (std::uint64_t{1} << 53) - 1;

bool starts_with_path(const std::string& pointer, const std::string& prefix) {
  return pointer.starts_with(prefix) &&
         (pointer.size() == prefix.size() || pointer[prefix.size()] == '/');
}

std::string hex(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

}  // namespace

PointMaker::PointMaker(const StudyFile& study, const models::Document& document,
                       const std::vector<Column>& columns, const PointExpressions& expressions,
                       models::ScenarioSource& source, std::vector<Assigned> fixed,
                       std::vector<std::string> command_line)
    : study_(study),
      document_(document),
      columns_(columns),
      expressions_(expressions),
      source_(source),
      fixed_(std::move(fixed)),
      command_line_(std::move(command_line)),
      directory_(document.directory_of("")) {}

std::string override_text(const Assigned& assigned, const std::string& directory) {
  const Json value = Json::parse(assigned.value.json);
  if (!value.is_string()) return assigned.path + "=" + assigned.value.json;
  std::string text = value.get<std::string>();
  const bool is_file = assigned.path == "traffic.file" ||
                       (assigned.path == "machine.profile" && models::is_profile_path(text));
  if (is_file && !text.empty() && text.front() != '/' && directory != ".") {
    text = (std::filesystem::path(directory) / text).string();
  }
  const bool is_text =
      models::scenario_field_kind(steps_of_path(assigned.path)) == models::FieldKind::text;
  const bool plain = is_text && text != "null" && !text.starts_with('"');
  return assigned.path + "=" + (plain ? text : Json(text).dump());
}

std::string PointMaker::content_hash(const std::string& path) {
  const auto known = content_hashes_.find(path);
  if (known != content_hashes_.end()) return known->second;
  std::ifstream file(path, std::ios::binary);
  std::uint64_t hash = sim::kFnvOffset;
  std::vector<char> block(std::size_t{1} << 16);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    hash = sim::fnv1a({block.data(), static_cast<std::size_t>(file.gcount())}, hash);
  }
  return content_hashes_.emplace(path, "content:" + hex(hash)).first->second;
}

std::vector<std::string> PointMaker::named_files() const {
  std::vector<std::string> files;
  files.reserve(content_hashes_.size());
  for (const auto& [path, hash] : content_hashes_) files.push_back(path);
  return files;
}

/// Covers what determines results: not the seed and its replications, nor names and expectations;
/// of files their contents, wherever they are.
std::string PointMaker::hash_of(const models::LoadedScenario& loaded) {
  models::Scenario scenario = loaded.scenario;
  const models::Scenario plain;
  scenario.name.clear();
  scenario.description.clear();
  scenario.seed = plain.seed;
  scenario.replications = plain.replications;
  scenario.expect.clear();
  if (!scenario.traffic.file.empty()) {
    scenario.traffic.file_as_written = content_hash(scenario.traffic.file);
  }
  if (!loaded.profile_file.empty()) scenario.machine.profile = content_hash(loaded.profile_file);
  return hex(sim::fnv1a(models::dump_scenario(scenario)));
}

Point PointMaker::make(const Combination& combination, models::ErrorList& errors) {
  Point point;
  point.settings = settings_of(columns_, combination);
  std::vector<Assigned> assigned = fixed_;
  for (const Level& level : combination) {
    assigned.insert(assigned.end(), level.sets.begin(), level.sets.end());
  }
  try {
    for (Assigned& value : expressions_.dependent_values(combination)) {
      assigned.push_back(std::move(value));
    }
    point.overrides.reserve(assigned.size() + command_line_.size());
    for (const Assigned& value : assigned)
      point.overrides.push_back(override_text(value, directory_));
    point.overrides.insert(point.overrides.end(), command_line_.begin(), command_line_.end());
    const models::LoadedScenario loaded = source_.load(point.overrides);
    base_replications_ = loaded.scenario.replications;
    point.hash = hash_of(loaded);
    point.seed = study_.seed.value_or(loaded.scenario.seed);
    if (study_.seed_policy == SeedPolicy::independent) {
      const std::string key = fmt::format("{}/{}", point.seed, point.hash);
      point.seed = static_cast<std::int64_t>(sim::fnv1a(key) & kSeedMask);
    }
    point.cost_s = estimate_cost_s(loaded);
    models::Scenario scenario = loaded.scenario;
    scenario.seed = point.seed;
    scenario.replications = 1;
    scenario.traffic.file_as_written = scenario.traffic.file;
    if (!loaded.profile_file.empty()) scenario.machine.profile = loaded.profile_file;
    point.scenario = models::dump_scenario(scenario);
  } catch (const models::ScenarioErrors& failed) {
    report(failed, point, assigned, errors);
  }
  return point;
}

void PointMaker::report(const models::ScenarioErrors& failed, const Point& at,
                        const std::vector<Assigned>& assigned, models::ErrorList& errors) {
  for (ScenarioError error : failed.errors()) {
    // An override of the study: say where the study makes it.
    const Assigned* said_by = nullptr;
    for (const Assigned& value : assigned) {
      const std::string pointer = pointer_of_path(value.path);
      if (!error.file.starts_with("--set") || error.pointer.empty()) continue;
      if (starts_with_path(error.pointer, pointer) || starts_with_path(pointer, error.pointer)) {
        said_by = &value;
      }
    }
    const std::string field = error.pointer;
    if (!reported_.insert(field + '\n' + error.found + '\n' + error.allowed).second) continue;
    if (said_by != nullptr) {
      error = document_.error_at(said_by->pointer, error.found, error.allowed, error.hint);
      error.found += " for " + field;
    }
    if (error.hint.find("In the point") == std::string::npos) {
      error.hint = hint_of_point(error.hint, at.settings);
    }
    errors.add(std::move(error));
  }
}

}  // namespace cli
