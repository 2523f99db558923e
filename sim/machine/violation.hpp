// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace sim {

/// The simulated kernel panicked, or a model found a broken invariant. Ends the run.
class Violation : public std::runtime_error {
 public:
  /// `kind`: stable snake_case name; `message`: what the console would show.
  Violation(std::string kind, const std::string& message)
      : std::runtime_error(message), kind_(std::move(kind)) {}
  const std::string& kind() const { return kind_; }

 private:
  std::string kind_;
};

}  // namespace sim
