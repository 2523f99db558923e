// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/standard_output.hpp"
#include "cli/store/schema.hpp"
#include "cli/study/dry_run.hpp"
#include "cli/study/load.hpp"
#include "models/report/summarise.hpp"
#include "models/scenario/load.hpp"

namespace cli {
namespace {

struct CheckOptions {
  std::string file;
  std::vector<std::string> overrides;
  bool print = false;
  bool any_number_of_points = false;
};

int check_study(const CheckOptions& options) {
  const Study study = load_study(options.file, options.overrides, options.any_number_of_points);
  print_standard_output(options.print ? dry_run_text(study)
                                      : fmt::format("{}: fine, {} point{}\n", options.file,
                                                    study.points.size(),
                                                    study.points.size() == 1 ? "" : "s"));
  return kFine;
}

int check(const CheckOptions& options) {
  refuse_store(options.file, "a scenario or a study");
  if (is_study_file(options.file)) return check_study(options);
  const models::LoadedScenario loaded = models::load_scenario(options.file, options.overrides);
  models::check_metric_names(loaded.scenario.expect, options.file);
  print_standard_output(options.print ? models::dump_scenario(loaded.scenario, 2)
                                      : fmt::format("{}: fine\n", options.file));
  return kFine;
}

}  // namespace

void add_check_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = app.add_subcommand("check", "Check a scenario or a study, running nothing");
  command->add_option("file", options->file, "Scenario or study file")->required();
  command
      ->add_option("--set", options->overrides,
                   "Change a field before checking, by its dotted path: nic.mtu=9000. May be "
                   "given several times")
      ->type_name("FIELD=VALUE")
      ->allow_extra_args(false);
  command->add_flag("--print", options->print,
                    "Print the scenario in force: `extends` and --set applied, defaults filled in. "
                    "Of a study: its points");
  command->add_flag("--yes", options->any_number_of_points,
                    fmt::format("Check a study even if it has more than {} points", kMostPoints));
  command->footer(
      help_end("Examples: sockbufsim check scenarios/10g-generic.json --set nic.mtu=9000 --print\n"
               "          sockbufsim check mtu.json"));
  command->callback([options, &action] { action = [options] { return check(*options); }; });
}

}  // namespace cli
