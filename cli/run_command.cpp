// SPDX-License-Identifier: BSD-2-Clause
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/file_name.hpp"
#include "cli/run.hpp"

namespace cli {
namespace {

constexpr std::int64_t kLastReplication = 999999;

}  // namespace

void add_run_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Run a scenario and report what it found");
  command->add_option("scenario", options->scenario, "Scenario file")->required();
  command
      ->add_option("--set", options->overrides,
                   "Change a field of the scenario, by its dotted path: nic.mtu=9000, "
                   "sockets.0.readers.0.read_bytes=4096. May be given several times")
      ->type_name("FIELD=VALUE")
      ->allow_extra_args(false);
  command->add_option("--seed", options->seed, "Seed of all chance, instead of the scenario's")
      ->check(CLI::Range(std::int64_t{0}, kMaxSeed));
  command
      ->add_option("--replications", options->replications,
                   "Runs to make with independent chance; the report has their means, and 95 % "
                   "confidence intervals")
      ->check(CLI::Range(1, 10000));
  command
      ->add_option("--point", options->point,
                   "Run one point of a study: give the study file instead of a scenario, and the "
                   "point's hash")
      ->type_name("HASH");
  command
      ->add_option("--replication", options->replication,
                   "Make this run alone, counted from 0, of those that --replications makes")
      ->check(CLI::Range(std::int64_t{0}, kLastReplication))
      ->excludes("--replications");
  command
      ->add_option("--tie-break", options->tie_break,
                   "Order of simultaneous events: fifo, as they came up, or shuffle, to see what "
                   "hangs on it")
      ->check(CLI::IsMember({"fifo", "shuffle"}));
  command
      ->add_option("--engine", options->engine,
                   "What runs the simulated threads: simgrid, or fiber, which is faster and "
                   "gives the same report")
      ->check(CLI::IsMember({"simgrid", "fiber"}))
      ->capture_default_str();
  command
      ->add_option("--out", options->outputs,
                   "Write the report as text, json, csv, lockprof, lockstat, trace or html (see "
                   "`sockbufsim list formats`); FILE - is standard output. May be given several "
                   "times. Text goes to standard output unless something else does")
      ->type_name("FORMAT:FILE")
      ->allow_extra_args(false);
  command
      ->add_option("--junit", options->junit,
                   "Write the expectations as JUnit XML, one test case each")
      ->type_name("FILE")
      ->check(file_name());
  command->footer(
      help_end("Examples: sockbufsim run scenarios/10g-generic.json --set nic.mtu=9000 --out "
               "json:report.json\n"
               "          sockbufsim run scenarios/10g-generic.json --replications 10 --out "
               "html:report.html\n"
               "          sockbufsim run mtu.json --point 0123456789abcdef --replication 3"));
  command->callback([options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace cli
