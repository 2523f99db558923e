// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <cmath>
#include <ostream>

#include "cli/compare/compare.hpp"
#include "cli/report/csv.hpp"
#include "cli/report/table.hpp"
#include "models/scenario/json_text.hpp"

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

void print_table(std::ostream& out, const std::vector<const Change*>& changes, const Style& style) {
  Table table({{"metric", Table::Align::left},
               {"old"},
               {"new"},
               {"change"},
               {"95 % interval of the difference", Table::Align::left},
               {"", Table::Align::left}});
  for (const Change* change : changes) {
    const bool compared = change->verdict != ChangeVerdict::lost;
    const std::string verdict = verdict_text(*change);
    table.add({change->metric, short_number(change->from), compared ? short_number(change->to) : "",
               compared ? relative_text(change->relative) : "", interval_text(change->difference),
               change->failed() ? style.bad(verdict) : style.dim(verdict)});
  }
  fmt::print(out, "{}", table.text(style));
}

}  // namespace

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
  for (const std::string& point : result.only_old) {
    fmt::print(out, "{} only in the old store: {}\n", style.bad("MISSING"), point);
  }
  for (const std::string& point : result.only_new) {
    fmt::print(out, "only in the new store: {}\n", point);
  }
  fmt::print(out, "{} of {} figures beyond their tolerance\n", failed, result.changes.size());
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
                  {"only_old", result.only_old},
                  {"only_new", result.only_new}};
  out << tree.dump(2) << "\n";
}

void write_compare_csv(std::ostream& out, const CompareResult& result) {
  out << "point,metric,old,new,difference,low,high,paired,relative,tolerance,verdict\n";
  for (const Change& change : result.changes) {
    const Estimate& d = change.difference;
    fmt::print(out, "{},{},{},{},{},{},{},{},{},{},{}\n", csv_field(change.point),
               csv_field(change.metric), csv_number(change.from), csv_number(change.to),
               csv_number(d.value), csv_number(d.low), csv_number(d.high),
               d.paired ? "true" : "false", csv_number(change.relative),
               csv_number(change.tolerance), verdict_name(change.verdict));
  }
}

std::vector<TestCase> compare_cases(const CompareResult& result) {
  std::vector<TestCase> cases;
  cases.reserve(result.changes.size() + 1);
  for (const Change& change : result.changes) {
    TestCase& item = cases.emplace_back();
    item.name = change.point.empty() ? change.metric : change.metric + " at " + change.point;
    if (!change.failed()) continue;
    item.failure = fmt::format("old {}, new {}, {} {}: {}", short_number(change.from),
                               short_number(change.to), relative_text(change.relative),
                               interval_text(change.difference), verdict_text(change));
  }
  std::string missing;
  for (const std::string& point : result.only_old) missing += (missing.empty() ? "" : "; ") + point;
  cases.push_back({"the new store has every point of the old one", missing});
  return cases;
}

}  // namespace cli
