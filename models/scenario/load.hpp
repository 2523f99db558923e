// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/scenario/errors.hpp"
#include "models/scenario/profile.hpp"
#include "models/scenario/scenario.hpp"

namespace models {

/// A scenario that has been checked, and what it refers to.
struct LoadedScenario {
  Scenario scenario;
  Profile profile;
  Costs costs;
  std::vector<CorePlace> topology;  ///< one entry a core; empty: every thread has a core of its own
  std::string path;                 ///< as given
  std::string profile_file;        ///< the profile's file, relative paths resolved; empty: built in
  std::vector<std::string> files;  ///< that it was read from: what is extended, then itself

  /// dump_scenario(scenario): what the scenario hash covers. Takes as long as loading.
  std::string canonical() const;
};

/// Reads, merges (`extends`), overrides and checks a scenario file. Each override is
/// `a.b.0.c=VALUE`, VALUE being JSON, or else text. Throws ScenarioErrors and nothing else.
LoadedScenario load_scenario(const std::string& path,
                             const std::vector<std::string>& overrides = {});

/// As load_scenario, for text that stands in no file; `label` names it in errors, relative paths
/// start at `directory`.
LoadedScenario load_scenario_text(const std::string& text, const std::string& label,
                                  const std::string& directory = ".",
                                  const std::vector<std::string>& overrides = {});

/// A scenario file that is read once and loaded many times, with different overrides.
class ScenarioSource {
 public:
  /// Both read what the file extends, too. They throw ScenarioErrors and nothing else.
  static ScenarioSource from_file(const std::string& path);
  static ScenarioSource from_text(const std::string& text, const std::string& label,
                                  const std::string& directory);

  /// That it was read from: what is extended, then the file itself unless it came as text.
  const std::vector<std::string>& files() const;

  /// What load_scenario gives. Not for several threads at once: machine profiles are remembered.
  LoadedScenario load(const std::vector<std::string>& overrides) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// The effective scenario as JSON: every field that applies, defaults included, in the order of the
/// field table; loads back to the same scenario. `indent` < 0: one line (the canonical form).
std::string dump_scenario(const Scenario& scenario, int indent = -1);

/// JSON Schema (2020-12) of scenario files.
std::string scenario_json_schema();

/// docs/scenario.md.
std::string scenario_markdown();

/// The example in docs/scenario.md: a scenario that loads.
std::string scenario_example();

/// The names a scenario may give as receive.algorithm.
std::vector<std::string> algorithm_names();

}  // namespace models
