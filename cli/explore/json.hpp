// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/explore/exploration.hpp"
#include "cli/explore/interleaving.hpp"
#include "models/report/json_object.hpp"
#include "sim/base/build_info.hpp"

/// Parts that the JSON of several commands shares. Include only from .cpp files.
namespace cli {

/// Indented, with a line break at its end; bytes that are not UTF-8 become U+FFFD.
std::string json_text(const nlohmann::ordered_json& json);

nlohmann::ordered_json json_of_steps(const sim::Replayed& replayed,
                                     const std::vector<std::string>& threads);

/// What a document was made from, and how.
struct Provenance {
  const models::LoadedScenario* scenario = nullptr;
  std::string command;
};
models::JsonObject<Provenance> provenance_members();

/// Adds `version`, `commit` and `build_type` of this program.
template <class T>
void add_program_members(models::JsonObject<T>& object) {
  object
      .member("version", "Version of sockbufsim.",
              [](const T&) { return std::string(sim::version()); })
      .member("commit", "Commit it was built from; may be empty.",
              [](const T&) { return std::string(sim::commit()); })
      .member("build_type", "CMake's build type.",
              [](const T&) { return std::string(sim::build_type()); });
}

/// What verdict_of() may be.
std::vector<std::string> search_verdicts();

/// What the `strategy` of documents means.
inline constexpr const char* kStrategyDoc =
    "Which interleavings were executed, as `--strategy` says it: `exhaustive`, `preemptions:2`.";
/// What a `schedule` in documents means.
inline constexpr const char* kScheduleDoc =
    "The interleaving up to the violation: threads as letters from `a`, `!` after a choice "
    "answered with yes, repetitions as counts.";

/// The receive algorithm; empty when the scenario has no sockets.
std::string algorithm_of(const models::Scenario& scenario);

/// "clean" (and complete), "violation" or "bounded". Not for a search that failed.
std::string verdict_of(const Searched& searched);

}  // namespace cli
