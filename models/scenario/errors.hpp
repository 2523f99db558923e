// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace models {

/// One thing wrong with a scenario, profile or override.
struct ScenarioError {
  std::string file;     ///< as the user named it; "--set" for an override
  std::string pointer;  ///< JSON pointer (RFC 6901); empty for the whole file
  std::string found;    ///< what stands there
  std::string allowed;  ///< what may stand there
  std::string hint;     ///< a suggestion, or empty
  int line = 0;         ///< 1-based; 0: unknown
  int column = 0;

  /// `file:line:column: pointer: found F; allowed: A. Hint`
  std::string text() const;
};

/// All that was wrong (at most kMaxErrors are kept): the only exception that loading lets out. Exit
/// code 2.
class ScenarioErrors : public std::runtime_error {
 public:
  static constexpr std::size_t kMaxErrors = 20;
  /// `omitted`: how many more there were.
  explicit ScenarioErrors(std::vector<ScenarioError> errors, std::size_t omitted = 0);
  const std::vector<ScenarioError>& errors() const { return errors_; }

 private:
  std::vector<ScenarioError> errors_;
};

}  // namespace models
