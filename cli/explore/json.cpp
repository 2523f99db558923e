// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/explore/formats.hpp"
#include "cli/explore/json.hpp"
#include "sim/base/build_info.hpp"
#include "sim/base/fnv.hpp"

namespace cli {

using Json = nlohmann::ordered_json;

std::string json_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json json_of_steps(const sim::Replayed& replayed, const std::vector<std::string>& threads) {
  Json steps = Json::array();
  for (const sim::ReplayedStep& step : replayed.steps) {
    steps.push_back({{"thread", threads.at(step.thread)},
                     {"operation", step_text(step)},
                     {"notes", step.notes},
                     {"racing", step.racing}});
  }
  return steps;
}

Json json_of_provenance(const models::LoadedScenario& loaded, const std::string& command) {
  return {{"version", std::string(sim::version())},
          {"commit", std::string(sim::commit())},
          {"build_type", std::string(sim::build_type())},
          {"seed", loaded.scenario.seed},
          {"scenario_hash", fmt::format("{:016x}", sim::fnv1a(loaded.canonical()))},
          {"command", command}};
}

std::string algorithm_of(const models::Scenario& scenario) {
  return scenario.sockets.empty() ? "" : scenario.receive.algorithm;
}

namespace {

Json json_of(const Searched& searched) {
  const sim::SearchResult& result = searched.result;
  const auto bound = searched.bound();
  return {{"complete", result.exhaustive},
          {"bound", bound ? Json(*bound) : Json(nullptr)},
          {"interleavings", result.interleavings},
          {"strategy", sim::to_string(searched.strategy)},
          {"redundant", result.redundant},
          {"steps", result.steps},
          {"text", searched.coverage()}};
}

Json json_of(const Explained& violation) {
  const sim::Finding& finding =
      violation.replayed.finding ? *violation.replayed.finding : violation.found.finding;
  Json json{{"kind", finding.kind},
            {"message", finding.message},
            {"time_ns", nullptr},
            {"thread", violation.replayed.thread},
            {"interleavings", violation.found.interleavings},
            {"schedule", sim::to_string(violation.shortest.schedule)},
            {"context_switches", violation.switches()}};
  json["threads"] = violation.threads;
  json["left_out"] = violation.shortest.left_out;
  json["cut_short"] = violation.cut_short;
  json["schedule_as_found"] = sim::to_string(violation.found.schedule);
  json["trail"] = interleaving_lines(violation.replayed, violation.threads);
  json["steps"] = json_of_steps(violation.replayed, violation.threads);
  return json;
}

Json json_of(const models::ExpectationReport& item) {
  return {{"passed", item.passed},
          {"expected_verdict", item.expected_verdict},
          {"expected_kind", item.expected_kind},
          {"actual_verdict", item.actual_verdict},
          {"message", item.message}};
}

}  // namespace

std::string verdict_of(const Searched& searched) {
  if (!searched.result.violations.empty()) return "violation";
  return searched.result.exhaustive ? "clean" : "bounded";
}

void write_exploration_json(std::ostream& out, const Exploration& exploration) {
  const models::Scenario& scenario = exploration.scenario->scenario;
  const sim::SearchResult& result = exploration.searched.result;
  Json json{{"schema", "sockbufsim/exploration/1"},
            {"verdict", verdict_of(exploration.searched)},
            {"scenario", scenario.name},
            {"algorithm", algorithm_of(scenario)},
            {"threads", exploration.searched.threads},
            {"coverage", json_of(exploration.searched)}};
  json["violations"] = Json::array();
  for (const Explained& violation : exploration.violations) {
    json["violations"].push_back(json_of(violation));
  }
  json["final_states"] = result.final_states;
  json["final_states_counted"] = result.final_states_counted;
  json["expectations"] = Json::array();
  for (const auto& item : exploration.expectations) json["expectations"].push_back(json_of(item));
  json["provenance"] = json_of_provenance(*exploration.scenario, exploration.command);
  out << json_text(json);
}

}  // namespace cli
