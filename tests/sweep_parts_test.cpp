// SPDX-License-Identifier: BSD-2-Clause
//
// What is made of a part of a study, or of a study that changed, says so.
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/html_page.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;

namespace {

using nlohmann::json;
using tests::bytes_of;
using tests::Outcome;
using tests::sockbufsim;

/// Four points of two factors, and an expectation.
std::string grid(const char* counts) {
  return std::string(R"({"schema": "sockbufsim/study/1", "name": "grid", "replications": 2,
    "base": {"schema": "sockbufsim/scenario/1", "name": "locks", "seed": 5, "duration_ms": 1,
      "machine": {"profile": "ideal"}, "locks": [{"name": "L", "kind": "fifo"}],
      "threads": [{"count": 2, "lock": "L", "think_ns": {"exponential": 1000}, "hold_ns": 100}]},
    "factors": {"threads.0.hold_ns": [100, 200], "threads.0.count": )") +
         counts + R"(},
    "expect": [{"metric": "locks.L.contended_fraction", "max": 1}]})";
}

Outcome sweep(const tests::TempDir& directory, const std::string& arguments) {
  Outcome outcome = sockbufsim(directory, "sweep --jobs 1 " + arguments);
  INFO(outcome.text);
  REQUIRE(outcome.status == 0);
  return outcome;
}

}  // namespace

TEST_CASE("outputs of a shard say what part of the study they are", "[sweep][e2e]") {
  const tests::TempDir directory;
  directory.write("grid.json", grid("[2, 4]"));
  sweep(directory, "grid.json --store a.db --shard 1/2 --out html:a.html --junit a.xml");
  const std::string junit = bytes_of(directory.file("a.xml"));
  CHECK_THAT(junit, ContainsSubstring("skipped=\"1\"") &&
                        ContainsSubstring("<skipped message=\"shard 1/2: 2 of 4 points") &&
                        ContainsSubstring("name=\"locks.L.contended_fraction at most 1\""));
  sweep(directory, "grid.json --store all.db --out html:all.html --junit all.xml");
  CHECK_THAT(bytes_of(directory.file("all.xml")), !ContainsSubstring("skipped"));

  const json all = tests::page_data(bytes_of(directory.file("all.html")));
  const json part = tests::page_data(bytes_of(directory.file("a.html")));
  CHECK(part.at("study").at("points") == 4);
  CHECK(part.at("provenance").at("points") == "2 of 4");
  CHECK(all.at("provenance").at("points") == "4");
  REQUIRE(part.at("points").size() == 2);
  for (const json& point : part.at("points")) {
    const std::size_t number = point.at("number").get<std::size_t>();
    CHECK(all.at("points").at(number - 1).at("number") == number);
    CHECK(all.at("points").at(number - 1).at("hash") == point.at("hash"));
  }
}

TEST_CASE("the page of a sweep says where it comes from, and what makes it again", "[sweep][e2e]") {
  const tests::TempDir directory;
  directory.write("grid.json", grid("[2, 4]"));
  sweep(directory,
        "grid.json --store 'my store.db' --set duration_ms=0.5 --replications 1 --out html:a.html");
  CHECK(tests::page_data(bytes_of(directory.file("a.html"))).at("study").at("replications") == 1);
  const json provenance = tests::page_data(bytes_of(directory.file("a.html"))).at("provenance");
  CHECK(provenance.at("command") ==
        "sockbufsim sweep grid.json --store 'my store.db' --set duration_ms=0.5 --replications 1");
  CHECK(provenance.at("seed") == "5");
  const std::string version = sockbufsim("--version").text;
  CHECK_THAT(version, ContainsSubstring(provenance.at("commit").get<std::string>()));
  CHECK_THAT(version, ContainsSubstring(provenance.at("version").get<std::string>()));
  CHECK_FALSE(provenance.at("model_version").get<std::string>().empty());
}

