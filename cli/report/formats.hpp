// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "models/report/report.hpp"
#include "sim/observe/timeline.hpp"

/// The formats of reports, one file each.
namespace cli {

/// What a format may draw on.
struct ReportView {
  const models::Report& report;
  const sim::Timeline* timeline = nullptr;  ///< not null for formats that need it
  bool colour = false;
  std::string_view scenario = {};  ///< the effective one, canonical JSON; for html
};

/// For people: tables, units that fit, the worst waits in sentences.
void write_text(std::ostream& out, const ReportView& view);
/// Everything, in the order of the field table.
void write_json(std::ostream& out, const ReportView& view);
/// One row a metric in the order of the field table: metric,value; with replications also
/// half_width,n.
void write_csv(std::ostream& out, const ReportView& view);
/// `sysctl debug.lock.prof.stats` of FreeBSD 8 and later: its header, widths and truncation to
/// microseconds; rows by total wait, the longest first.
void write_lockprof(std::ostream& out, const ReportView& view);
/// The shape of lockstat(1): a table each for spinning, blocking and holding, by count.
void write_lockstat(std::ostream& out, const ReportView& view);
/// The timeline as Chrome trace-event JSON.
void write_trace(std::ostream& out, const ReportView& view);

/// A page for browsers: charts, sortable tables, the worst wait of the timeline, the scenario.
void write_html(std::ostream& out, const ReportView& view);

struct Format {
  std::string_view name;
  std::string_view doc;
  void (*write)(std::ostream& out, const ReportView& view);
  bool needs_timeline = false;
};

std::span<const Format> formats();

/// Null when there is none of that name.
const Format* find_format(std::string_view name);

}  // namespace cli
