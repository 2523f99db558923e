// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explore/formats.hpp"
#include "cli/html/data.hpp"
#include "cli/html/html.hpp"
#include "cli/html/page.hpp"

namespace cli {

void write_exploration_html(std::ostream& out, const Exploration& exploration) {
  const std::string data =
      "{\"kind\":\"exploration\",\"report\":" + text_of(write_exploration_json, exploration) +
      ",\"scenario\":" + exploration.scenario->canonical() + '}';
  write_page(out, exploration.scenario->scenario.name + " - sockbufsim explore", data,
             {"base.js", "table.js", "report.js", "explore.js"});
}

}  // namespace cli
