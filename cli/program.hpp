// SPDX-License-Identifier: BSD-2-Clause
#pragma once

namespace cli {

/// The program: parses the command line, runs the command, turns every error into a message on
/// standard error and one of the exit codes of errors.hpp. Throws nothing.
int run_program(int argc, const char* const* argv);

}  // namespace cli
