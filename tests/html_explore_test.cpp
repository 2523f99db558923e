// SPDX-License-Identifier: BSD-2-Clause
//
// The pages of `explore --matrix` and `--timed-search`, without a browser.
#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "cli/explore/matrix.hpp"
#include "cli/explore/timed_search.hpp"
#include "cli/html/html.hpp"
#include "models/violations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/html_page.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

const std::string kHostileName = "</script><!--<script>alert(\"1\")</script>&'";

models::LoadedScenario hostile_scenario() {
  models::LoadedScenario loaded =
      models::load_scenario(SOCKBUFSIM_SOURCE_DIR "/scenarios/close-during-copyout.json");
  loaded.scenario.name = kHostileName;
  loaded.scenario.description = kHostileName;
  loaded.path = kHostileName;
  return loaded;
}

/// One algorithm under one disturbance, with a violation found before a limit.
cli::Matrix matrix_of(const models::LoadedScenario& loaded) {
  cli::Matrix matrix;
  matrix.algorithms = {"generic"};
  matrix.disturbances = {loaded.scenario.name};
  matrix.scenarios = {&loaded};
  matrix.command = "sockbufsim explore --matrix " + kHostileName;
  cli::VerdictCell& cell = matrix.cells.emplace_back();
  cell.algorithm = "generic";
  cell.disturbance = loaded.scenario.name;
  cell.command = "sockbufsim explore " + kHostileName;
  cell.searched.end = cli::SearchEnd::schedules;
  cell.searched.result.interleavings = 7;
  cell.searched.result.violations = {{{"bytes_lost", kHostileName}, "reader", {}, 2}};
  return matrix;
}

template <class T>
std::string written_by(void (*write)(std::ostream& out, const T& document), const T& document) {
  std::ostringstream out;
  write(out, document);
  return out.str();
}

void check_that_names_stay_text(const std::string& page) {
  CHECK(page.find("<!--") == std::string::npos);
  CHECK(page.find("alert(\"1\")") == std::string::npos);
  CHECK_THAT(page, ContainsSubstring("http-equiv=\"Content-Security-Policy\""));
}

}  // namespace

TEST_CASE("the page of a matrix has all of its JSON, what was asked, and meanings", "[html]") {
  const models::LoadedScenario loaded = hostile_scenario();
  cli::Matrix matrix = matrix_of(loaded);
  const std::string page = written_by(cli::write_matrix_html, matrix);
  check_that_names_stay_text(page);
  const json data = tests::page_data(page);
  CHECK(data.at("kind") == "matrix");
  CHECK(data.at("report") == json::parse(written_by(cli::write_matrix_json, matrix)));
  const json& cell = data.at("report").at("cells").at(0);
  CHECK(cell.at("disturbance") == kHostileName);
  CHECK(cell.at("violations").at(0).at("message") == kHostileName);
  CHECK(cell.at("command") == "sockbufsim explore " + kHostileName);
  CHECK(cell.at("bound") == "stopped after 7 interleavings (--max-schedules)");
  CHECK(data.at("disturbances").size() == 1);
  CHECK(data.at("disturbances").at(0).at("name") == kHostileName);
  CHECK(data.at("disturbances").at(0).at("file") == kHostileName);
  CHECK(data.at("disturbances").at(0).at("scenario") == json::parse(loaded.canonical()));
  CHECK(data.at("algorithms").at(0).at("name") == "generic");
  CHECK_FALSE(data.at("algorithms").at(0).at("doc").get<std::string>().empty());
  CHECK(data.at("meanings").size() == models::violation_kinds().size());
  CHECK(data.at("meanings").at("bytes_lost") ==
        "Bytes of the stream never reached the application.");
  CHECK(data.at("limits") ==
        json({{"max_schedules", nullptr}, {"max_seconds", nullptr}, {"first", false}}));

  matrix.request.max_schedules = 7;
  matrix.request.max_seconds = 0.5;
  matrix.request.first = true;
  CHECK(tests::page_data(written_by(cli::write_matrix_html, matrix)).at("limits") ==
        json({{"max_schedules", 7}, {"max_seconds", 0.5}, {"first", true}}));
}

TEST_CASE("a matrix of a row that the registry does not know is still a page", "[html]") {
  const models::LoadedScenario loaded = hostile_scenario();
  cli::Matrix matrix = matrix_of(loaded);
  matrix.algorithms = {kHostileName};
  matrix.cells.front().algorithm = kHostileName;
  const std::string page = written_by(cli::write_matrix_html, matrix);
  check_that_names_stay_text(page);
  CHECK(tests::page_data(page).at("algorithms").at(0) ==
        json({{"name", kHostileName}, {"doc", ""}}));
}

TEST_CASE("the page of a timed search has all of its JSON, and the scenario", "[html]") {
  const models::LoadedScenario loaded = hostile_scenario();
  cli::TimedSearch search;
  search.scenario = &loaded;
  search.command = "sockbufsim explore --timed-search " + kHostileName;
  search.result.disturbance = "kernel_close";
  search.result.copies = {{1'000, 9'000, {true, false}}};
  search.result.kinds = {{kHostileName, 1}};
  search.result.copy_ns = {8.0, std::numeric_limits<double>::quiet_NaN(), 1};
  search.result.width_ns = {4.0, std::numeric_limits<double>::quiet_NaN(), 1};
  search.result.probability = models::wilson95(1, 2);
  const std::string page = written_by(cli::write_timed_search_html, search);
  check_that_names_stay_text(page);
  CHECK_THAT(page, ContainsSubstring("<title>&lt;/script&gt;&lt;!--&lt;script&gt;"));
  const json data = tests::page_data(page);
  CHECK(data.at("kind") == "timed-search");
  CHECK(data.at("report") == json::parse(written_by(cli::write_timed_search_json, search)));
  CHECK(data.at("report").at("window_ns").at("half_width").is_null());
  CHECK(data.at("report").at("copies").at(0).at("hit") == json({true, false}));
  CHECK(data.at("report").at("violations").at(kHostileName) == 1);
  CHECK(data.at("report").at("provenance").at("command") == search.command);
  CHECK(data.at("scenario") == json::parse(loaded.canonical()));
  CHECK(data.at("meanings").contains("putback_flushed"));
}