TEST_CASE("figures of a part of a study say so, and name a single point", "[sweep][plot][e2e]") {
  const tests::TempDir directory;
  directory.write("grid.json", grid("[2, 4]"));
  sweep(directory, "grid.json --store half.db --shard 1/2");
  sweep(directory, "grid.json --store one.db --shard 1/4");
  const Outcome drawn = sockbufsim(directory, "plot half.db -o half.svg --keep");
  INFO(drawn.text);
  REQUIRE(drawn.status == 0);
  CHECK_THAT(bytes_of(directory.file("half.gp")),
             ContainsSubstring("study grid, 2 of 4 points, seed 5"));
  REQUIRE(sockbufsim(directory, "plot one.db -o one.svg --keep").status == 0);
  CHECK_THAT(
      bytes_of(directory.file("one.gp")),
      ContainsSubstring("the point threads.0.hold_ns=") && ContainsSubstring("1 of 4 points"));
  const Outcome heat = sockbufsim(directory, "plot one.db -o heat.svg --figure heat");
  CHECK(heat.status == 2);
  CHECK_THAT(heat.text, ContainsSubstring("in 1 of the study's 4 points"));
}

TEST_CASE("a sweep tells how many runs of its store belong to no study any more", "[sweep][e2e]") {
  const tests::TempDir directory;
  directory.write("grid.json", grid("[2, 4]"));
  CHECK_THAT(sweep(directory, "grid.json --store s.db").text, !ContainsSubstring("no study"));
  directory.write("grid.json", grid("[2, 8]"));
  CHECK_THAT(sweep(directory, "grid.json --store s.db").text,
             ContainsSubstring("4 runs of the store belong to no study any more"));
  directory.write("grid.json", grid("[2, 4, 8]"));
  CHECK_THAT(sweep(directory, "grid.json --store s.db").text, !ContainsSubstring("no study"));
}

TEST_CASE("compare tells of other scenarios and of missing points", "[compare][e2e]") {
  const tests::TempDir directory;
  directory.write("grid.json", grid("[2, 4]"));
  directory.write("less.json", grid("[2]"));
  sweep(directory, "grid.json --store old.db");
  sweep(directory, "grid.json --store longer.db --set duration_ms=2");
  sweep(directory, "less.json --store less.db");
  const Outcome longer =
      sockbufsim(directory, "compare old.db longer.db --out text:- --out json:c.json");
  CHECK_THAT(longer.text, ContainsSubstring("4 points have another scenario in the new store\n"
                                            "  duration_ms: 1, 2 in the new store\n"));
  const json comparison = json::parse(bytes_of(directory.file("c.json")));
  CHECK(comparison.at("scenarios_differ").at("points") == 4);
  const Outcome less = sockbufsim(directory, "compare old.db less.db");
  CHECK(less.status == 1);
  CHECK_THAT(less.text, !ContainsSubstring("another scenario"));
  CHECK_THAT(less.text, EndsWith("figures beyond their tolerance, 2 points missing\n"));
  for (const char* twice :
       {"--tolerance 5% --tolerance 6%", "--tolerance cpus.0.idle=1% --tolerance cpus.0.idle=2%"}) {
    CAPTURE(twice);
    const Outcome outcome = sockbufsim(directory, std::string("compare old.db old.db ") + twice);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text, ContainsSubstring("--tolerance: found two of "));
  }
}

TEST_CASE("a store is told from what is run, swept or checked", "[sweep][e2e]") {
  const tests::TempDir directory;
  directory.write("less.json", grid("[2]"));
  sweep(directory, "less.json --store s.db");
  const std::string store = bytes_of(directory.file("s.db"));
  for (const char* command :
       {"run s.db", "sweep s.db --store s.db", "check s.db", "explore s.db", "replay s.db"}) {
    CAPTURE(command);
    const Outcome outcome = sockbufsim(directory, command);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text,
               ContainsSubstring("s.db: found a store of results (SQLite); allowed: "));
    CHECK_THAT(outcome.text, ContainsSubstring("`plot`, `compare`"));
  }
  CHECK(bytes_of(directory.file("s.db")) == store);
  const Outcome out = sockbufsim(directory, "plot s.db --out svg:a.svg");
  CHECK(out.status == 2);
  CHECK_THAT(out.text, ContainsSubstring("-o a.svg"));
  const Outcome none = sockbufsim(directory, "plot s.db");
  CHECK(none.status == 2);
  CHECK_THAT(none.text, ContainsSubstring("-o: found none; allowed: the picture to write"));
}
