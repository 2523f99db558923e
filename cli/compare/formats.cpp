// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <ostream>
#include <utility>

#include "cli/compare/compare.hpp"
#include "cli/report/csv.hpp"
#include "cli/report/table.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/nearest.hpp"

namespace cli {
namespace {

using models::Json;

std::string short_number(double value) { return fmt::format("{:.5g}", value); }

std::string relative_text(double relative) {
  return std::isfinite(relative) ? fmt::format("{:+.2f} %", relative * 100.0) : "from 0";
}

std::string interval_text(const Estimate& estimate) {
  if (!estimate.has_interval()) return "";
  return fmt::format("[{}, {}]{}", short_number(estimate.low), short_number(estimate.high),
                     estimate.paired ? " paired" : "");
}

std::string verdict_text(const Change& change) {
  switch (change.verdict) {
    case ChangeVerdict::same:
      return "the same";
    case ChangeVerdict::unproven:
      return "no difference proven at 95 %";
    case ChangeVerdict::within:
      return fmt::format("within {:g} %", change.tolerance * 100.0);
    case ChangeVerdict::beyond:
      return fmt::format("{} by more than {:g} %", change.relative > 0.0 ? "HIGHER" : "LOWER",
                         change.tolerance * 100.0);
    case ChangeVerdict::lost:
      return "LOST: no run has it any more";
  }
  return {};
}

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(); }

std::string csv_number(double value) {
  return std::isfinite(value) ? models::number_text(value) : std::string();
}

std::string runs_text(const Change& change) {
  if (change.difference.paired) return fmt::format("{} pairs", change.difference.n);
  return change.old_runs == change.new_runs
             ? fmt::format("{}", change.old_runs)
             : fmt::format("{} and {}", change.old_runs, change.new_runs);
}

std::string runs_of(std::size_t count, const char* side) {
  return fmt::format("{} {} run{}", count, side, count == 1 ? "" : "s");
}

/// Empty when all runs are compared.
std::string left_out_text(const Change& change) {
  std::string text;
  if (change.old_left_out > 0) text = runs_of(change.old_left_out, "old");
  if (change.new_left_out > 0) {
    text += (text.empty() ? "" : " and ") + runs_of(change.new_left_out, "new");
  }
  if (text.empty()) return text;
  return fmt::format("{} without a counterpart left out", text);
}

/// What is left out under the table of a point, with the metrics where that is not all of them.
std::string left_out_notes(const std::vector<const Change*>& changes) {
  std::map<std::string, std::vector<std::string>> metrics;
  for (const Change* change : changes) {
    const std::string text = left_out_text(*change);
    if (!text.empty()) metrics[text].push_back(change->metric);
  }
  std::string notes;
  for (const auto& [text, names] : metrics) {
    const bool all = names.size() == changes.size();
    notes += fmt::format("  {}{}\n", all ? "" : models::join_names(names, "and") + ": ", text);
  }
  return notes;
}

std::string failures_text(const FailedRuns& item) {
  std::string text = item.point + ": ";
  if (item.in_new > 0) text += fmt::format("failed in the new store: {}", item.new_reason);
  if (item.in_old > 0) {
    text +=
        fmt::format("{}failed in the old store: {}", item.in_new > 0 ? "; " : "", item.old_reason);
  }
  if (item.lost > 0) {
    text += fmt::format("; {} of them {} results in the old store", item.lost,
                        item.lost == 1 ? "has" : "have");
  }
  return text;
}

Json failures_json(const std::vector<FailedRuns>& failures) {
  Json all = Json::array();
  for (const FailedRuns& item : failures) {
    all.push_back({{"point", item.point},
                   {"old", item.in_old},
                   {"new", item.in_new},
                   {"lost", item.lost},
                   {"old_reason", item.old_reason},
                   {"new_reason", item.new_reason}});
  }
  return all;
}

void print_table(std::ostream& out, const std::vector<const Change*>& changes, const Style& style) {
  Table table({{"metric", Table::Align::left},
               {"old"},
               {"new"},
               {"runs"},
               {"change"},
               {"95 % interval of the difference", Table::Align::left},
               {"", Table::Align::left}});
  for (const Change* change : changes) {
    const bool compared = change->verdict != ChangeVerdict::lost;
    const std::string verdict = verdict_text(*change);
    table.add({change->metric, short_number(change->from), compared ? short_number(change->to) : "",
               runs_text(*change), compared ? relative_text(change->relative) : "",
               interval_text(change->difference),
               change->failed() ? style.bad(verdict) : style.dim(verdict)});
  }
  fmt::print(out, "{}{}", table.text(style), left_out_notes(changes));
}

void print_scenario_changes(std::ostream& out, const ScenarioChanges& scenarios) {
  if (scenarios.points == 0) return;
  constexpr std::size_t kMostNamed = 5;
  fmt::print(out, "note: {} point{} another scenario in the new store\n", scenarios.points,
             scenarios.points == 1 ? " has" : "s have");
  for (std::size_t i = 0; i < std::min(scenarios.fields.size(), kMostNamed); ++i) {
    fmt::print(out, "  {}\n", scenarios.fields[i]);
  }
  if (scenarios.fields.size() > kMostNamed) {
    fmt::print(out, "  and {} more fields\n", scenarios.fields.size() - kMostNamed);
  }
}

/// A line a figure, with the number of points where that is more than one.
void print_not_compared(std::ostream& out, const std::vector<NotCompared>& items) {
  constexpr std::size_t kMostNamed = 20;
  std::vector<std::pair<std::string, std::vector<std::string>>> points_by_line;
  for (const NotCompared& item : items) {
    const std::string line = fmt::format("{}: {}", item.metric, item.why());
    const auto known = std::find_if(points_by_line.begin(), points_by_line.end(),
                                    [&](const auto& one) { return one.first == line; });
    if (known == points_by_line.end()) {
      points_by_line.push_back({line, {item.point}});
    } else {
      known->second.push_back(item.point);
    }
  }
  for (std::size_t i = 0; i < std::min(points_by_line.size(), kMostNamed); ++i) {
    const auto& [line, points] = points_by_line[i];
    std::string where;
    if (points.size() > 1) where = fmt::format(", at {} points", points.size());
    if (points.size() == 1 && !points.front().empty()) where = ", at " + points.front();
    fmt::print(out, "not compared: {}{}\n", line, where);
  }
  if (points_by_line.size() > kMostNamed) {
    fmt::print(out, "not compared: and {} more figures\n", points_by_line.size() - kMostNamed);
  }
}

Json not_compared_json(const std::vector<NotCompared>& items) {
  Json all = Json::array();
  for (const NotCompared& item : items) {
    all.push_back({{"metric", item.metric},
                   {"point", item.point},
                   {"count", item.count},
                   {"old", item.in_old},
                   {"new", item.in_new}});
  }
  return all;
}

/// `, 2 points missing`, or nothing.
std::string points_missing_text(const CompareResult& result) {
  const std::size_t missing = result.only_old.size();
  return missing == 0 ? "" : fmt::format(", {} point{} missing", missing, missing == 1 ? "" : "s");
}

}  // namespace

