// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "cli/study/load.hpp"
#include "models/scenario/errors.hpp"
#include "tests/support/temp_dir.hpp"

namespace test {

/// A base scenario, as JSON.
inline const char* const kStudyBase = R"({"schema": "sockbufsim/scenario/1", "name": "base",
  "seed": 7, "duration_ms": 1, "replications": 3, "traffic": {"kind": "tcp"},
  "sockets": [{"readers": [{"core": 1}]}]})";

/// A study of that base: `rest` are its other fields, beginning with a comma unless empty.
inline std::string study_text(const std::string& rest) {
  return std::string(R"({"schema": "sockbufsim/study/1", "base": )") + kStudyBase + rest + "}";
}

/// Loads the study of study_text(rest).
inline cli::Study load_rest(const std::string& rest,
                            const std::vector<std::string>& overrides = {}) {
  const tests::TempDir dir;
  return cli::load_study(dir.write("study.json", study_text(rest)), overrides);
}

/// What is wrong with it; empty when nothing is.
inline std::string errors_of_rest(const std::string& rest,
                                  const std::vector<std::string>& overrides = {}) {
  try {
    load_rest(rest, overrides);
    return {};
  } catch (const models::ScenarioErrors& errors) {
    return errors.what();
  }
}

}  // namespace test
