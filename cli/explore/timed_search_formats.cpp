// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <ostream>

#include "cli/explore/exploration.hpp"
#include "cli/explore/json.hpp"
#include "cli/explore/timed_search.hpp"
#include "cli/html/html.hpp"
#include "cli/report/table.hpp"

namespace cli {
namespace {

using models::JsonObject;

std::string interval_text(const sim::Interval& interval) {
  if (std::isnan(interval.half_width)) {
    return fmt::format("{:.1f} ns (one copy: no interval)", interval.mean);
  }
  return fmt::format("{:.1f} ns +- {:.1f} ns (95 %, {} copies)", interval.mean, interval.half_width,
                     interval.n);
}

/// How far apart the moments tried are: the window is known to no less.
double step_ns(const models::TimedSearchResult& result) {
  return result.copy_ns.mean / static_cast<double>(result.copies.front().hit.size());
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

void write_timed_search_text(std::ostream& out, const TimedSearch& search) {
  const Style style(search.colour);
  const models::Scenario& scenario = search.scenario->scenario;
  const models::TimedSearchResult& result = search.result;
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
  text += fmt::format("  window       {}, resolved to one step, {:.1f} ns\n",
                      interval_text(result.width_ns), step_ns(result));
  text += fmt::format(
      "  probability  {:.3f}, 95 % from {:.3f} to {:.3f}, for a moment drawn from the copy\n",
      result.probability.estimate, result.probability.lower, result.probability.upper);
  out << text;
}

JsonObject<sim::Interval> interval_members() {
  using From = sim::Interval;
  JsonObject<From> object;
  object.member("mean", "Mean over the copies.", [](const From& i) { return i.mean; })
      .member("half_width", "Half of the 95 % interval (Student's t); null: one copy, no interval.",
              [](const From& i) {
                return std::isnan(i.half_width) ? std::nullopt : std::optional(i.half_width);
              })
      .member("n", "How many copies.", [](const From& i) { return i.n; });
  return object;
}

JsonObject<models::Proportion> proportion_members() {
  using From = models::Proportion;
  JsonObject<From> object;
  object
      .member("estimate", "Share of all runs that met it.",
              [](const From& p) { return p.estimate; })
      .member("lower", "Lower end of the 95 % interval.", [](const From& p) { return p.lower; })
      .member("upper", "Upper end of the 95 % interval.", [](const From& p) { return p.upper; });
  return object;
}

JsonObject<models::TimedSearchCopy> timed_copy_members() {
  using From = models::TimedSearchCopy;
  JsonObject<From> object;
  object
      .member("start_ns", "Start of the first copyout, since the start of the run. Unit: ns.",
              [](const From& c) { return static_cast<double>(c.start_ps) / 1e3; })
      .member("length_ns", "To the end of the last copyout. Unit: ns.",
              [](const From& c) { return static_cast<double>(c.length_ps()) / 1e3; })
      .member("window_ns", "The part of the copy in which the violation occurs. Unit: ns.",
              [](const From& c) { return c.width_ns(); })
      .member("hit", "By step: whether a violation or deadlock occurred.",
              [](const From& c) { return c.hit; });
  return object;
}

JsonObject<TimedSearch> timed_search_members() {
  using From = TimedSearch;
  JsonObject<From> object;
  object.constant("schema", "sockbufsim/timed-search/1", "Version of this format.")
      .member("scenario", "Name of the scenario.",
              [](const From& s) { return s.scenario->scenario.name; })
      .member("algorithm", "The receive algorithm.",
              [](const From& s) { return s.scenario->scenario.receive.algorithm; })
      .member("disturbance", "Which one was moved.",
              [](const From& s) { return s.result.disturbance; })
      .object("copy_ns", "Length of the copies. Unit: ns.", interval_members(),
              [](const From& s) { return s.result.copy_ns; })
      .object("window_ns", "The part of a copy in which the violation occurs. Unit: ns.",
              interval_members(), [](const From& s) { return s.result.width_ns; })
      .member(
          "step_ns",
          "How far apart the moments tried are, mean over the copies: `window_ns` is known to no "
          "less. Unit: ns.",
          [](const From& s) { return step_ns(s.result); })
      .object("probability", "To meet the window, for a moment drawn uniformly from the copy.",
              proportion_members(), [](const From& s) { return s.result.probability; })
      .member("violations", "By kind: in how many runs it occurred.",
              [](const From& s) { return s.result.kinds; })
      .objects(
          "copies", "One entry a replication.", timed_copy_members(),
          [](const From& s) -> const auto& { return s.result.copies; })
      .object("provenance", "Where this comes from.", provenance_members(), [](const From& s) {
        return Provenance{s.scenario, s.command};
      });
  return object;
}

}  // namespace

std::span<const DocumentFormat<TimedSearch>> timed_search_formats() {
  static constexpr std::array<DocumentFormat<TimedSearch>, 3> kFormats = {{
      {"text", "the copies drawn, the window, the probability", write_timed_search_text},
      {"json", "everything (sockbufsim schema timed-search)", write_timed_search_json},
      {"html", "a page for browsers, with charts, in one file", write_timed_search_html},
  }};
  return kFormats;
}

void write_timed_search_json(std::ostream& out, const TimedSearch& search) {
  out << json_text(timed_search_members().json(search));
}

std::string timed_search_json_schema() {
  return timed_search_members().schema_text("sockbufsim timed search");
}

}  // namespace cli
