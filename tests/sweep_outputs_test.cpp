// SPDX-License-Identifier: BSD-2-Clause
//
// What is read is never written over: stores, studies and what they are made of, as a script sees
// it. And options that would be ignored are refused.
#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

using tests::bytes_of;
using tests::Outcome;
using tests::sockbufsim;

/// root.json, which base.json extends, on which study.json stands; ok.db and other.db.
void write_inputs(const tests::TempDir& directory) {
  directory.write("root.json",
                  R"({"schema": "sockbufsim/scenario/1", "name": "locks", "seed": 5,
  "duration_ms": 1, "machine": {"profile": "ideal"}, "locks": [{"name": "L", "kind": "fifo"}],
  "threads": [{"count": 2, "lock": "L", "think_ns": {"exponential": 1000}, "hold_ns": 100}]})");
  directory.write("base.json", R"({"extends": "root.json", "duration_ms": 2})");
  directory.write("study.json", R"({"schema": "sockbufsim/study/1", "name": "holds",
  "base": "base.json", "factors": {"threads.0.hold_ns": [100, 300]}})");
  REQUIRE(sockbufsim(directory, "sweep study.json --store ok.db --jobs 1").status == 0);
  std::filesystem::copy_file(directory.file("ok.db"), directory.file("other.db"));
  std::filesystem::create_symlink("ok.db", directory.file("link.db"));
  std::filesystem::create_symlink("study.json", directory.file("link.json"));
}

}  // namespace

TEST_CASE("no output takes the place of an input", "[sweep][store][compare][e2e]") {
  const tests::TempDir directory;
  write_inputs(directory);
  std::vector<std::pair<std::string, std::string>> before;
  for (const char* file : {"ok.db", "other.db", "study.json", "base.json", "root.json"}) {
    before.emplace_back(file, bytes_of(directory.file(file)));
  }
  for (const char* arguments : {"export ok.db --out csv:ok.db",
                                "export ok.db --out csv:link.db",
                                "export link.db --out csv:ok.db",
                                "export ok.db --out csv:ok.db-wal",
                                "export link.db --out jsonl:./ok.db-shm",
                                "export ok.db --out csv:ok.db-journal",
                                "export ok.db --out csv:a.csv --out jsonl:ok.db",
                                "sweep study.json --store n.db --junit n.db",
                                "sweep study.json --store ok.db --out csv:ok.db",
                                "sweep study.json --store ok.db --out csv:study.json",
                                "sweep study.json --store ok.db --out html:link.json",
                                "sweep study.json --store ok.db --junit base.json",
                                "sweep study.json --store ok.db --junit root.json",
                                "sweep study.json --store ok.db --out csv:ok.db-wal",
                                "compare ok.db other.db --out csv:ok.db",
                                "compare ok.db other.db --junit other.db",
                                "compare ok.db other.db --out json:other.db-wal",
                                "merge ok.db other.db -o ok.db",
                                "merge ok.db -o ok.db-wal",
                                "merge ok.db other.db --into ok.db",
                                "merge ok.db --into link.db",
                                "run base.json --out json:root.json",
                                "run base.json --out json:base.json"}) {
    INFO(arguments);
    const Outcome outcome = sockbufsim(directory, arguments);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text,
               ContainsSubstring(", which is ") && ContainsSubstring("; allowed: another file\n"));
    for (const auto& [file, bytes] : before) CHECK(bytes_of(directory.file(file)) == bytes);
    for (const char* made : {"n.db", "a.csv", "ok.db-wal", "ok.db-shm", "ok.db-journal"}) {
      CHECK_FALSE(std::filesystem::exists(directory.file(made)));
    }
  }
}

TEST_CASE("run --point leaves its study alone", "[sweep][e2e]") {
  const tests::TempDir directory;
  write_inputs(directory);
  const std::string table = sockbufsim(directory, "export ok.db").text;
  const std::string row = table.substr(table.find('\n') + 1);
  const std::string point = "run study.json --point " + row.substr(0, row.find(','));
  const std::string study = bytes_of(directory.file("study.json"));
  const Outcome outcome = sockbufsim(directory, point + " --out json:study.json");
  CHECK(outcome.status == 2);
  CHECK_THAT(outcome.text, ContainsSubstring("which is the study; allowed: another file"));
  CHECK(bytes_of(directory.file("study.json")) == study);
  CHECK(sockbufsim(directory, point + " --out json:report.json").status == 0);

  const Outcome unknown = sockbufsim(directory, "run study.json --point 0123");
  CHECK(unknown.status == 2);
  CHECK_THAT(unknown.text, ContainsSubstring("as `sweep --dry-run` lists them\n"));
}

