// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/explore/exploration.hpp"
#include "cli/explore/interleaving.hpp"

/// Parts that the JSON of several commands shares. Include only from .cpp files.
namespace cli {

/// Indented, with a line break at its end; bytes that are not UTF-8 become U+FFFD.
std::string json_text(const nlohmann::ordered_json& json);

nlohmann::ordered_json json_of_steps(const sim::Replayed& replayed,
                                     const std::vector<std::string>& threads);

nlohmann::ordered_json json_of_provenance(const models::LoadedScenario& loaded,
                                          const std::string& command);

/// The receive algorithm; empty when the scenario has no sockets.
std::string algorithm_of(const models::Scenario& scenario);

/// "clean" (and complete), "violation" or "bounded".
std::string verdict_of(const Searched& searched);

}  // namespace cli
