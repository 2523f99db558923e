// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explore/timed_search.hpp"

#include "cli/html/data.hpp"
#include "cli/html/html.hpp"
#include "cli/html/page.hpp"

namespace cli {

void write_timed_search_html(std::ostream& out, const TimedSearch& search) {
  const std::string data =
      "{\"kind\":\"timed-search\",\"report\":" + text_of(write_timed_search_json, search) +
      ",\"scenario\":" + search.scenario->canonical() +
      ",\"meanings\":" + compact_json(json_of_violation_kinds()) + '}';
  write_page(out, search.scenario->scenario.name + " - sockbufsim explore --timed-search", data,
             {"chart.min.js", "base.js", "table.js", "chart.js", "report.js", "timed_search.js"});
}

}  // namespace cli
