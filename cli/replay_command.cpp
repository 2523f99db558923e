// SPDX-License-Identifier: BSD-2-Clause
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/explore/replay.hpp"

namespace cli {

void add_replay_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* command =
      app.add_subcommand("replay", "Execute a schedule file that `explore` wrote, step by step");
  command->add_option("schedule", options->file, "Schedule file")->required();
  command->add_option("--engine", options->engine, "What runs the threads")
      ->check(CLI::IsMember({"simgrid", "fiber"}))
      ->capture_default_str();
  command
      ->add_option("--out", options->outputs,
                   "Write the steps as text, json or trace; FILE - is standard output. May be "
                   "given several times. Text goes to standard output unless something else does")
      ->type_name("FORMAT:FILE")
      ->allow_extra_args(false);
  command->footer(
      "Exit codes: 0 the recorded violation occurs again; 1 it does not; 2 the file is bad, or no\n"
      "longer fits the program.");
  command->callback([options, &action] { action = [options] { return replay(*options); }; });
}

}  // namespace cli
