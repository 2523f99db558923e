// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/standard_output.hpp"
#include "cli/study/load.hpp"
#include "models/report/json.hpp"
#include "models/scenario/load.hpp"

namespace cli {
namespace {

struct SchemaOptions {
  std::string of = "scenario";
  bool markdown = false;
};

/// What can be described, and how.
struct Description {
  const char* of;
  std::string (*schema)();
  std::string (*markdown)();  ///< null: there is no such page
};

constexpr std::array<Description, 3> kDescriptions{{
    {"scenario", models::scenario_json_schema, models::scenario_markdown},
    {"study", study_json_schema, study_markdown},
    {"report", models::report_json_schema, nullptr},
}};

int print_schema(const SchemaOptions& options) {
  for (const Description& description : kDescriptions) {
    if (options.of != description.of) continue;
    if (options.markdown && description.markdown == nullptr) {
      throw UsageError(fmt::format(
          "--markdown: found it with \"{}\"; allowed: with \"scenario\" and \"study\" only",
          options.of));
    }
    print_standard_output(options.markdown ? description.markdown() : description.schema());
  }
  return kFine;
}

}  // namespace

void add_schema_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<SchemaOptions>();
  CLI::App* command = app.add_subcommand(
      "schema", "Print the JSON Schema of scenario files, study files or reports");
  command->add_option("of", options->of, "What to describe")
      ->check(CLI::IsMember({"scenario", "study", "report"}))
      ->capture_default_str();
  command->add_flag("--markdown", options->markdown,
                    "Print the reference page instead: docs/scenario.md, docs/study.md");
  command->callback([options, &action] { action = [options] { return print_schema(*options); }; });
}

}  // namespace cli
