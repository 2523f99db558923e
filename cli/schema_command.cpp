// SPDX-License-Identifier: BSD-2-Clause
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/standard_output.hpp"
#include "models/report/json.hpp"
#include "models/scenario/load.hpp"

namespace cli {
namespace {

struct SchemaOptions {
  std::string of = "scenario";
  bool markdown = false;
};

int print_schema(const SchemaOptions& options) {
  if (options.of == "report") {
    if (options.markdown) {
      throw UsageError(R"(--markdown: found it with "report"; allowed: with "scenario" only)");
    }
    print_standard_output(models::report_json_schema());
  } else {
    print_standard_output(options.markdown ? models::scenario_markdown()
                                           : models::scenario_json_schema());
  }
  return kFine;
}

}  // namespace

void add_schema_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<SchemaOptions>();
  CLI::App* command =
      app.add_subcommand("schema", "Print the JSON Schema of scenario files or of reports");
  command->add_option("of", options->of, "What to describe")
      ->check(CLI::IsMember({"scenario", "report"}))
      ->capture_default_str();
  command->add_flag("--markdown", options->markdown,
                    "Print the reference of scenario files (docs/scenario.md) instead");
  command->callback([options, &action] { action = [options] { return print_schema(*options); }; });
}

}  // namespace cli
