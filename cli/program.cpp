// SPDX-License-Identifier: BSD-2-Clause
#include "cli/program.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/standard_output.hpp"
#include "cli/version.hpp"
#include "models/scenario/errors.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/nearest.hpp"

namespace cli {
namespace {

constexpr const char* kExamples =
    "Example: sockbufsim run scenarios/10g-generic.json --set nic.mtu=9000 --out json:report.json\n"
    "         sockbufsim explore scenarios/close-during-copyout.json --schedule race.json";

void complain(const std::string& text) { fmt::print(stderr, "sockbufsim: {}\n", text); }

int internal_error(const char* what) {
  complain(fmt::format("internal error: {}", what));
  fmt::print(stderr,
             "This is a bug in sockbufsim. Please report it with the scenario, the command line "
             "and this line:\n{}\n",
             version_line());
  return kInternal;
}

/// CLI11 says of an unknown command only that one is missing.
void check_command_name(const CLI::App& app, int argc, const char* const* argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  const std::vector<const CLI::App*> commands = app.get_subcommands(nullptr);
  std::vector<std::string> known;
  known.reserve(commands.size());
  for (const CLI::App* command : commands) known.push_back(command->get_name());
  if (std::find(known.begin(), known.end(), argv[1]) != known.end()) return;
  throw UsageError(fmt::format("found command {}; allowed: {}{}", models::quote(argv[1]),
                               models::join_names(known), models::suggestion(argv[1], known)));
}

/// CLI11's messages name the option and what is allowed.
int usage_error(const CLI::App& app, const CLI::ParseError& error) {
  complain(error.what());
  const auto chosen = app.get_subcommands();
  fmt::print(stderr, "See sockbufsim {}--help.\n",
             chosen.empty() ? "" : chosen.front()->get_name() + " ");
  return kUsage;
}

int parse_and_run(int argc, const char* const* argv) {
  Action action;
  CLI::App app(
      "Simulates the receive path of FreeBSD's sockets, from the wire to the application, and "
      "reports where it waits.",
      "sockbufsim");
  app.footer(kExitCodesHelp);  // commands take over what is said here
  app.set_version_flag("--version", version_line(), "Print the version and what it was built with");
  app.require_subcommand(1);
  add_run_command(app, action);
  add_sweep_command(app, action);
  add_export_command(app, action);
  add_merge_command(app, action);
  add_compare_command(app, action);
  add_plot_command(app, action);
  add_explore_command(app, action);
  add_replay_command(app, action);
  add_check_command(app, action);
  add_schema_command(app, action);
  add_list_command(app, action);
  app.footer(help_end(kExamples));
  check_command_name(app, argc, argv);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto chosen = app.get_subcommands();
    print_standard_output((chosen.empty() ? &app : chosen.front())->help());
    return kFine;
  } catch (const CLI::CallForVersion&) {
    print_standard_output(version_line() + "\n");
    return kFine;
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error);
  }
  return action();
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  try {
    return parse_and_run(argc, argv);
  } catch (const UsageError& error) {
    complain(error.what());
    return kUsage;
  } catch (const models::ScenarioErrors& errors) {
    for (const models::ScenarioError& error : errors.errors()) complain(error.text());
    return kUsage;
  } catch (const std::exception& error) {
    return internal_error(error.what());
  } catch (...) {
    return internal_error("an exception of unknown type");
  }
}

}  // namespace cli
