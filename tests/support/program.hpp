// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "tests/support/temp_dir.hpp"

/// The program as a script sees it.
namespace tests {

struct Outcome {
  int status = -1;   ///< of exit, or 128 + the signal
  std::string text;  ///< standard output, and standard error unless it was sent elsewhere
};

/// A command of the POSIX shell; its standard input is empty.
Outcome shell(const std::string& command);

/// `arguments` go through the shell.
Outcome sockbufsim(const std::string& arguments);

/// In `directory`. `before` stands in front of the program: variables of its environment.
Outcome sockbufsim(const TempDir& directory, const std::string& arguments,
                   const std::string& before = "");

}  // namespace tests
