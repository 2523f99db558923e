// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdexcept>

namespace cli {

/// What the program's exit says to a script.
enum ExitCode : int {
  kFine = 0,
  kExpectationFailed = 1,
  kUsage = 2,      ///< bad usage, scenario or file; an output that cannot be written
  kViolation = 3,  ///< a violation or deadlock that no one expected; a sweep's run that failed
  kInternal = 4
};

/// Something the user can put right: names the option or file, what was found and what is allowed.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace cli
