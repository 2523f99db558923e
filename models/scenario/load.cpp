// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/load.hpp"

#include <filesystem>
#include <map>

#include "models/scenario/check.hpp"
#include "models/scenario/field_reader.hpp"
#include "models/scenario/field_writer.hpp"
#include "models/scenario/fields_load.hpp"
#include "models/scenario/fields_profile.hpp"

namespace models {
namespace {

std::string relative_to(const std::string& path, const std::string& directory) {
  if (path.empty() || path.front() == '/' || directory == ".") return path;
  return (std::filesystem::path(directory) / path).string();
}

/// All overrides, each reported on its own.
void apply_overrides(Document& document, const std::vector<std::string>& overrides) {
  ErrorList errors;
  for (const std::string& assignment : overrides) {
    try {
      document.override_with(assignment);
    } catch (const ScenarioErrors& failed) {
      for (const ScenarioError& error : failed.errors()) errors.add(error);
    }
  }
  errors.throw_if_any();
}

void fill_in(Scenario& scenario, const Document& document, const std::string& path) {
  if (scenario.name.empty()) scenario.name = std::filesystem::path(path).stem().string();
  for (std::size_t i = 0; i < scenario.threads.size(); ++i) {
    ThreadGroup& group = scenario.threads[i];
    if (group.name.empty()) group.name = "threads" + std::to_string(i);
  }
  scenario.traffic.file =
      relative_to(scenario.traffic.file_as_written, document.directory_of("/traffic/file"));
}

using Profiles = std::map<std::string, Profile>;

/// `profiles`: those read before, by name and directory.
const Profile& profile_of(const Machine& machine, const Document& document, Profiles& profiles) {
  const std::string directory = document.directory_of("/machine/profile");
  const std::string key = machine.profile + '\n' + directory;
  const auto known = profiles.find(key);
  if (known != profiles.end()) return known->second;
  return profiles
      .emplace(key, load_profile(machine.profile, directory,
                                 document.error_at("/machine/profile", "", "")))
      .first->second;
}

LoadedScenario finish(Document document, const std::string& path,
                      const std::vector<std::string>& overrides, Profiles& profiles) {
  apply_overrides(document, overrides);
  LoadedScenario loaded;
  loaded.path = path;
  loaded.files = document.files();
  ErrorList errors;
  read_struct(document, errors, loaded.scenario);
  errors.throw_if_any();
  fill_in(loaded.scenario, document, path);
  const Machine& machine = loaded.scenario.machine;
  loaded.profile = profile_of(machine, document, profiles);
  if (is_profile_path(machine.profile)) {
    loaded.profile_file = relative_to(machine.profile, document.directory_of("/machine/profile"));
  }
  loaded.costs = compile_costs(loaded.profile, machine);
  loaded.topology = compile_topology(loaded.profile, machine);
  check_scenario(document, loaded, errors);
  errors.throw_if_any();
  return loaded;
}

}  // namespace

std::string LoadedScenario::canonical() const { return dump_scenario(scenario); }

struct ScenarioSource::State {
  Document document;
  std::string path;
  Profiles profiles;
};

ScenarioSource ScenarioSource::from_file(const std::string& path) {
  ScenarioSource source;
  source.state_ = std::make_shared<State>(State{Document::from_file(path), path, {}});
  return source;
}

ScenarioSource ScenarioSource::from_text(const std::string& text, const std::string& label,
                                         const std::string& directory) {
  ScenarioSource source;
  source.state_ =
      std::make_shared<State>(State{Document::from_text(text, label, directory), label, {}});
  return source;
}

const std::vector<std::string>& ScenarioSource::files() const { return state_->document.files(); }

LoadedScenario ScenarioSource::load(const std::vector<std::string>& overrides) const {
  return finish(state_->document, state_->path, overrides, state_->profiles);
}

LoadedScenario load_scenario(const std::string& path, const std::vector<std::string>& overrides) {
  return ScenarioSource::from_file(path).load(overrides);
}

LoadedScenario load_scenario_text(const std::string& text, const std::string& label,
                                  const std::string& directory,
                                  const std::vector<std::string>& overrides) {
  return ScenarioSource::from_text(text, label, directory).load(overrides);
}

std::string dump_scenario(const Scenario& scenario, int indent) {
  return to_json(scenario).dump(indent) + (indent < 0 ? "" : "\n");
}

}  // namespace models
