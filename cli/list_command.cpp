// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/explore/formats.hpp"
#include "cli/explore/matrix.hpp"
#include "cli/explore/timed_search.hpp"
#include "cli/report/formats.hpp"
#include "cli/standard_output.hpp"
#include "cli/study/study_values.hpp"
#include "models/receive/receive.hpp"
#include "models/report/metrics.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/load.hpp"
#include "models/scenario/nearest.hpp"

namespace cli {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;  // name, meaning

Rows algorithms() {
  Rows rows;
  rows.reserve(models::algorithms().size());
  for (const models::ReceiveAlgorithm& algorithm : models::algorithms()) {
    rows.emplace_back(algorithm.name, algorithm.doc);
  }
  return rows;
}

Rows machines() {
  Rows rows;
  const std::vector<std::string> names = models::profile_names();
  rows.reserve(names.size());
  for (const std::string& name : names) {
    rows.emplace_back(name, models::load_profile(name).description);
  }
  return rows;
}

template <class E>
Rows values_of() {
  Rows rows;
  using models::enum_entries;  // sim's are there, the program's beside their types
  const auto entries = enum_entries(E{});
  rows.reserve(entries.size());
  for (const auto& entry : entries) rows.emplace_back(entry.name, entry.doc);
  return rows;
}

Rows metric_rows() {
  Rows rows;
  const std::vector<models::MetricKind> kinds = models::metric_kinds();
  rows.reserve(kinds.size());
  for (const models::MetricKind& kind : kinds) {
    rows.emplace_back(kind.path, kind.unit.empty() ? std::string(kind.doc)
                                                   : fmt::format("[{}] {}", kind.unit, kind.doc));
  }
  return rows;
}

template <class Formats>
Rows format_rows(const Formats& formats) {
  Rows rows;
  rows.reserve(formats.size());
  for (const auto& format : formats) rows.emplace_back(format.name, format.doc);
  return rows;
}

Rows sweep_format_rows() {
  return {{"html", "a page for browsers, with charts and every point, in one file"},
          {"csv", "one row a run"},
          {"jsonl", "one object a run"}};
}

struct Topic {
  const char* name;
  const char* title;
  Rows (*rows)();
};

const std::vector<Topic>& topics() {
  static const std::vector<Topic> kTopics = {
      {"algorithms", "Receive algorithms (receive.algorithm)", algorithms},
      {"machines", "Machine profiles (machine.profile)", machines},
      {"locks", "Lock disciplines (machine.lock_discipline, locks[].kind)",
       values_of<sim::LockKind>},
      {"traffic", "Kinds of traffic (traffic.kind)", values_of<models::TrafficKind>},
      {"measures", "Measures of a study's expectations (expect[].of)", values_of<Measure>},
      {"formats", "Formats (run --out FORMAT:FILE)", [] { return format_rows(formats()); }},
      {"formats", "Formats (explore --out FORMAT:FILE)",
       [] { return format_rows(exploration_formats()); }},
      {"formats", "Formats (explore --matrix --out FORMAT:FILE)",
       [] { return format_rows(matrix_formats()); }},
      {"formats", "Formats (explore --timed-search --out FORMAT:FILE)",
       [] { return format_rows(timed_search_formats()); }},
      {"formats", "Formats (sweep --out FORMAT:FILE)", sweep_format_rows},
      {"metrics", "Metrics (expect[].metric); NAME and INDEX stand for an entry", metric_rows}};
  return kTopics;
}

std::string text_of(const Topic& topic) {
  const Rows rows = topic.rows();
  std::size_t width = 0;
  for (const auto& [name, meaning] : rows) width = std::max(width, name.size());
  std::string text = fmt::format("{}\n", topic.title);
  for (const auto& [name, meaning] : rows) {
    text += meaning.empty() ? fmt::format("  {}\n", name)
                            : fmt::format("  {:<{}}  {}\n", name, width, meaning);
  }
  return text;
}

std::vector<std::string> topic_names() {
  std::vector<std::string> names;
  names.reserve(topics().size());
  for (const Topic& topic : topics()) {
    if (names.empty() || names.back() != topic.name) names.emplace_back(topic.name);
  }
  return names;
}

int list(const std::string& wanted) {
  const std::vector<std::string> names = topic_names();
  if (!wanted.empty() && std::find(names.begin(), names.end(), wanted) == names.end()) {
    throw UsageError(fmt::format(
        "list: found {}; allowed: {}; `sockbufsim schema` has the fields of files{}",
        models::quote(wanted), models::join_names(names), models::suggestion(wanted, names)));
  }
  std::string text;
  for (const Topic& topic : topics()) {
    if (!wanted.empty() && wanted != topic.name) continue;
    if (!text.empty()) text += '\n';
    text += text_of(topic);
  }
  print_standard_output(text);
  return kFine;
}

}  // namespace

void add_list_command(CLI::App& app, Action& action) {
  auto wanted = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("list", "List what a scenario, study or command may name");
  command->add_option(
      "what", *wanted,
      fmt::format("What to list: {}; all when not given", models::join_names(topic_names())));
  command->footer(
      help_end("Examples: sockbufsim list\n"
               "          sockbufsim list metrics"));
  command->callback([wanted, &action] { action = [wanted] { return list(*wanted); }; });
}

}  // namespace cli
