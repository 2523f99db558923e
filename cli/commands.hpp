// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>

namespace CLI {
class App;
}

/// The commands, one file each.
namespace cli {

/// The largest value of --seed, 2^53 - 1: what JSON keeps exactly.
inline constexpr std::int64_t kMaxSeed = (std::int64_t{1} << 53) - 1;

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