std::string NotCompared::why() const {
  const char* const side = in_old && in_new ? "on both sides"
                           : in_old         ? "in the old"
                                            : "in the new";
  const char* const kind = in_old && in_new ? "" : point.empty() ? " report" : " store";
  return fmt::format("{} is 0 {}{}", count, side, kind);
}

std::string verdict_name(ChangeVerdict verdict) {
  switch (verdict) {
    case ChangeVerdict::same:
      return "same";
    case ChangeVerdict::unproven:
      return "unproven";
    case ChangeVerdict::within:
      return "within";
    case ChangeVerdict::beyond:
      return "beyond";
    case ChangeVerdict::lost:
      return "lost";
  }
  return {};
}

void write_compare_text(std::ostream& out, const CompareResult& result, bool colour) {
  const Style style(colour);
  std::vector<const Change*> part;
  const auto flush = [&] {
    if (part.empty()) return;
    if (!part.front()->point.empty()) fmt::print(out, "{}\n", style.bold(part.front()->point));
    print_table(out, part, style);
    fmt::print(out, "\n");
    part.clear();
  };
  std::size_t failed = 0;
  for (const Change& change : result.changes) {
    if (!part.empty() && part.front()->point != change.point) flush();
    part.push_back(&change);
    if (change.failed()) ++failed;
  }
  flush();
  print_not_compared(out, result.not_compared);
  for (const std::string& point : result.only_old) {
    fmt::print(out, "{} only in the old store: {}\n", style.bad("MISSING"), point);
  }
  for (const std::string& point : result.only_new) {
    fmt::print(out, "only in the new store: {}\n", point);
  }
  for (const FailedRuns& item : result.failures) {
    fmt::print(out, "{} {}\n", item.lost > 0 ? style.bad("LOST") : "note:", failures_text(item));
  }
  if (const std::size_t lost = result.lost_runs(); lost > 0) {
    fmt::print(out, "{} run{} lost\n", lost, lost == 1 ? "" : "s");
  }
  print_scenario_changes(out, result.scenarios);
  fmt::print(out, "{} of {} figures beyond their tolerance{}\n", failed, result.changes.size(),
             points_missing_text(result));
}

