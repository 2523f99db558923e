// SPDX-License-Identifier: BSD-2-Clause
#include "models/timed_search.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/errors.hpp"
#include "cli/explore/exploration.hpp"
#include "cli/explore/json.hpp"
#include "cli/explore/options.hpp"
#include "cli/explore/overrides.hpp"
#include "cli/explore/progress.hpp"
#include "cli/output_request.hpp"
#include "cli/report/table.hpp"
#include "cli/standard_output.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;

struct View {
  const models::LoadedScenario& scenario;
  const models::TimedSearchResult& result;
  std::string command;
};

std::string interval_text(const sim::Interval& interval) {
  if (std::isnan(interval.half_width)) {
    return fmt::format("{:.1f} ns (one copy: no interval)", interval.mean);
  }
  return fmt::format("{:.1f} ns +- {:.1f} ns (95 %, {} copies)", interval.mean, interval.half_width,
                     interval.n);
}

/// The copies, drawn: `#` where the violation occurs.
std::string copies_text(const models::TimedSearchResult& result) {
  std::string text;
  for (std::size_t i = 0; i < result.copies.size(); ++i) {
    const models::TimedSearchCopy& copy = result.copies[i];
    text += fmt::format("  {:>4}  at {:>9.3f} us, {:>9.1f} ns  ", i,
                        static_cast<double>(copy.start_ps) / 1e6,
                        static_cast<double>(copy.length_ps()) / 1e3);
    for (const bool hit : copy.hit) text += hit ? '#' : '.';
    text += '\n';
  }
  return text;
}

void write_text(std::ostream& out, const View& view, const Style& style) {
  const models::Scenario& scenario = view.scenario.scenario;
  const models::TimedSearchResult& result = view.result;
  const std::size_t steps = result.copies.front().hit.size();
  std::string text = style.bold(scenario.name) + "\n\n";
  text += fmt::format(
      "  receive      {}\n  disturbance  {}, moved over {} in {}\n\n", scenario.receive.algorithm,
      result.disturbance,
      result.copies.size() == 1 ? "one copy" : fmt::format("{} copies", result.copies.size()),
      counted(steps, "step"));
  text += style.dim("  copy  start and length              each step: # a violation occurs") +
          '\n' + copies_text(result) + '\n';
  for (const auto& [kind, count] : result.kinds) {
    text +=
        fmt::format("  {}: {} of {} runs\n", style.bad(kind), count, steps * result.copies.size());
  }
  if (result.kinds.empty()) text += "  No violation occurred in any run\n";
  text += fmt::format("\n  copy         {}\n", interval_text(result.copy_ns));
  text += fmt::format("  window       {}\n", interval_text(result.width_ns));
  text += fmt::format(
      "  probability  {:.3f}, 95 % from {:.3f} to {:.3f}, for a moment drawn from the copy\n",
      result.probability.estimate, result.probability.lower, result.probability.upper);
  out << text;
}

Json json_of(const sim::Interval& interval) {
  return {
      {"mean", interval.mean},
      {"half_width", std::isnan(interval.half_width) ? Json(nullptr) : Json(interval.half_width)},
      {"n", interval.n}};
}

void write_json(std::ostream& out, const View& view) {
  const models::TimedSearchResult& result = view.result;
  Json json{{"schema", "sockbufsim/timed-search/1"},
            {"scenario", view.scenario.scenario.name},
            {"algorithm", view.scenario.scenario.receive.algorithm},
            {"disturbance", result.disturbance},
            {"copy_ns", json_of(result.copy_ns)},
            {"window_ns", json_of(result.width_ns)},
            {"probability",
             {{"estimate", result.probability.estimate},
              {"lower", result.probability.lower},
              {"upper", result.probability.upper}}}};
  json["violations"] = Json::object();
  for (const auto& [kind, count] : result.kinds) json["violations"][kind] = count;
  json["copies"] = Json::array();
  for (const models::TimedSearchCopy& copy : result.copies) {
    json["copies"].push_back({{"start_ns", static_cast<double>(copy.start_ps) / 1e3},
                              {"length_ns", static_cast<double>(copy.length_ps()) / 1e3},
                              {"window_ns", copy.width_ns()},
                              {"hit", copy.hit}});
  }
  json["provenance"] = json_of_provenance(view.scenario, view.command);
  out << json_text(json);
}

}  // namespace

int timed_search(const ExploreOptions& options) {
  check_options(options);
  std::vector<OutputRequest> requests = parse_output_requests(options.outputs, {"text", "json"});
  const models::LoadedScenario loaded =
      models::load_scenario(options.scenarios.front(), all_overrides(options));
  models::TimedSearchResult result;
  const View view{loaded, result, explore_command_line(options)};
  std::vector<OutputFile> files;
  files.reserve(requests.size());
  for (OutputRequest& item : requests) {
    const bool colour = item.file.path == "-" && standard_output_has_colour();
    item.file.write = [&view, colour, json = item.format == "json"](std::ostream& out) {
      json ? write_json(out, view) : write_text(out, view, Style(colour));
    };
    files.push_back(item.file);
  }
  check_outputs(files, {{"the scenario", loaded.path}});
  {
    Progress progress("timed search");
    models::TimedSearchRequest request;
    request.scenario = &loaded;
    request.steps = static_cast<int>(options.steps.value_or(request.steps));
    request.replications = static_cast<int>(options.replications.value_or(request.replications));
    request.progress = [&](int run, int runs) {
      progress.show(fmt::format("run {} of {}", run, runs));
    };
    result = models::timed_search(request);
  }
  write_outputs(files);
  return kFine;
}

}  // namespace cli
