// SPDX-License-Identifier: BSD-2-Clause
//
// What `explore` writes, against the schemas that `sockbufsim schema` prints.
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

using nlohmann::ordered_json;
using tests::kNoComplaint;
using tests::schema_errors;
using tests::sockbufsim;

namespace {

const std::string kRaceForSchemas =
    "'" SOCKBUFSIM_SOURCE_DIR "/scenarios/close-during-copyout.json'";
/// The smallest world that has the race.
const std::string kSmallRaceForSchemas = kRaceForSchemas +
                                         " --set explore.segments=0 --set nic.mbufs_per_frame=2"
                                         R"( --set 'expect=[{"verdict":"violation"}]')";

ordered_json printed_schema(const std::string& what) {
  const tests::Outcome outcome = sockbufsim("schema " + what);
  REQUIRE(outcome.status == 0);
  return ordered_json::parse(outcome.text);
}

/// The document that `explore` writes to standard output, whatever its exit code.
ordered_json explore_json(const std::string& arguments) {
  return ordered_json::parse(sockbufsim("explore " + arguments + " --out json:-").text);
}

/// A document that differs in any one member is no longer valid: so the schema says something of
/// each of them.
void check_each_member_matters(const ordered_json& document, const ordered_json& schema) {
  CAPTURE(document.dump());
  for (const auto& [name, value] : document.items()) {
    CAPTURE(name);
    ordered_json other = document;
    other.erase(name);
    CHECK_FALSE(schema_errors(other, schema).empty());
    other = document;
    other[name] = value.is_boolean() ? ordered_json(0) : ordered_json(true);
    CHECK_FALSE(schema_errors(other, schema).empty());
  }
  ordered_json other = document;
  other["one_more"] = 0;
  CHECK_FALSE(schema_errors(other, schema).empty());
}

}  // namespace

TEST_CASE("the schemas of explorations say something of every member", "[cli][explore]") {
  for (const char* what : {"exploration", "matrix", "timed-search", "schedule"}) {
    CAPTURE(what);
    const ordered_json schema = printed_schema(what);
    CHECK(schema.at("$schema") == "https://json-schema.org/draft/2020-12/schema");
    CHECK(schema.at("properties").at("schema").at("const") ==
          "sockbufsim/" + std::string(what) + "/1");
    // The scenario in a schedule file is described by the table of scenario files.
    CHECK(tests::schema_gaps(schema, "/scenario") == kNoComplaint);
  }
}

TEST_CASE("explorations of every shape are as their schema says", "[cli][explore]") {
  const ordered_json schema = printed_schema("exploration");
  for (const auto& [arguments, verdict] : std::vector<std::pair<std::string, std::string>>{
           {"", "violation"},
           {"--first", "violation"},
           {"--set receive.algorithm=generic", "clean"},
           {"--set receive.algorithm=generic --strategy all", "clean"},
           {"--set receive.algorithm=generic --max-schedules 3", "bounded"},
           {"--set receive.algorithm=generic --strategy preemptions:1", "bounded"},
           {"--set receive.algorithm=generic --strategy delays:1", "bounded"},
           {"--strategy pct:3 --max-schedules 200", "violation"},
           {"--strategy random --max-schedules 200", "violation"},
           {"--strategy urw --max-schedules 200", "violation"}}) {
    CAPTURE(arguments);
    const ordered_json document = explore_json(kSmallRaceForSchemas + " " + arguments);
    CHECK(schema_errors(document, schema) == kNoComplaint);
    CHECK(document.at("verdict") == verdict);
    CHECK(document.at("expectations").size() == 1);
  }
  const ordered_json document = explore_json(kSmallRaceForSchemas);
  check_each_member_matters(document, schema);
  const ordered_json& members = schema.at("properties");
  check_each_member_matters(document.at("coverage"), members.at("coverage"));
  check_each_member_matters(document.at("violations").at(0), members.at("violations").at("items"));
}

TEST_CASE("an exploration without sockets is as its schema says", "[cli][explore]") {
  const tests::TempDir dir;
  const std::string path = dir.write("locks.json", R"({"schema": "sockbufsim/scenario/1",
                                  "machine": {"profile": "ideal"}, "locks": [{"name": "L"}],
                                  "threads": [{"count": 2, "lock": "L", "think_ns": 1,
                                               "hold_ns": 1}]})");
  const ordered_json document = explore_json("'" + path + "'");
  CHECK(document.at("algorithm").get<std::string>().empty());
  CHECK(schema_errors(document, printed_schema("exploration")) == kNoComplaint);
}

TEST_CASE("matrices are as their schema says", "[cli][explore][matrix]") {
  const ordered_json schema = printed_schema("matrix");
  const std::string command =
      "--matrix " + kSmallRaceForSchemas + " --algorithms generic,stream_putback";
  const ordered_json document = explore_json(command);
  CHECK(schema_errors(document, schema) == kNoComplaint);
  CHECK(document.at("cells").at(0).at("verdict") == "clean");
  CHECK(document.at("cells").at(1).at("verdict") == "violation");
  const ordered_json bounded = explore_json(command + " --max-schedules 2");
  CHECK(schema_errors(bounded, schema) == kNoComplaint);
  CHECK(bounded.at("cells").at(0).at("verdict") == "bounded");
  check_each_member_matters(document, schema);
  check_each_member_matters(document.at("cells").at(1),
                            schema.at("properties").at("cells").at("items"));
}

TEST_CASE("timed searches are as their schema says", "[cli][explore][timed]") {
  const ordered_json schema = printed_schema("timed-search");
  const std::string command = kRaceForSchemas + " --timed-search --steps 4 --replications ";
  const ordered_json document = explore_json(command + "2");
  CHECK(schema_errors(document, schema) == kNoComplaint);
  CHECK(document.at("copy_ns").at("half_width").is_number());
  CHECK_FALSE(document.at("violations").empty());
  const ordered_json one = explore_json(command + "1 --set receive.algorithm=stream_inplace");
  CHECK(schema_errors(one, schema) == kNoComplaint);
  CHECK(one.at("copy_ns").at("half_width").is_null());
  CHECK(one.at("violations").empty());
  check_each_member_matters(document, schema);
  check_each_member_matters(document.at("copies").at(0),
                            schema.at("properties").at("copies").at("items"));
}

TEST_CASE("schedule files are as their schema says", "[cli][explore][replay]") {
  const ordered_json schema = printed_schema("schedule");
  const tests::TempDir dir;
  const std::string path = dir.file("race.json");
  for (const char* scenario : {"close-during-copyout", "races/p1-shutdown-rd", "races/p7-relink"}) {
    CAPTURE(scenario);
    sockbufsim("explore '" SOCKBUFSIM_SOURCE_DIR "/scenarios/" + std::string(scenario) +
               ".json' --first --set receive.algorithm=stream_putback --schedule '" + path + "'");
    CHECK(schema_errors(ordered_json::parse(tests::bytes_of(path)), schema) == kNoComplaint);
  }
  const ordered_json document = ordered_json::parse(tests::bytes_of(path));
  check_each_member_matters(document, schema);
  check_each_member_matters(document.at("expected"), schema.at("properties").at("expected"));
  for (const char* schedule : {"a0", "q", "!", "a5b7 a2"}) {
    CAPTURE(schedule);
    ordered_json other = document;
    other["schedule"] = schedule;
    CHECK(schema_errors(other, schema).size() == 1);
    dir.write("other.json", other.dump());
    CHECK(sockbufsim("replay '" + dir.file("other.json") + "'").status == 2);
  }
}