void write_compare_json(std::ostream& out, const CompareRequest& request,
                        const CompareResult& result) {
  Json changes = Json::array();
  for (const Change& change : result.changes) {
    const Estimate& d = change.difference;
    changes.push_back({{"metric", change.metric},
                       {"point", change.point},
                       {"old", number_or_null(change.from)},
                       {"new", number_or_null(change.to)},
                       {"runs", {{"old", change.old_runs}, {"new", change.new_runs}}},
                       {"left_out", {{"old", change.old_left_out}, {"new", change.new_left_out}}},
                       {"difference",
                        {{"value", number_or_null(d.value)},
                         {"low", number_or_null(d.low)},
                         {"high", number_or_null(d.high)},
                         {"n", d.n},
                         {"paired", d.paired}}},
                       {"relative", number_or_null(change.relative)},
                       {"tolerance", change.tolerance},
                       {"verdict", verdict_name(change.verdict)}});
  }
  const Json tree{{"schema", "sockbufsim/comparison/1"},
                  {"old", request.old_file},
                  {"new", request.new_file},
                  {"passed", !result.failed()},
                  {"changes", changes},
                  {"not_compared", not_compared_json(result.not_compared)},
                  {"only_old", result.only_old},
                  {"only_new", result.only_new},
                  {"failures", failures_json(result.failures)},
                  {"scenarios_differ",
                   {{"points", result.scenarios.points}, {"fields", result.scenarios.fields}}}};
  out << tree.dump(2) << "\n";
}

void write_compare_csv(std::ostream& out, const CompareResult& result) {
  out << "point,metric,old,new,difference,low,high,paired,relative,tolerance,verdict,old_runs,"
         "new_runs,old_left_out,new_left_out,old_failed,new_failed,lost_runs\n";
  std::map<std::string, FailedRuns> failures;
  for (const FailedRuns& item : result.failures) failures[item.point] = item;
  for (const Change& change : result.changes) {
    const Estimate& d = change.difference;
    const FailedRuns& failed = failures[change.point];
    fmt::print(out, "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
               csv_field(change.point), csv_field(change.metric), csv_number(change.from),
               csv_number(change.to), csv_number(d.value), csv_number(d.low), csv_number(d.high),
               d.paired ? "true" : "false", csv_number(change.relative),
               csv_number(change.tolerance), verdict_name(change.verdict), change.old_runs,
               change.new_runs, change.old_left_out, change.new_left_out, failed.in_old,
               failed.in_new, failed.lost);
  }
}

std::vector<TestCase> compare_cases(const CompareResult& result) {
  std::vector<TestCase> cases;
  cases.reserve(result.changes.size() + result.not_compared.size() + 2);
  for (const Change& change : result.changes) {
    TestCase& item = cases.emplace_back();
    item.name = change.point.empty() ? change.metric : change.metric + " at " + change.point;
    if (!change.failed()) continue;
    item.failure = fmt::format("old {}, new {}, {} {}: {}", short_number(change.from),
                               short_number(change.to), relative_text(change.relative),
                               interval_text(change.difference), verdict_text(change));
  }
  for (const NotCompared& item : result.not_compared) {
    TestCase& skipped = cases.emplace_back();
    skipped.name = item.point.empty() ? item.metric : item.metric + " at " + item.point;
    skipped.skipped = "not compared: " + item.why();
  }
  std::string missing;
  for (const std::string& point : result.only_old) missing += (missing.empty() ? "" : "; ") + point;
  cases.push_back({"the new store has every point of the old one", missing, ""});
  std::string lost;
  for (const FailedRuns& item : result.failures) {
    if (item.lost > 0) lost += (lost.empty() ? "" : "\n") + failures_text(item);
  }
  cases.push_back({"the new store has results of every run of the old one", lost, ""});
  return cases;
}

}  // namespace cli
