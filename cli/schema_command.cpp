// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/explore/formats.hpp"
#include "cli/explore/matrix.hpp"
#include "cli/explore/timed_search.hpp"
#include "cli/standard_output.hpp"
#include "cli/study/load.hpp"
#include "models/explore/schedule_file.hpp"
#include "models/report/json.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/load.hpp"
#include "models/scenario/nearest.hpp"

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

constexpr std::array<Description, 7> kDescriptions{{
    {"scenario", models::scenario_json_schema, models::scenario_markdown},
    {"study", study_json_schema, study_markdown},
    {"report", models::report_json_schema, nullptr},
    {"exploration", exploration_json_schema, nullptr},
    {"matrix", matrix_json_schema, nullptr},
    {"timed-search", timed_search_json_schema, nullptr},
    {"schedule", models::schedule_json_schema, nullptr},
}};

std::vector<std::string> described_names() {
  std::vector<std::string> names;
  names.reserve(kDescriptions.size());
  for (const Description& description : kDescriptions) names.emplace_back(description.of);
  return names;
}

int print_schema(const SchemaOptions& options) {
  const std::vector<std::string> names = described_names();
  if (std::find(names.begin(), names.end(), options.of) == names.end()) {
    throw UsageError(fmt::format("schema: found {}; allowed: {}{}", models::quote(options.of),
                                 models::join_names(names), models::suggestion(options.of, names)));
  }
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
  CLI::App* command =
      app.add_subcommand("schema", "Print the JSON Schema of a file that is read or written");
  command
      ->add_option("of", options->of,
                   fmt::format("What to describe: {}", models::join_names(described_names())))
      ->capture_default_str();
  command->add_flag("--markdown", options->markdown,
                    "Print the reference page instead: docs/scenario.md, docs/study.md");
  command->footer(
      help_end("Examples: sockbufsim schema study > study.schema.json\n"
               "          sockbufsim schema scenario --markdown"));
  command->callback([options, &action] { action = [options] { return print_schema(*options); }; });
}

}  // namespace cli
