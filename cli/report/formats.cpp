// SPDX-License-Identifier: BSD-2-Clause
#include "cli/report/formats.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include "models/report/json.hpp"
#include "sim/base/assert.hpp"

namespace cli {

std::span<const Format> formats() {
  static constexpr std::array<Format, 7> kFormats = {{
      {"text", "tables for people", write_text},
      {"json", "everything (sockbufsim schema report)", write_json},
      {"csv", "metric,value rows", write_csv},
      {"lockprof", "FreeBSD's debug.lock.prof.stats", write_lockprof},
      {"lockstat", "like lockstat(1)", write_lockstat},
      {"trace", "timeline for ui.perfetto.dev or chrome://tracing", write_trace, true},
      {"html", "a page for browsers, with charts, in one file", write_html, true},
  }};
  return kFormats;
}

const Format* find_format(std::string_view name) {
  const auto all = formats();
  const auto at = std::find_if(all.begin(), all.end(),
                               [&](const Format& format) { return format.name == name; });
  return at == all.end() ? nullptr : &*at;
}

void write_json(std::ostream& out, const ReportView& view) {
  out << models::report_json(view.report);
}

void write_trace(std::ostream& out, const ReportView& view) {
  SIM_ASSERT(view.timeline != nullptr, "no timeline was recorded");
  view.timeline->write(out);
}

}  // namespace cli
