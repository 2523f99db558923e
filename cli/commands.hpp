// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace CLI {
class App;
}

/// The commands, one file each.
namespace cli {

/// The largest value of --seed, 2^53 - 1: what JSON keeps exactly.
inline constexpr std::int64_t kMaxSeed = (std::int64_t{1} << 53) - 1;

/// What ends the help of a command that says nothing else.
inline constexpr const char* kExitCodesHelp =
    "Exit codes: 0 fine; 1 an expectation of scenario or study failed; 2 bad usage or file;\n"
    "3 a violation or deadlock that the scenario did not expect, or a failed run of a sweep;\n"
    "4 an internal error.";

/// The end of a command's help: the exit codes, then lines of examples.
inline std::string help_end(const std::string& examples) {
  return std::string(kExitCodesHelp) + "\n\n" + examples;
}

/// What the command line asked for: does it and returns the exit code. Empty until a command has
/// been parsed.
using Action = std::function<int()>;

/// Each adds a subcommand to `app`, which sets `action` when it is chosen. `action` outlives `app`.
void add_run_command(CLI::App& app, Action& action);
void add_explore_command(CLI::App& app, Action& action);
void add_sweep_command(CLI::App& app, Action& action);
void add_export_command(CLI::App& app, Action& action);
void add_merge_command(CLI::App& app, Action& action);
void add_compare_command(CLI::App& app, Action& action);
void add_plot_command(CLI::App& app, Action& action);
void add_replay_command(CLI::App& app, Action& action);
void add_check_command(CLI::App& app, Action& action);
void add_schema_command(CLI::App& app, Action& action);
void add_list_command(CLI::App& app, Action& action);

}  // namespace cli