TEST_CASE("a sweep refuses options that it would ignore, and limits that are none",
          "[sweep][e2e]") {
  const tests::TempDir directory;
  write_inputs(directory);
  const auto refused = [&](const std::string& options, const std::string& message) {
    INFO(options);
    const Outcome outcome = sockbufsim(directory, "sweep study.json --store ok.db " + options);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text, ContainsSubstring(message));
    CHECK_FALSE(std::filesystem::exists(directory.file("x")));
  };
  refused("--dry-run --out csv:x", "--out: has no meaning with --dry-run");
  refused("--dry-run --junit x", "--junit: has no meaning with --dry-run");
  for (const char* kind : {"slurm", "parallel"}) {
    const std::string emit = std::string("--emit ") + kind + " --shards 2 ";
    refused(emit + "--out csv:x", "--out: has no meaning with --emit");
    refused(emit + "--junit x", "--junit: has no meaning with --emit");
    refused(emit + "--shard 1/2", "--shard: has no meaning with --emit");
    refused(emit + "--dry-run", "--dry-run: has no meaning with --emit");
  }
  for (const char* limit : {"0", "inf", "nan", "-1", "1e10"}) {
    refused(std::string("--point-timeout=") + limit, "; allowed: a number above 0, at most 1e9");
  }
  refused("--junit ''", "found an empty name");
}

// GNU parallel stands in the tests of tests/distributed; here is what the script makes of it.
TEST_CASE("the script for GNU parallel adds to the store, and can be started again",
          "[sweep][e2e]") {
  const tests::TempDir directory;
  write_inputs(directory);
  directory.write("bin/parallel", R"sh(#!/bin/sh
for command; do :; done
while read -r number; do
  sh -c "$(printf '%s' "$command" | sed "s/{}/$number/g")" </dev/null || exit 1
done
)sh");
  std::filesystem::permissions(directory.file("bin/parallel"), std::filesystem::perms::owner_all);
  const std::string study = bytes_of(directory.file("study.json"));
  directory.write("more.json", study.substr(0, study.find("holds")) + "more" +
                                   study.substr(study.find("holds") + 5));
  const Outcome script = sockbufsim(
      directory, "sweep more.json --store ok.db --replications 2 --emit parallel --shards 2");
  REQUIRE(script.status == 0);
  directory.write("spread.sh", script.text);
  const std::string before = sockbufsim(directory, "export ok.db --study holds").text;
  directory.write("ok.db.new", "left over");
  for (int time = 0; time < 2; ++time) {
    const Outcome outcome = tests::shell("cd '" + directory.file("") +
                                         "' && PATH=\"$PWD/bin:$PATH\" "
                                         "sh spread.sh 2>&1");
    INFO(outcome.text);
    CHECK(outcome.status == 0);
    CHECK(sockbufsim(directory, "export ok.db --study holds --out csv:h.csv").status == 0);
    const std::string more = sockbufsim(directory, "export ok.db --study more").text;
    CHECK(std::count(more.begin(), more.end(), '\n') == 5);
    CHECK_THAT(outcome.text, ContainsSubstring("more: 0 runs made, 4 were there"));
    // The first replication is both studies'.
    CHECK_THAT(bytes_of(directory.file("h.csv")), ContainsSubstring(before.substr(0, 60)));
  }
  const Outcome slurm =
      sockbufsim(directory, "sweep more.json --store ok.db --emit slurm --shards 2");
  CHECK_THAT(slurm.text, ContainsSubstring("merge ok.db.1-of-2 ok.db.2-of-2 --into ok.db\n"));
}

TEST_CASE("a scenario and a study are told from each other", "[sweep][e2e]") {
  const tests::TempDir directory;
  write_inputs(directory);
  for (const char* arguments : {"sweep root.json --store n.db", "sweep base.json --store n.db",
                                "run root.json --point 0123"}) {
    INFO(arguments);
    const Outcome outcome = sockbufsim(directory, arguments);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text,
               ContainsSubstring("found a scenario; allowed: a study. `sockbufsim run`"));
  }
  for (const char* arguments : {"run study.json", "explore study.json"}) {
    INFO(arguments);
    const Outcome outcome = sockbufsim(directory, arguments);
    CHECK(outcome.status == 2);
    CHECK_THAT(
        outcome.text,
        ContainsSubstring("study.json: found a study; allowed: a scenario. `sockbufsim sweep`"));
  }
}
