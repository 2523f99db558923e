// SPDX-License-Identifier: BSD-2-Clause
//
// `compare` as a script sees it: exit codes and what is written.
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::ContainsSubstring;
using tests::bytes_of;
using tests::Outcome;
using tests::sockbufsim;

namespace {

/// old.db and longer.db: the second holds its lock three times as long, so that it is taken less
/// often. few.db has one of the two points.
void sweep_stores(const tests::TempDir& directory) {
  const auto study = [](const char* counts) {
    return std::string(R"({"schema": "sockbufsim/study/1", "name": "holds", "replications": 3,
      "base": {"schema": "sockbufsim/scenario/1", "name": "locks", "seed": 5, "duration_ms": 2,
        "machine": {"profile": "ideal"}, "locks": [{"name": "L", "kind": "fifo"}],
        "threads": [{"count": 2, "lock": "L", "think_ns": {"exponential": 1000}, "hold_ns": 100}]},
      "factors": [{"path": "threads.0.count", "values": )") +
           counts + "}]}";
  };
  directory.write("study.json", study("[2, 4]"));
  directory.write("few.json", study("[2]"));
  for (const char* sweep :
       {"study.json --store old.db", "study.json --store longer.db --set threads.0.hold_ns=300",
        "few.json --store few.db"}) {
    const Outcome outcome = sockbufsim(directory, std::string("sweep --jobs 1 ") + sweep);
    INFO(outcome.text);
    REQUIRE(outcome.status == 0);
  }
}

}  // namespace

TEST_CASE("compare's exit code says whether something moved", "[compare][e2e]") {
  const tests::TempDir directory;
  sweep_stores(directory);
  const std::string metric = " --metric locks.L.acquisitions";
  const Outcome same = sockbufsim(directory, "compare old.db old.db --junit same.xml" + metric);
  CHECK(same.status == 0);
  CHECK_THAT(bytes_of(directory.file("same.xml")), ContainsSubstring("failures=\"0\""));

  const Outcome moved =
      sockbufsim(directory, "compare old.db longer.db --junit moved.xml" + metric);
  CHECK(moved.status == 1);
  CHECK_THAT(moved.text, ContainsSubstring("LOWER"));
  CHECK_THAT(bytes_of(directory.file("moved.xml")), ContainsSubstring("failures=\"2\""));
  CHECK(sockbufsim(directory, "compare longer.db old.db --tolerance 1%" + metric).status == 1);
  CHECK(sockbufsim(directory, "compare old.db longer.db --tolerance 90%" + metric).status == 0);

  const Outcome lost = sockbufsim(directory, "compare old.db few.db" + metric);
  CHECK(lost.status == 1);
  CHECK_THAT(lost.text, ContainsSubstring("threads.0.count=4"));
  CHECK(sockbufsim(directory, "compare few.db old.db" + metric).status == 0);
}

TEST_CASE("compare refuses what it cannot compare, and writes nothing", "[compare][e2e]") {
  const tests::TempDir directory;
  sweep_stores(directory);
  directory.write("notes.txt", "nothing of ours");
  for (const auto& [arguments, message] : std::vector<std::pair<std::string, std::string>>{
           {"old.db", "new"},
           {"old.db none.db", "none.db"},
           {"old.db notes.txt", "a store and something else"},
           {"notes.txt notes.txt", "found no report"},
           {"old.db old.db --study hold", "Did you mean \"holds\"?"},
           {"old.db old.db --metric locks.L.acquisition", "Did you mean"},
           {"old.db old.db --all --metric locks.L.acquisitions", "found both"},
           {"old.db old.db --tolerance 5", "--tolerance"},
           {"old.db old.db --out xml:x", "allowed: text, json"}}) {
    INFO(arguments);
    const Outcome outcome = sockbufsim(directory, "compare " + arguments + " --junit x.xml");
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text, ContainsSubstring(message));
    CHECK_FALSE(std::filesystem::exists(directory.file("x.xml")));
  }
}
