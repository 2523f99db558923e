// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"
#include "cli/study/study.hpp"
#include "models/scenario/load.hpp"

/// What a command reads, for check_outputs(): no output may take its place.
namespace cli {

/// A scenario's files: itself, what it extends, its machine profile and its capture. `what`: "a
/// scenario" where there are several.
std::vector<KeptFile> files_kept(const models::LoadedScenario& scenario,
                                 const std::string& what = "the scenario");

/// A study's files: itself, and all that its points are made of.
std::vector<KeptFile> files_kept(const Study& study);

/// A store, and what SQLite has or may put beside it. `what`: "the store".
std::vector<KeptFile> store_kept(const std::string& path, const std::string& what = "the store");

/// All of them.
std::vector<KeptFile> joined(std::vector<KeptFile> some, const std::vector<KeptFile>& others);

}  // namespace cli
