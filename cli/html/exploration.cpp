// SPDX-License-Identifier: BSD-2-Clause
#include <sstream>

#include "cli/explore/formats.hpp"
#include "cli/html/html.hpp"
#include "cli/html/page.hpp"

namespace cli {

void write_exploration_html(std::ostream& out, const Exploration& exploration) {
  std::ostringstream report;
  write_exploration_json(report, exploration);
  const std::string data = "{\"kind\":\"exploration\",\"report\":" + report.str() +
                           ",\"scenario\":" + exploration.scenario->canonical() + '}';
  write_page(out, exploration.scenario->scenario.name + " - sockbufsim explore", data,
             {"base.js", "table.js", "report.js", "explore.js"});
}

}  // namespace cli
