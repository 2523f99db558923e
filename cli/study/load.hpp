// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/study/study.hpp"
#include "models/scenario/load.hpp"

/// From a study file to its points.
namespace cli {

inline constexpr const char* kStudySchema = "sockbufsim/study/1";

/// A study of more points than this is an error unless the user has said `--yes`.
inline constexpr std::size_t kMostPoints = 10000;

/// And more than this are an error even then: a point takes 6 KiB of memory.
inline constexpr std::size_t kMostPointsEver = 1'000'000;

/// Reads, checks and expands a study file. Each override is `a.b.0.c=VALUE`, as `--set` has it: it
/// applies to every point, above the study's `set`, and names no field that the study varies.
/// Every point has been loaded as a scenario once, so that none can fail for its scenario later.
/// Throws models::ScenarioErrors and nothing else.
Study load_study(const std::string& path, const std::vector<std::string>& overrides = {},
                 bool any_number_of_points = false);

/// Whether the JSON file says that it is a study: its `schema` starts with `sockbufsim/study/`.
/// False for a file that cannot be read.
bool is_study_file(const std::string& path);

/// As models::load_scenario. Throws UsageError, too: for a study, saying which commands take one.
models::LoadedScenario load_no_study(const std::string& path,
                                     const std::vector<std::string>& overrides);

/// JSON Schema (2020-12) of study files.
std::string study_json_schema();

/// docs/study.md.
std::string study_markdown();

/// The example in docs/study.md: a study that loads.
std::string study_example();

}  // namespace cli
