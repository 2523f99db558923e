// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explore/matrix.hpp"

#include <nlohmann/json.hpp>

#include "cli/html/data.hpp"
#include "cli/html/html.hpp"
#include "cli/html/page.hpp"
#include "models/receive/receive.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;

/// The rows, each with what the registry says of it.
Json json_of_algorithms(const Matrix& matrix) {
  Json json = Json::array();
  for (const std::string& name : matrix.algorithms) {
    const models::ReceiveAlgorithm* known = models::find_algorithm(name);
    json.push_back({{"name", name}, {"doc", known == nullptr ? "" : std::string(known->doc)}});
  }
  return json;
}

/// The columns, each with its file and the effective scenario.
std::string json_of_disturbances(const Matrix& matrix) {
  std::string json;
  for (const models::LoadedScenario* loaded : matrix.scenarios) {
    if (!json.empty()) json += ',';
    json += "{\"name\":" + compact_json(loaded->scenario.name) +
            ",\"file\":" + compact_json(loaded->path) + ",\"scenario\":" + loaded->canonical() +
            '}';
  }
  return '[' + json + ']';
}

/// What each cell was limited to; null: no limit.
Json json_of_limits(const SearchRequest& request) {
  Json json{{"max_schedules", nullptr}, {"max_seconds", nullptr}, {"first", request.first}};
  if (request.max_schedules) json["max_schedules"] = *request.max_schedules;
  if (request.max_seconds) json["max_seconds"] = *request.max_seconds;
  return json;
}

}  // namespace

void write_matrix_html(std::ostream& out, const Matrix& matrix) {
  const std::string data = "{\"kind\":\"matrix\",\"report\":" + text_of(write_matrix_json, matrix) +
                           ",\"algorithms\":" + compact_json(json_of_algorithms(matrix)) +
                           ",\"disturbances\":" + json_of_disturbances(matrix) +
                           ",\"limits\":" + compact_json(json_of_limits(matrix.request)) +
                           ",\"meanings\":" + compact_json(json_of_violation_kinds()) + '}';
  write_page(out, "Receive algorithms under disturbances - sockbufsim explore --matrix", data,
             {"base.js", "table.js", "report.js", "matrix.js"});
}

}  // namespace cli
