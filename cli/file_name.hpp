// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace cli {

/// For options whose absence means "no file": the empty name, as of an unset variable of a script,
/// is refused, and not taken for absence.
inline CLI::Validator file_name() {
  return {[](const std::string& name) {
            return name.empty() ? "found an empty name; allowed: the name of a file"
                                : std::string();
          },
          ""};
}

}  // namespace cli
