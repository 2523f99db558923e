// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/errors.hpp"

#include <fmt/format.h>

namespace models {

std::string ScenarioError::text() const {
  std::string result = file;
  if (line > 0) result += fmt::format(":{}:{}", line, column);
  result += ": ";
  if (!pointer.empty()) result += pointer + ": ";
  result += fmt::format("found {}; allowed: {}", found, allowed);
  if (!hint.empty()) result += ". " + hint;
  return result;
}

namespace {

std::string all_texts(const std::vector<ScenarioError>& errors, std::size_t omitted) {
  std::string result;
  for (const ScenarioError& error : errors) {
    if (!result.empty()) result += '\n';
    result += error.text();
  }
  if (omitted > 0) result += fmt::format("\n... and {} more", omitted);
  return result;
}

}  // namespace

ScenarioErrors::ScenarioErrors(std::vector<ScenarioError> errors, std::size_t omitted)
    : std::runtime_error(all_texts(errors, omitted)), errors_(std::move(errors)) {}

}  // namespace models
