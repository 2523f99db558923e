// SPDX-License-Identifier: BSD-2-Clause
#include "cli/report/csv.hpp"

#include <ostream>

#include "cli/report/formats.hpp"
#include "models/report/metrics.hpp"
#include "models/scenario/json_text.hpp"

namespace cli {

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

void write_csv(std::ostream& out, const ReportView& view) {
  if (view.report.summary.empty()) {
    out << "metric,value\n";
    for (const models::Metric& metric : models::metrics(view.report)) {
      out << csv_field(metric.path) << ',' << models::number_text(metric.value) << '\n';
    }
    return;
  }
  out << "metric,value,half_width,n\n";
  for (const models::SummaryReport& row : view.report.summary) {
    out << csv_field(row.metric) << ',' << models::number_text(row.mean) << ','
        << models::number_text(row.half_width) << ',' << row.n << '\n';
  }
}

}  // namespace cli
