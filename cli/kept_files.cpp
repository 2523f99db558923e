// SPDX-License-Identifier: BSD-2-Clause
#include "cli/kept_files.hpp"

#include <filesystem>
#include <system_error>

namespace cli {
namespace {

/// SQLite names its logs after the file behind symbolic links.
std::string behind_links(const std::string& path) {
  std::error_code failed;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, failed);
  return failed ? path : real.string();
}

}  // namespace

std::vector<KeptFile> files_kept(const models::LoadedScenario& scenario, const std::string& what) {
  std::vector<KeptFile> kept{{what, scenario.path}};
  for (const std::string& file : scenario.files) {
    kept.push_back({"a file that " + what + " extends", file});
  }
  if (!scenario.profile_file.empty()) {
    kept.push_back({what + "'s machine profile", scenario.profile_file});
  }
  if (!scenario.scenario.traffic.file.empty()) {
    kept.push_back({what + "'s capture", scenario.scenario.traffic.file});
  }
  return kept;
}

std::vector<KeptFile> files_kept(const Study& study) {
  std::vector<KeptFile> kept{{"the study", study.path}};
  if (!study.base.empty()) kept.push_back({"the study's base scenario", study.base});
  for (const std::string& file : study.files) {
    kept.push_back({"a file that the study's scenarios are made of", file});
  }
  return kept;
}

std::vector<KeptFile> store_kept(const std::string& path, const std::string& what) {
  std::vector<KeptFile> kept{{what, path}};
  for (const char* suffix : {"-wal", "-shm", "-journal"}) {
    kept.push_back({"a part of " + what, behind_links(path) + suffix});
  }
  return kept;
}

std::vector<KeptFile> joined(std::vector<KeptFile> some, const std::vector<KeptFile>& others) {
  some.insert(some.end(), others.begin(), others.end());
  return some;
}

}  // namespace cli
