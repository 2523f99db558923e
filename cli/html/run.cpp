// SPDX-License-Identifier: BSD-2-Clause
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/html/data.hpp"
#include "cli/html/page.hpp"
#include "cli/html/worst_wait.hpp"
#include "cli/report/formats.hpp"
#include "models/report/json.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;

double to_ns(sim::Picoseconds ps) { return static_cast<double>(ps) / 1e3; }

Json json_of(const WorstWait& wait) {
  Json json{{"waiter", wait.waiter},     {"holder", wait.holder},
            {"what", wait.what},         {"start_ns", to_ns(wait.start)},
            {"end_ns", to_ns(wait.end)}, {"from_ns", to_ns(wait.from)},
            {"to_ns", to_ns(wait.to)},   {"dropped", wait.dropped}};
  json["slices"] = Json::array();
  for (const sim::Timeline::Slice& slice : wait.slices) {
    json["slices"].push_back({{"process", std::string(slice.process)},
                              {"track", std::string(slice.track)},
                              {"name", std::string(slice.name)},
                              {"start_ns", to_ns(slice.start)},
                              {"end_ns", to_ns(slice.end)}});
  }
  return json;
}

}  // namespace

void write_html(std::ostream& out, const ReportView& view) {
  Json worst = nullptr;
  if (view.timeline != nullptr) {
    if (const auto wait = worst_wait(*view.timeline)) worst = json_of(*wait);
  }
  models::Report report = view.report;
  report.simulator = {};  // not shown; the rest is the same in every run of the seed
  std::string data = "{\"kind\":\"run\",\"report\":" + models::report_json(report);
  data += ",\"scenario\":";
  data += view.scenario.empty() ? "null" : view.scenario;
  data += ",\"worst_wait\":" + compact_json(worst);
  data += ",\"kinds\":" + compact_json(json_of_metric_kinds()) + '}';
  write_page(out, view.report.run.scenario + " - sockbufsim run", data,
             {"chart.min.js", "base.js", "table.js", "chart.js", "report.js", "run.js"});
}

}  // namespace cli
