// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explore/formats.hpp"

#include <array>
#include <ostream>

#include "cli/explore/interleaving.hpp"
#include "cli/html/html.hpp"
#include "cli/report/csv.hpp"
#include "sim/base/build_info.hpp"

namespace cli {

std::span<const DocumentFormat<Exploration>> exploration_formats() {
  static constexpr std::array<DocumentFormat<Exploration>, 5> kFormats = {{
      {"text", "tables for people; the last line says what was covered", write_exploration_text},
      {"json", "everything (sockbufsim schema exploration)", write_exploration_json},
      {"csv", "one row a kind of violation", write_exploration_csv},
      {"trace", "the first counterexample for ui.perfetto.dev", write_exploration_trace},
      {"html", "a page for browsers, in one file", write_exploration_html},
  }};
  return kFormats;
}

void write_exploration_csv(std::ostream& out, const Exploration& exploration) {
  out << "kind,message,thread,interleavings,context_switches,steps,schedule\n";
  for (const Explained& violation : exploration.violations) {
    const sim::Finding& finding =
        violation.replayed.finding ? *violation.replayed.finding : violation.found.finding;
    out << csv_field(finding.kind) << ',' << csv_field(finding.message) << ','
        << csv_field(violation.replayed.thread) << ',' << violation.found.interleavings << ','
        << violation.switches() << ',' << violation.replayed.steps.size() << ','
        << sim::to_string(violation.shortest.schedule) << '\n';
  }
}

void write_exploration_trace(std::ostream& out, const Exploration& exploration) {
  sim::Timeline timeline;
  timeline.set_metadata("scenario", exploration.scenario->scenario.name);
  timeline.set_metadata("version", sim::version());
  timeline.set_metadata("coverage", exploration.searched.coverage());
  timeline.set_metadata("time", "none: a step of the counterexample is drawn as 1 us");
  if (exploration.violations.empty()) {
    timeline.set_metadata("counterexample", "none was found");
  } else {
    const Explained& first = exploration.violations.front();
    timeline.set_metadata("counterexample", first.found.finding.kind);
    timeline.set_metadata("schedule", sim::to_string(first.shortest.schedule));
    draw_interleaving(timeline, first.replayed, first.threads);
  }
  timeline.write(out);
}

}  // namespace cli
