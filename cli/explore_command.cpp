// SPDX-License-Identifier: BSD-2-Clause
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/explore/options.hpp"
#include "cli/file_name.hpp"

namespace cli {
namespace {

constexpr const char* kFooter =
    "The last line of the text says what was covered: `complete` means every interleaving, and\n"
    "`bounded` that some were left out, which ones were not.\n"
    "\n"
    "Examples: sockbufsim explore scenarios/close-during-copyout.json --schedule race.json\n"
    "          sockbufsim explore --matrix --out markdown:-\n"
    "          sockbufsim explore scenarios/close-during-copyout.json --timed-search";

void add_search_options(CLI::App& command, ExploreOptions& options) {
  command
      .add_option(
          "--strategy", options.strategy,
          "exhaustive (all, with reduction), all (without), preemptions:N and delays:N (all "
          "with at most N), pct:D, random and urw (drawn)")
      ->capture_default_str();
  command.add_option("--bound", options.bound, "The number of preemptions, delays or pct");
  command.add_option("--seed", options.seed, "Seed of what is drawn, instead of the scenario's")
      ->check(CLI::Range(std::int64_t{0}, kMaxSeed));
  command.add_option("--max-schedules", options.max_schedules,
                     "Interleavings to execute at most (default: no limit; 10000 if drawn)");
  command.add_option("--max-seconds", options.max_seconds,
                     "Time to search at most; a tenth of it is added to shrink what was found");
  command.add_option("--jobs", options.jobs, "Processes to share the search")
      ->capture_default_str();
  command
      .add_option("--checkpoint", options.checkpoint,
                  "Remember here what is done; the same command goes on where it was killed")
      ->type_name("FILE")
      ->check(file_name());
  command.add_flag("--first", options.first, "End at the first violation");
}

void add_matrix_options(CLI::App& command, ExploreOptions& options) {
  command.add_flag("--matrix", options.matrix,
                   "Explore every receive algorithm under every scenario given (files, folders; "
                   "default: scenarios/races)");
  command.add_option("--algorithms", options.algorithms, "Only these rows of the matrix")
      ->delimiter(',')
      ->type_name("A,B,...")
      ->allow_extra_args(false);
}

void add_timed_options(CLI::App& command, ExploreOptions& options) {
  command.add_flag("--timed-search", options.timed_search,
                   "In timed runs, sweep the moment of the disturbance over a copy: how wide is "
                   "the window, how likely is the violation?");
  command.add_option("--steps", options.steps, "Moments a copy to try (default: 20)");
  command.add_option("--replications", options.replications,
                     "Copies to try, each with independent chance (default: 5)");
}

}  // namespace

void add_explore_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<ExploreOptions>();
  CLI::App* command = app.add_subcommand(
      "explore", "Execute the interleavings of a scenario, and report how it breaks");
  command->add_option("scenario", options->scenarios, "Scenario file");
  command
      ->add_option("--set", options->overrides,
                   "Change a field of the scenario, by its dotted path: explore.segments=2. May be "
                   "given several times")
      ->type_name("FIELD=VALUE")
      ->allow_extra_args(false);
  add_search_options(*command, *options);
  command
      ->add_option(
          "--out", options->outputs,
          "Write the report as text, json, csv, trace or html; with --matrix text, json, csv, "
          "markdown or html; with --timed-search text, json or html. FILE - is standard output. "
          "May be given several times")
      ->type_name("FORMAT:FILE")
      ->allow_extra_args(false);
  command
      ->add_option("--schedule", options->schedule,
                   "Write the shortest counterexample, for `sockbufsim replay`")
      ->type_name("FILE")
      ->check(file_name());
  command
      ->add_option("--junit", options->junit,
                   "Write the expectations as JUnit XML, one test case each")
      ->type_name("FILE")
      ->check(file_name());
  add_matrix_options(*command, *options);
  add_timed_options(*command, *options);
  command->footer(kFooter);
  command->callback([options, &action] {
    action = [options] {
      check_options(*options);
      if (options->matrix) return explore_matrix(*options);
      return options->timed_search ? timed_search(*options) : explore(*options);
    };
  });
}

}  // namespace cli
