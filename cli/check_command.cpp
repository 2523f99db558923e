// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/standard_output.hpp"
#include "models/report/summarise.hpp"
#include "models/scenario/load.hpp"

namespace cli {
namespace {

struct CheckOptions {
  std::string scenario;
  std::vector<std::string> overrides;
  bool print = false;
};

int check(const CheckOptions& options) {
  const models::LoadedScenario loaded = models::load_scenario(options.scenario, options.overrides);
  models::check_metric_names(loaded.scenario.expect, options.scenario);
  print_standard_output(options.print ? models::dump_scenario(loaded.scenario, 2)
                                      : fmt::format("{}: fine\n", options.scenario));
  return kFine;
}

}  // namespace

void add_check_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = app.add_subcommand("check", "Check a scenario without running it");
  command->add_option("scenario", options->scenario, "Scenario file")->required();
  command
      ->add_option("--set", options->overrides,
                   "Change a field before checking, by its dotted path: nic.mtu=9000. May be "
                   "given several times")
      ->type_name("FIELD=VALUE")
      ->allow_extra_args(false);
  command->add_flag("--print", options->print,
                    "Print the scenario in force: `extends` and --set applied, defaults filled in");
  command->callback([options, &action] { action = [options] { return check(*options); }; });
}

}  // namespace cli
