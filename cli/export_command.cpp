// SPDX-License-Identifier: BSD-2-Clause
#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/kept_files.hpp"
#include "cli/output.hpp"
#include "cli/output_request.hpp"
#include "cli/store/export.hpp"
#include "cli/store/store.hpp"

namespace cli {
namespace {

struct ExportOptions {
  std::string store;
  std::string study;
  std::vector<std::string> outputs;
};

int export_results(const ExportOptions& options) {
  Results results;
  std::vector<std::string> wanted = options.outputs;
  if (wanted.empty()) wanted.emplace_back("csv:-");
  std::vector<OutputFile> files;
  files.reserve(wanted.size());
  for (OutputRequest& request : parse_output_requests(wanted, {"csv", "jsonl"})) {
    const auto write = request.format == "csv" ? write_results_csv : write_results_jsonl;
    request.file.write = [&results, write](std::ostream& out) { write(out, results); };
    files.push_back(std::move(request.file));
  }
  check_outputs(files, store_kept(options.store));
  results = read_results(options.store, options.study);
  write_outputs(files);
  return kFine;
}

}  // namespace

void add_export_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* command =
      app.add_subcommand("export", "Write the runs of a store as a table, one row a run");
  command->add_option("store", options->store, "Store, as `sweep` makes it")->required();
  command->add_option("--study", options->study, "Which study, when the store has several");
  command
      ->add_option("--out", options->outputs,
                   "Write csv or jsonl (JSON Lines); FILE - is standard output. May be given "
                   "several times. CSV goes to standard output unless something else is said")
      ->type_name("FORMAT:FILE")
      ->allow_extra_args(false);
  command->footer(
      help_end("Examples: sockbufsim export mtu.db > mtu.csv\n"
               "          sockbufsim export mtu.db --study mtu --out jsonl:mtu.jsonl"));
  command->callback(
      [options, &action] { action = [options] { return export_results(*options); }; });
}

}  // namespace cli
