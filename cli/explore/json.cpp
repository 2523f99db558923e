// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/explore/formats.hpp"
#include "cli/explore/json.hpp"
#include "sim/base/fnv.hpp"

namespace cli {

using Json = nlohmann::ordered_json;

std::string json_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

namespace {

using models::JsonObject;

struct NamedStep {
  const sim::ReplayedStep* step;
  std::string thread;
};

std::vector<NamedStep> steps_of(const sim::Replayed& replayed,
                                const std::vector<std::string>& threads) {
  std::vector<NamedStep> steps;
  steps.reserve(replayed.steps.size());
  for (const sim::ReplayedStep& step : replayed.steps) {
    steps.push_back({&step, threads.at(step.thread)});
  }
  return steps;
}

JsonObject<NamedStep> step_members() {
  JsonObject<NamedStep> object;
  object.member("thread", "Name of the thread.", [](const NamedStep& s) { return s.thread; })
      .member("operation", "What it does: `lock so_rcv at uipc_socket.c:1669`.",
              [](const NamedStep& s) { return step_text(*s.step); })
      .member("notes", "The model's remarks on what the code did after it.",
              [](const NamedStep& s) { return s.step->notes; })
      .member("racing", "Whether it is one of the two steps whose order makes the violation.",
              [](const NamedStep& s) { return s.step->racing; });
  return object;
}

JsonObject<Searched> coverage_members() {
  JsonObject<Searched> object;
  object
      .member("complete", "Every interleaving of this small world is covered.",
              [](const Searched& s) { return s.result.exhaustive; })
      .member("bound", "What was left out; null: nothing.",
              [](const Searched& s) { return s.bound(); })
      .member("interleavings", "How many were executed.",
              [](const Searched& s) { return s.result.interleavings; })
      .member("strategy", kStrategyDoc,
              [](const Searched& s) { return sim::to_string(s.strategy); })
      .member("redundant", "Executions begun, and cut short as equivalent to another one.",
              [](const Searched& s) { return s.result.redundant; })
      .member("steps", "Operations executed in the interleavings.",
              [](const Searched& s) { return s.result.steps; })
      .member("text", "All of this in a line.", [](const Searched& s) { return s.coverage(); });
  return object;
}

const sim::Finding& finding_of(const Explained& violation) {
  return violation.replayed.finding ? *violation.replayed.finding : violation.found.finding;
}

JsonObject<Explained> explained_members() {
  JsonObject<Explained> object;
  object
      .member("kind", "Stable name of what went wrong.",
              [](const Explained& v) { return finding_of(v).kind; })
      .member("message", "What the console would show.",
              [](const Explained& v) { return finding_of(v).message; })
      .member("time_ns", "Null: an exploration knows order and no time.",
              [](const Explained&) { return nullptr; })
      .member("thread", "Who met it; empty: it was seen when nothing could go on.",
              [](const Explained& v) { return v.replayed.thread; })
      .member("interleavings", "How many of those executed ended with this kind.",
              [](const Explained& v) { return v.found.interleavings; })
      .member("schedule", kScheduleDoc,
              [](const Explained& v) { return sim::to_string(v.shortest.schedule); })
      .member("context_switches", "Changes of thread in `schedule`.",
              [](const Explained& v) { return v.switches(); })
      .member("threads", "Names of the counterexample's threads: `a`, `b`, ... of `schedule`.",
              [](const Explained& v) { return v.threads; })
      .member("left_out", "What the violation does not need: `1 of 2 segments`.",
              [](const Explained& v) { return v.shortest.left_out; })
      .member("cut_short", "Time was up before all that could be shorter was tried.",
              [](const Explained& v) { return v.cut_short; })
      .member("schedule_as_found", "The interleaving of the first execution that met it.",
              [](const Explained& v) { return sim::to_string(v.found.schedule); })
      .member("trail", "`steps` in words, a line each.",
              [](const Explained& v) { return interleaving_lines(v.replayed, v.threads); })
      .objects("steps", "The counterexample, step by step.", step_members(),
               [](const Explained& v) { return steps_of(v.replayed, v.threads); });
  return object;
}

JsonObject<models::ExpectationReport> expectation_members() {
  using Item = models::ExpectationReport;
  JsonObject<Item> object;
  object
      .member("passed", "Whether it came out as expected.", [](const Item& i) { return i.passed; })
      .member("expected_verdict", "The verdict expected.",
              [](const Item& i) { return i.expected_verdict; })
      .member("expected_kind", "The kind of violation expected, or empty.",
              [](const Item& i) { return i.expected_kind; })
      .member("actual_verdict", "The verdict found.",
              [](const Item& i) { return i.actual_verdict; })
      .member("message", "All of this in a sentence.", [](const Item& i) { return i.message; });
  return object;
}

JsonObject<Exploration> exploration_members() {
  using From = Exploration;
  JsonObject<From> object;
  object.constant("schema", "sockbufsim/exploration/1", "Version of this format.")
      .choice("verdict", search_verdicts(),
              "`clean`: none found, and complete; `bounded`: none found, and not complete.",
              [](const From& e) { return verdict_of(e.searched); })
      .member("scenario", "Name of the scenario.",
              [](const From& e) { return e.scenario->scenario.name; })
      .member("algorithm", "The receive algorithm; empty when the scenario has no sockets.",
              [](const From& e) { return algorithm_of(e.scenario->scenario); })
      .member("threads", "Names of the threads: `a`, `b`, ... of `schedule_as_found`.",
              [](const From& e) { return e.searched.threads; })
      .member(
          "not_explored",
          "What a run of the scenario has and this exploration has not, or less of: `page faults`.",
          [](const From& e) { return e.not_explored; })
      .object("coverage", "What was covered.", coverage_members(),
              [](const From& e) -> const Searched& { return e.searched; })
      .objects(
          "violations", "One entry a kind, the shortest counterexample first.", explained_members(),
          [](const From& e) -> const auto& { return e.violations; })
      .member("final_states", "Distinct states in which interleavings ended.",
              [](const From& e) { return e.searched.result.final_states; })
      .member("final_states_counted", "False: there are more, the count stopped at its limit.",
              [](const From& e) { return e.searched.result.final_states_counted; })
      .objects(
          "expectations", "The items of the scenario's `expect` that have a verdict.",
          expectation_members(), [](const From& e) -> const auto& { return e.expectations; })
      .object("provenance", "Where this comes from.", provenance_members(), [](const From& e) {
        return Provenance{e.scenario, e.command};
      });
  return object;
}

}  // namespace

Json json_of_steps(const sim::Replayed& replayed, const std::vector<std::string>& threads) {
  return step_members().array(steps_of(replayed, threads));
}

JsonObject<Provenance> provenance_members() {
  JsonObject<Provenance> object;
  add_program_members(object);
  object
      .member("seed", "The scenario's seed.",
              [](const Provenance& p) { return p.scenario->scenario.seed; })
      .member("scenario_hash",
              "FNV-1a of the effective scenario: defaults filled in, overrides applied.",
              [](const Provenance& p) {
                return fmt::format("{:016x}", sim::fnv1a(p.scenario->canonical()));
              })
      .member("command", "Does this again.", [](const Provenance& p) { return p.command; });
  return object;
}

std::string algorithm_of(const models::Scenario& scenario) {
  return scenario.sockets.empty() ? "" : scenario.receive.algorithm;
}

std::vector<std::string> search_verdicts() { return {"clean", "violation", "bounded"}; }

std::string verdict_of(const Searched& searched) {
  if (!searched.result.violations.empty()) return "violation";
  return searched.result.exhaustive ? "clean" : "bounded";
}

void write_exploration_json(std::ostream& out, const Exploration& exploration) {
  out << json_text(exploration_members().json(exploration));
}

std::string exploration_json_schema() {
  return exploration_members().schema_text("sockbufsim exploration");
}

}  // namespace cli
