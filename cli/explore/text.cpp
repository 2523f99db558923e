// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <ostream>

#include "cli/explore/formats.hpp"
#include "cli/explore/interleaving.hpp"
#include "cli/report/table.hpp"

namespace cli {
namespace {

using Kind = sim::Strategy::Kind;

std::string strategy_text(const sim::Strategy& strategy) {
  std::string name = sim::to_string(strategy);
  switch (strategy.kind) {
    case Kind::exhaustive:
      return name + ": at least one of each class of equivalent interleavings";
    case Kind::all:
      return name + ": every single interleaving";
    case Kind::preemptions:
    case Kind::delays:
      return name;
    default:
      return name + ": drawn";
  }
}

std::string head(const Exploration& exploration, const Style& style) {
  const models::Scenario& scenario = exploration.scenario->scenario;
  const Searched& searched = exploration.searched;
  std::string threads;
  for (std::size_t i = 0; i < searched.threads.size(); ++i) {
    threads += (i == 0 ? "" : ", ") + letter_and_name(i, searched.threads[i]);
  }
  std::string text = style.bold(scenario.name) + "\n\n";
  text += fmt::format("  threads   {}\n", threads);
  if (!scenario.sockets.empty()) {
    text += fmt::format("  receive   {}, sblock {}, era {}\n", scenario.receive.algorithm,
                        models::enum_name(scenario.receive.effective_sblock()),
                        models::enum_name(scenario.receive.era));
  }
  text += fmt::format("  strategy  {}\n", strategy_text(searched.strategy));
  text += fmt::format("  steps     {} in {}\n", counted(searched.result.steps, "operation"),
                      counted(searched.result.interleavings, "interleaving"));
  text += fmt::format("  ends      {}{}\n", counted(searched.result.final_states, "final state"),
                      searched.result.final_states_counted ? "" : " and more: not counted further");
  return text;
}

std::string violation_text(const Explained& violation, std::size_t number, std::uint64_t executed,
                           const Style& style) {
  const sim::FoundViolation& found = violation.found;
  std::string text = fmt::format("\n{}. {} in {} of {}\n", number, style.bad(found.finding.kind),
                                 grouped(found.interleavings), counted(executed, "interleaving"));
  const sim::Replayed& replayed = violation.replayed;
  const std::string who =
      replayed.thread.empty() ? "judged at the end" : "met by " + replayed.thread;
  text += fmt::format("   {}\n   {}; the shortest way found{}: {}, {}\n",
                      replayed.finding ? replayed.finding->message : found.finding.message, who,
                      violation.cut_short ? " until time was up" : "",
                      counted(replayed.steps.size(), "step"),
                      counted(violation.switches(), "change") + " of thread");
  const auto& left_out = violation.shortest.left_out;
  for (std::size_t i = 0; i < left_out.size(); ++i) {
    text += (i == 0 ? "   not needed, and left out: " : ", ") + left_out[i];
  }
  if (!left_out.empty()) text += '\n';
  text += '\n' + interleaving_table(replayed, violation.threads, style) + '\n';
  text += fmt::format("   schedule  {}\n", sim::to_string(violation.shortest.schedule));
  return text;
}

}  // namespace

void write_exploration_text(std::ostream& out, const Exploration& exploration) {
  const Style style(exploration.colour);
  const sim::SearchResult& result = exploration.searched.result;
  std::string text = head(exploration, style) + '\n';
  text += exploration.violations.empty()
              ? style.good("No violation was found") + '\n'
              : style.bold(counted(exploration.violations.size(), "kind") + " of violation") + '\n';
  for (std::size_t i = 0; i < exploration.violations.size(); ++i) {
    text += violation_text(exploration.violations[i], i + 1, result.interleavings, style);
  }
  if (!exploration.violations.empty()) {
    text += fmt::format("\nTo replay the first: {} --schedule FILE, then sockbufsim replay FILE\n",
                        exploration.command);
  }
  if (!exploration.expectations.empty()) text += '\n' + style.bold("Expectations") + '\n';
  for (const models::ExpectationReport& item : exploration.expectations) {
    text += fmt::format("  {}  {}\n", item.passed ? style.good("passed") : style.bad("FAILED"),
                        item.message);
  }
  text += '\n';
  if (result.redundant > 0) {
    text += fmt::format("{} begun in vain: cut short as equivalent to another one\n",
                        counted(result.redundant, "execution"));
  }
  for (std::size_t i = 0; i < exploration.not_explored.size(); ++i) {
    text += (i == 0 ? "not explored: " : "; ") + exploration.not_explored[i];
  }
  if (!exploration.not_explored.empty()) text += '\n';
  out << text << exploration.searched.coverage() << '\n';
}

}  // namespace cli
