// SPDX-License-Identifier: BSD-2-Clause
//
// `explore` and `replay` through the program itself, as a script sees them.
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cli/explore/exploration.hpp"
#include "cli/explore/left_out.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using nlohmann::ordered_json;
using tests::bytes_of;
using tests::Outcome;
using tests::sockbufsim;

namespace {

const std::string kRace = "'" SOCKBUFSIM_SOURCE_DIR "/scenarios/close-during-copyout.json'";
/// The smallest world that has the race: a second or less for everything below.
const std::string kSmallRace =
    kRace +
    " --set explore.segments=0 --set nic.mbufs_per_frame=2"
    R"( --set 'expect=[{"verdict":"violation","kind":"putback_flushed"}]')";

std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of('\n');
  return text.substr(text.rfind('\n', end) + 1, end - text.rfind('\n', end));
}

/// Three threads on one lock: 6 interleavings, and nothing to find.
std::string harmless(const tests::TempDir& dir, const std::string& members = "") {
  return dir.write("harmless.json",
                   R"({"schema": "sockbufsim/scenario/1", "machine": {"profile": "ideal"},
                       "locks": [{"name": "L"}],
                       "threads": [{"count": 3, "lock": "L", "think_ns": 1, "hold_ns": 1}])" +
                       (members.empty() ? "" : ", " + members) + "}");
}

/// A reader, and a loop that is too long to be searched.
std::string long_world() {
  return R"({"schema": "sockbufsim/scenario/1", "name": "long", "machine": {"profile": "ideal"},
             "sockets": [{"readers": [{}]}], "explore": {"segments": 0},
             "locks": [{"name": "L"}],
             "threads": [{"lock": "L", "think_ns": 1, "hold_ns": 1, "loops": 20000}]})";
}

}  // namespace

TEST_CASE("explore reports the race of the mail, and says what it covered", "[cli][explore]") {
  const Outcome outcome = sockbufsim("explore " + kRace);
  CHECK(outcome.status == 0);  // the scenario expects it
  for (const char* part :
       {"a reader, b nic, c kernel_close", "kinds of violation", "destroyed_lock in",
        "putback_flushed in", "* the racing pair", "schedule  ", "--schedule FILE", "passed"}) {
    CHECK_THAT(outcome.text, ContainsSubstring(part));
  }
  CHECK_THAT(last_line(outcome.text), StartsWith("complete: "));
  CHECK_THAT(last_line(outcome.text), EndsWith(" interleavings"));
  CHECK(outcome.text.find('\033') == std::string::npos);  // no terminal, no colour
}

TEST_CASE("the last line never claims more than was covered", "[cli][explore]") {
  for (const auto& [arguments, line] : std::vector<std::pair<std::string, std::string>>{
           {"--strategy preemptions:2", "bounded: at most 2 preemptions, "},
           {"--strategy preemptions --bound 1", "bounded: at most 1 preemption, "},
           {"--strategy delays --bound 0", "bounded: at most 0 delays, 1 interleaving, "},
           {"--strategy pct:3", "bounded: 10,000 schedules drawn by pct:3, "},
           {"--strategy urw --max-schedules 50", "bounded: 50 schedules drawn by urw, "},
           {"--max-schedules 7", "bounded: stopped after 7 interleavings (--max-schedules), "},
           {"--first", "bounded: stopped after "}}) {
    INFO(arguments);
    const Outcome outcome = sockbufsim("explore " + kRace + ' ' + arguments);
    const std::string last = last_line(outcome.text);
    CHECK_THAT(last, StartsWith(line));
    CHECK_THAT(last, EndsWith("not exhaustive"));
    CHECK(outcome.text.find("verified") == std::string::npos);
  }
}

TEST_CASE("explore's exit code says what the scenario expected", "[cli][explore]") {
  const tests::TempDir dir;
  CHECK(sockbufsim("explore " + harmless(dir)).status == 0);
  const std::string panic = R"("expect": [{"verdict": "violation", "kind": "destroyed_lock"}])";
  const Outcome missed = sockbufsim("explore " + harmless(dir, panic));
  CHECK(missed.status == 1);
  CHECK_THAT(missed.text, ContainsSubstring("FAILED  found no violation, expected violation"));
  CHECK(sockbufsim("explore " + harmless(dir, R"("expect": [{"verdict": "completed"},
                                               {"metric": "throughput.goodput_gbps", "min": 9}])"))
            .status == 0);  // metrics are those of timed runs
  CHECK(sockbufsim("explore " + kSmallRace + " --set 'expect=[]'").status == 3);
  CHECK(
      sockbufsim("explore " + kSmallRace + R"( --set 'expect=[{"verdict":"completed"}]')").status ==
      3);
  CHECK(sockbufsim("explore " + kSmallRace +
                   R"( --set 'expect=[{"verdict":"violation","kind":"mbuf_leaked"}]')")
            .status == 3);
}

TEST_CASE("explore --out json: has the contract's names", "[cli][explore]") {
  const Outcome outcome = sockbufsim("explore " + kSmallRace + " --out json:-");
  REQUIRE(outcome.status == 0);
  const ordered_json report = ordered_json::parse(outcome.text);
  CHECK(report.at("coverage").at("complete") == true);
  CHECK(report.at("coverage").at("bound").is_null());
  CHECK(report.at("coverage").at("interleavings").get<int>() > 10);
  CHECK(report.at("coverage").at("strategy") == "exhaustive");
  CHECK(report.at("final_states").get<int>() > 1);
  CHECK(report.at("provenance").at("scenario_hash").get<std::string>().size() == 16);
  REQUIRE_FALSE(report.at("violations").empty());
  for (const ordered_json& violation : report.at("violations")) {
    CHECK_FALSE(violation.at("message").get<std::string>().empty());
    CHECK(violation.at("context_switches").get<int>() >= 1);
    CHECK_FALSE(violation.at("schedule").get<std::string>().empty());
    CHECK(violation.at("trail").size() == violation.at("steps").size());
    int racing = 0;
    for (const ordered_json& step : violation.at("steps")) racing += step.at("racing") ? 1 : 0;
    CHECK(racing == 2);
  }
  const Outcome bounded = sockbufsim("explore " + kSmallRace + " --max-schedules 3 --out json:-");
  const ordered_json coverage = ordered_json::parse(bounded.text).at("coverage");
  CHECK(coverage.at("complete") == false);
  CHECK(coverage.at("bound") == "stopped after 3 interleavings (--max-schedules)");
}

TEST_CASE("explore's trace is valid and has the arrow of the race", "[cli][explore]") {
  const Outcome outcome = sockbufsim("explore " + kSmallRace + " --out trace:-");
  const ordered_json trace = ordered_json::parse(outcome.text);
  int slices = 0;
  int arrows = 0;
  for (const ordered_json& event : trace.at("traceEvents")) {
    if (event.at("ph") == "X") {
      ++slices;
      CHECK(event.at("dur") == 1);
    }
    if (event.at("ph") == "s" || event.at("ph") == "f") ++arrows;
  }
  CHECK(slices > 5);
  CHECK(arrows == 2);
}

TEST_CASE("every format of explore is the same every time, whatever the jobs",
          "[cli][explore][determinism]") {
  const tests::TempDir dir;
  const auto outputs = [&](const std::string& name) {
    std::string text;
    for (const char* format : {"text", "json", "csv", "trace"}) {
      text += std::string(" --out ") + format + ":'" + dir.file(name + format) + "'";
    }
    return text + " --schedule '" + dir.file(name + "schedule") + "' --junit '" +
           dir.file(name + "junit") + "' >/dev/null";
  };
  for (const char* strategy : {"exhaustive", "pct:3"}) {
    const std::string command = "explore " + kRace + " --strategy " + strategy;
    REQUIRE(sockbufsim(command + outputs("1")).status == 0);
    REQUIRE(sockbufsim(command + outputs("2")).status == 0);
    for (const char* format : {"text", "json", "csv", "trace", "schedule", "junit"}) {
      INFO(strategy << ' ' << format);
      CHECK(bytes_of(dir.file("1" + std::string(format))) ==
            bytes_of(dir.file("2" + std::string(format))));
    }
    REQUIRE(sockbufsim(command + " --jobs 2" + outputs("3")).status == 0);
    for (const char* format : {"text", "csv", "trace", "schedule", "junit"}) {
      INFO(strategy << ' ' << format);
      CHECK(bytes_of(dir.file("1" + std::string(format))) ==
            bytes_of(dir.file("3" + std::string(format))));
    }
    const auto comparable = [&](const std::string& name) {
      ordered_json report = ordered_json::parse(bytes_of(dir.file(name)));
      CHECK(report.at("coverage").erase("redundant") == 1);
      for (ordered_json& violation : report.at("violations")) {
        CHECK(violation.erase("schedule_as_found") == 1);
      }
      return report;
    };
    CHECK(comparable("1json") == comparable("3json"));
  }
}

TEST_CASE("an exploration's memory is bounded, however long it takes", "[cli][explore][slow]") {
  // A world too large to be explored in full, in 200,000 KiB of address space. 400 bytes more an
  // interleaving would be too much.
  const std::string world = "'" SOCKBUFSIM_SOURCE_DIR
                            "/scenarios/races/p4-rst.json' --set receive.algorithm=linux_backlog"
                            " --set explore.segments=3 --max-schedules 400000";
  for (const char* strategy : {"exhaustive", "all", "urw"}) {
    INFO(strategy);
    const std::string command = "ulimit -v 200000; exec '" SOCKBUFSIM_PROGRAM "' explore " + world +
                                " --strategy " + strategy;
    const Outcome outcome = tests::shell(command);
    CHECK(outcome.status == 0);
    CHECK_THAT(last_line(outcome.text), ContainsSubstring("400,000 "));
  }
}

TEST_CASE("what a counterexample does not need is told in sums", "[cli][explore]") {
  using Items = std::vector<std::string>;
  CHECK(cli::merged_left_out({}).empty());
  CHECK(cli::merged_left_out(
            {"1 of 2 arriving segments", "1 of 1 arriving segments", "1 of 2 buffered segments"}) ==
        Items{"2 of 2 arriving segments", "1 of 2 buffered segments"});
  CHECK(cli::merged_left_out({"1 of 2 readers", "1 of 3 readers", "1 of 2 readers"}) ==
        Items{"1 of 2 readers", "2 of 3 readers"});
  CHECK(cli::merged_left_out({"the disturbance close", "the disturbance close"}) ==
        Items{"2 disturbances close"});
  CHECK(cli::merged_left_out({"the disturbance close", "1 of 2 reads", "the disturbance rst",
                              "the disturbance fin"}) ==
        Items{"1 of 2 reads", "the disturbances close, rst and fin"});
  CHECK(cli::merged_left_out({"the disturbance rst"}) == Items{"the disturbance rst"});
  CHECK(cli::merged_left_out({"something else", "3 of them", "7"}) ==
        Items{"something else", "3 of them", "7"});
  const Outcome outcome =
      sockbufsim("explore '" SOCKBUFSIM_SOURCE_DIR
                 "/scenarios/races/p2-kernel-close.json' --set explore.segments=2 --out json:-");
  const ordered_json report = ordered_json::parse(outcome.text);
  std::string all;
  for (const ordered_json& violation : report.at("violations")) {
    all += violation.at("left_out").dump();
  }
  CHECK_THAT(all, ContainsSubstring("2 of 2 arriving segments"));
}

TEST_CASE("an exploration tells what of the scenario it leaves aside", "[cli][explore]") {
  const tests::TempDir dir;
  const std::string world = dir.write(
      "aside.json", R"({"schema": "sockbufsim/scenario/1", "machine": {"profile": "ideal"},
      "sockets": [{"readers": [{}]}], "explore": {"segments": 0},
      "disturb": [{"do": "page_fault", "probability": 0.5}, {"do": "page_fault", "probability": 0.1}],
      "locks": [{"name": "L"}],
      "threads": [{"name": "a", "lock": "L", "arrivals_per_s": 5, "hold_ns": 1},
                  {"name": "b", "lock": "L", "think_ns": 1, "hold_ns": 1},
                  {"name": "c", "lock": "L", "think_ns": 1, "hold_ns": 1, "loops": 2}]})");
  CHECK_THAT(sockbufsim("explore " + world).text,
             ContainsSubstring("\nnot explored: open group a; page faults; group b: 1 round "
                               "instead of no limit\ncomplete: "));
  const auto in_json = [](const std::string& scenario) {
    return ordered_json::parse(sockbufsim("explore " + scenario + " --out json:-").text)
        .at("not_explored");
  };
  CHECK(in_json(world) ==
        ordered_json({"open group a", "page faults", "group b: 1 round instead of no limit"}));
  CHECK(in_json("'" SOCKBUFSIM_SOURCE_DIR "/scenarios/races/p7-relink.json'") ==
        ordered_json::array());
}

TEST_CASE("a terminal sees how far the search is", "[cli][explore]") {
  int terminal = -1;
  const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  REQUIRE(pid >= 0);
  if (pid == 0) {
    ::execl(SOCKBUFSIM_PROGRAM, "sockbufsim", "explore",
            SOCKBUFSIM_SOURCE_DIR "/scenarios/races/p4-rst.json", "--set",
            "receive.algorithm=linux_backlog", "--max-schedules", "1500", "--out", "csv:-",
            static_cast<char*>(nullptr));
    ::_exit(127);
  }
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = ::read(terminal, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  ::close(terminal);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  INFO(text);
  const std::size_t line = text.find("\r\033[K1,02");  // or less by what was in vain
  REQUIRE(line != std::string::npos);
  CHECK(text.find(" interleavings, about ", line) != std::string::npos);
  CHECK(text.find(" %, ", line) != std::string::npos);
  CHECK(text.find(" left", line) != std::string::npos);
  CHECK(text.find("\r\033[Kkind,message,", line) != std::string::npos);  // the line is erased
}

TEST_CASE("a checkpoint is taken up, and that of another search refused", "[cli][explore]") {
  const tests::TempDir dir;
  const std::string checkpoint = " --checkpoint '" + dir.file("c") + "'";
  const std::string csv = " --out csv:-";
  const Outcome whole = sockbufsim("explore " + kSmallRace + csv);
  const Outcome first = sockbufsim("explore " + kSmallRace + checkpoint + csv);
  const Outcome again = sockbufsim("explore " + kSmallRace + checkpoint + csv);
  CHECK(first.text == whole.text);
  CHECK(again.text == whole.text);
  const Outcome other = sockbufsim("explore " + kRace + checkpoint);
  CHECK(other.status == 2);
  CHECK_THAT(other.text, StartsWith("sockbufsim: --checkpoint " + dir.file("c") +
                                    ": belongs to another search: the hash of the scenario"));
}

TEST_CASE("a checkpoint serves a search that ends earlier", "[cli][explore]") {
  const tests::TempDir dir;
  const std::string search = "explore " + kRace + " --checkpoint '" + dir.file("c") + "'";
  const Outcome whole = sockbufsim(search);
  REQUIRE(whole.status == 0);
  const std::string remembered = bytes_of(dir.file("c"));
  for (const auto& [limit, line] : std::vector<std::pair<std::string, std::string>>{
           {" --max-schedules 3", "bounded: stopped after 3 interleavings (--max-schedules)"},
           {" --first", "bounded: stopped after "}}) {
    INFO(limit);
    const Outcome limited = sockbufsim(search + limit);
    CHECK(limited.status != 2);
    CHECK_THAT(last_line(limited.text), StartsWith(line));
  }
  CHECK(bytes_of(dir.file("c")) == remembered);
  CHECK(sockbufsim(search).text == whole.text);
}

TEST_CASE("a checkpoint that is refused says what differs", "[cli][explore]") {
  const tests::TempDir dir;
  const std::string search = "explore " + kSmallRace + " --checkpoint '" + dir.file("c") +
                             "' --out csv:- --strategy random --max-schedules ";
  REQUIRE(sockbufsim(search + "20 --seed 7").status != 2);
  const auto complaint = [&](const std::string& rest) {
    const Outcome outcome = sockbufsim(search + rest);
    CHECK(outcome.status == 2);
    return outcome.text;
  };
  CHECK_THAT(complaint("20 --seed 8"),
             ContainsSubstring("another search: the seed is 7 in it, 8 here; give another"));
  CHECK_THAT(complaint("30 --seed 7"),
             ContainsSubstring("another search: --max-schedules is 20 in it, 30 here; give"));
}

TEST_CASE("bad explorations exit 2, say why, and write nothing", "[cli][explore]") {
  const tests::TempDir dir;
  const std::string file = " --out csv:'" + dir.file("out.csv") + "'";
  const std::string quiet = dir.write(
      "quiet.json",
      R"({"schema": "sockbufsim/scenario/1", "sockets": [{}], "explore": {"segments": 0}})");
  for (const auto& [arguments, part] : std::vector<std::pair<std::string, std::string>>{
           {kRace + " --strategy exhaustiv", "found \"exhaustiv\"; allowed: exhaustive, all,"},
           {kRace + " --strategy preemptions", "without its bound; allowed: preemptions:N"},
           {kRace + " --strategy pct:0", "found \"pct:0\"; allowed: pct:D, D from 1 to 1000\n"},
           {kRace + " --strategy random:3",
            "found \"random:3\"; allowed: random, without a number\n"},
           {kRace + " --strategy pct:3 --bound 2", "says one already"},
           {kRace + " --bound 2", "--bound: found 2 with the strategy"},
           {kRace + " --strategy preemptions --bound -1",
            "found \"preemptions:-1\"; allowed: preemptions:N, N from 0 to 1000\n"},
           {kRace + " --max-schedules 0", "--max-schedules: found 0; allowed: an integer from 1"},
           {kRace + " --max-schedules -5", "--max-schedules: found -5"},
           {kRace + " --max-seconds -1", "--max-seconds: found -1; allowed: a number above 0"},
           {kRace + " --max-seconds nan", "--max-seconds"},
           {kRace + " --jobs 0", "--jobs: found 0"},
           {kRace + " --checkpoint ''", "--checkpoint: found an empty name; allowed: "},
           {kRace + " --schedule ''", "--schedule: found an empty name; allowed: "},
           {kRace + " --junit ''", "--junit: found an empty name; allowed: "},
           {kRace + " --out lockprof:-", "allowed: text, json, csv"},
           {kRace + " --out json", "without a file"},
           {kRace + " --out json:/nowhere/at/all.json", "No such file or directory"},
           {kRace + " --schedule /nowhere/at/all.json", "--schedule /nowhere/at/all.json"},
           {kRace + " --algorithms generic", "--algorithms: has no meaning without --matrix"},
           {kRace + " --matrix --timed-search", "allowed: one of them"},
           {kRace + " --matrix --out trace:x",
            "--out: found format \"trace\"; allowed: text, json, csv, markdown or html"},
           {kRace + " --timed-search --out htm:x",
            "--out: found format \"htm\"; allowed: text, json or html. Did you mean"},
           {kRace + " --matrix --schedule x", "--schedule: has no meaning with --matrix"},
           {kRace + " --matrix --algorithms generc", "found \"generc\"; allowed: generic, "},
           {kRace + " --matrix --algorithms generic,stream_putback,generic",
            "--algorithms: found \"generic\" again; allowed: each row once"},
           {"'" SOCKBUFSIM_SOURCE_DIR "/scenarios/lock-loop.json' --set threads.0.loops=20000",
            "more than 32,767 steps"},
           {kRace + " " + kRace, "found 2 scenarios; allowed: one"},
           {"", "found 0 scenarios; allowed: one"},
           {"/nowhere.json", "no such file"},
           {"'" + quiet + "'", "0 threads"}}) {
    INFO(arguments);
    const Outcome outcome = sockbufsim("explore " + arguments + file);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text, StartsWith("sockbufsim: "));
    CHECK_THAT(outcome.text, ContainsSubstring(part));
    CHECK_FALSE(std::filesystem::exists(dir.file("out.csv")));
  }
}

TEST_CASE("no output replaces the files that a command reads", "[cli][explore]") {
  const tests::TempDir dir;
  const std::string scenario = harmless(dir);
  const std::string schedule = dir.file("race.json");
  REQUIRE(sockbufsim("explore " + kSmallRace + " --schedule " + schedule).status == 0);
  for (const auto& [arguments, kept] : std::vector<std::pair<std::string, std::string>>{
           {"explore " + scenario + " --out csv:", scenario},
           {"explore " + scenario + " --schedule ", scenario},
           {"explore " + scenario + " --junit ", scenario},
           {"run " + scenario + " --out json:", scenario},
           {"replay " + schedule + " --out json:", schedule}}) {
    INFO(arguments);
    const std::string before = bytes_of(kept);
    const Outcome outcome = sockbufsim(arguments + kept);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text, ContainsSubstring("; allowed: another file"));
    CHECK(bytes_of(kept) == before);
  }
  const std::string checkpoint = dir.file("c");
  const Outcome both = sockbufsim("explore " + scenario + " --checkpoint " + checkpoint +
                                  " --out csv:" + checkpoint);
  CHECK(both.status == 2);
  CHECK_THAT(both.text, ContainsSubstring("which is the checkpoint"));
  const std::string race = dir.file("copy.json");
  std::filesystem::copy_file(SOCKBUFSIM_SOURCE_DIR "/scenarios/close-during-copyout.json", race);
  const Outcome matrix =
      sockbufsim("explore --matrix " + race + " --algorithms generic --out csv:" + race);
  CHECK(matrix.status == 2);
  CHECK_THAT(matrix.text, ContainsSubstring("which is a scenario"));
}

TEST_CASE("no output replaces what an explored scenario is made of", "[cli][explore]") {
  const tests::TempDir dir;
  const std::string base = dir.file("base.json");
  std::filesystem::copy_file(SOCKBUFSIM_SOURCE_DIR "/scenarios/close-during-copyout.json", base);
  const std::string scenario = dir.write("race.json", R"({"extends": "base.json"})");
  const std::string before = bytes_of(base);
  const std::vector<std::string> ways = {"", "--matrix ", "--timed-search --steps 1 "};
  for (const std::string& way : ways) {
    INFO(way);
    const Outcome outcome = sockbufsim("explore " + way + scenario + " --out json:" + base);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text, ContainsSubstring("; allowed: another file"));
    CHECK(bytes_of(base) == before);
  }
  for (const std::string& way : ways) {
    INFO(way);
    const std::string study = "'" SOCKBUFSIM_SOURCE_DIR "/docs/ci/smoke.json'";
    const Outcome outcome = sockbufsim("explore " + way + study);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text, ContainsSubstring("found a study; allowed: a scenario"));
  }
}

TEST_CASE("no schedule is written when nothing was found", "[cli][explore]") {
  const tests::TempDir dir;
  const Outcome outcome =
      sockbufsim("explore " + harmless(dir) + " --schedule '" + dir.file("s.json") + "'");
  CHECK(outcome.status == 0);
  CHECK_THAT(outcome.text, ContainsSubstring("no violation was found"));
  CHECK_FALSE(std::filesystem::exists(dir.file("s.json")));
}

TEST_CASE("a schedule file gives the same violation on either engine", "[cli][explore][replay]") {
  const tests::TempDir dir;
  const std::string file = "'" + dir.file("race.json") + "'";
  REQUIRE(sockbufsim("explore " + kRace + " --schedule " + file).status == 0);
  std::vector<ordered_json> reports;
  for (const char* engine : {"simgrid", "fiber"}) {
    const std::string command = "replay " + file + " --engine " + engine;
    const Outcome text = sockbufsim(command);
    CHECK(text.status == 0);
    CHECK_THAT(last_line(text.text), StartsWith("reproduced: "));
    reports.push_back(ordered_json::parse(sockbufsim(command + " --out json:-").text));
    CHECK(reports.back().at("engine") == engine);
    reports.back().erase("engine");
    const Outcome trace = sockbufsim(command + " --out trace:-");
    CHECK(ordered_json::parse(trace.text).at("traceEvents").size() > 20);
  }
  CHECK(reports[0] == reports[1]);
  CHECK(reports[0].at("reproduced") == true);
  CHECK(reports[0].at("found") == reports[0].at("expected"));
}

TEST_CASE("a replay without sockets names no receive algorithm", "[cli][explore][replay]") {
  const Outcome outcome = sockbufsim("replay '" SOCKBUFSIM_SOURCE_DIR
                                     "/tests/fuzz/corpus/replay/synthetic.json' --out json:-");
  const ordered_json report = ordered_json::parse(outcome.text);
  CHECK(report.at("algorithm").get<std::string>().empty());
  CHECK(report.at("threads").size() >= 2);
}

TEST_CASE("replay tells a violation that does not come again from a bad file",
          "[cli][explore][replay]") {
  const tests::TempDir dir;
  const std::string file = dir.file("race.json");
  REQUIRE(sockbufsim("explore " + kRace + " --schedule '" + file + "'").status == 0);
  const ordered_json good = ordered_json::parse(bytes_of(file));
  const auto replay_with = [&](const char* pointer, const ordered_json& value) {
    ordered_json changed = good;
    changed[ordered_json::json_pointer(pointer)] = value;
    return sockbufsim("replay '" + dir.write("changed.json", changed.dump()) + "'");
  };
  const Outcome other = replay_with("/expected/kind", "mbuf_leaked");
  CHECK(other.status == 1);
  CHECK_THAT(last_line(other.text), ContainsSubstring("expected mbuf_leaked"));
  const Outcome short_one = replay_with("/schedule", "a");
  CHECK(short_one.status == 1);
  CHECK_THAT(last_line(short_one.text), StartsWith("not reproduced: no violation"));
  for (const auto& [pointer, value, part] :
       std::vector<std::tuple<const char*, ordered_json, std::string>>{
           {"/scenario/receive/algorithm", "generic", "/schedule: found "},
           {"/scenario/explore/segments", 0, "/threads: found "},
           {"/schedule", "a10000", "no longer fits the program: step "},
           {"/schedule", good.at("schedule").get<std::string>() + "b5",
            ", which met the violation "},
           {"/schedule", "zz", "/schedule: found \"zz\""},
           {"/schedule", "a100001", "at most 100,000 steps"},
           {"/schedule", 7, "/schedule: found 7"},
           {"/schema", "sockbufsim/schedule/2", "/schema: found "},
           {"/threads", ordered_json::array(), "/threads: found "},
           {"/expected", 1, "/expected: found 1"},
           {"/scenario/nic/mtu", 1, "/scenario/nic/mtu: found 1"},
           {"/scenario/extends", "x.json", "/scenario/extends: found "},
           {"/scenario/sockets/0/count", 500, "/scenario/sockets: found 500 sockets"},
           {"/surplus", 1, "the unknown field \"surplus\""}}) {
    INFO(pointer);
    const Outcome outcome = replay_with(pointer, value);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text, ContainsSubstring(part));
  }
  CHECK(sockbufsim("replay /nowhere.json").status == 2);
  CHECK(sockbufsim("replay '" + file + "' --out json:/nowhere/at/all").status == 2);
}

TEST_CASE("the matrix has a verdict for each algorithm under each scenario",
          "[cli][explore][matrix]") {
  const tests::TempDir dir;
  const std::string command =
      "explore --matrix " + kSmallRace + " --algorithms generic,stream_putback";
  std::string outputs;
  for (const char* format : {"text", "json", "csv", "markdown"}) {
    outputs += std::string(" --out ") + format + ":'" + dir.file(format) + "'";
  }
  REQUIRE(sockbufsim(command + outputs + " >/dev/null").status == 0);
  CHECK(last_line(bytes_of(dir.file("text"))) == "complete: 2 of 2 cells");
  const ordered_json cells = ordered_json::parse(bytes_of(dir.file("json"))).at("cells");
  REQUIRE(cells.size() == 2);
  CHECK(cells[0].at("algorithm") == "generic");
  CHECK(cells[1].at("algorithm") == "stream_putback");
  CHECK(cells[1].at("disturbance") == "close-during-copyout");
  CHECK(cells[1].at("verdict") == "violation");
  CHECK(cells[1].at("violation").is_string());
  CHECK(cells[0].at("verdict") == "clean");
  CHECK(cells[0].at("violation").is_null());
  CHECK(cells[0].at("interleavings").get<int>() > 1);
  CHECK_THAT(bytes_of(dir.file("csv")), StartsWith("algorithm,disturbance,verdict,"));
  CHECK_THAT(bytes_of(dir.file("markdown")),
             StartsWith("| algorithm | close-during-copyout |\n|---"));

  const std::string alone = cells[1].at("command");
  REQUIRE_THAT(alone, StartsWith("sockbufsim explore "));
  const ordered_json again =
      ordered_json::parse(sockbufsim(alone.substr(alone.find(' ') + 1) + " --out json:-").text);
  CHECK(again.at("algorithm") == "stream_putback");
  CHECK(again.at("coverage").at("interleavings") == cells[1].at("interleavings"));

  const Outcome bounded = sockbufsim(command + " --max-schedules 2 --out json:-");
  CHECK(ordered_json::parse(bounded.text).at("cells")[0].at("verdict") == "bounded");
  CHECK_THAT(sockbufsim(command + " --first").text,
             ContainsSubstring("\n  stream_putback  putback_flushed (bounded)\n"));
  const Outcome folder = sockbufsim("explore --matrix '" + dir.file("") + "'");
  CHECK(folder.status == 2);
  CHECK_THAT(folder.text, ContainsSubstring("no *.json in it"));
}

TEST_CASE("a matrix that is too wide has numbers, letters and a legend", "[cli][explore][matrix]") {
  const std::string command = "explore --matrix '" SOCKBUFSIM_SOURCE_DIR
                              "/scenarios/races' --max-schedules 60 --algorithms "
                              "generic,stream_putback,per_packet,putback_charged";
  const std::string text = sockbufsim(command).text;
  std::size_t widest = 0;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    widest = std::max(widest, text.find('\n', at) - at);
  }
  CHECK(widest <= 100);
  CHECK_THAT(text, ContainsSubstring("\n   1  p1-shutdown-rd\n   2  p2-kernel-close\n"));
  CHECK_THAT(text, ContainsSubstring("\n   A  "));
  CHECK_THAT(text, ContainsSubstring("  destroyed_lock\n"));
  CHECK_THAT(text, ContainsSubstring("\n   *  bounded: there may be others\n"));
}

TEST_CASE("a cell that cannot be explored leaves the others of a matrix alone",
          "[cli][explore][matrix]") {
  const tests::TempDir dir;
  const std::string command = "explore --matrix " + dir.write("long.json", long_world()) + ' ' +
                              kSmallRace + " --algorithms generic,stream_putback";
  std::string outputs;
  for (const char* format : {"text", "json", "csv", "markdown", "html"}) {
    outputs += std::string(" --out ") + format + ":'" + dir.file(format) + "'";
  }
  for (const char* jobs : {"", " --jobs 2"}) {
    INFO(jobs);
    const Outcome outcome = sockbufsim(command + outputs + jobs);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text,
               ContainsSubstring("generic under long failed: " + dir.file("long.json") +
                                 ": found an interleaving of more than 32,767 steps; allowed: "));
    const std::string text = bytes_of(dir.file("text"));
    CHECK_THAT(text, ContainsSubstring("\nfailed: stream_putback under long: "));
    CHECK(last_line(text) == "bounded: 2 of 4 cells are complete, 2 failed");
    const ordered_json cells = ordered_json::parse(bytes_of(dir.file("json"))).at("cells");
    REQUIRE(cells.size() == 4);
    CHECK(cells[0].at("verdict") == "failed");
    CHECK_THAT(cells[0].at("failure").get<std::string>(), ContainsSubstring("max_reads"));
    CHECK(cells[0].at("complete") == false);
    CHECK(cells[1].at("verdict") == "clean");
    CHECK(cells[1].at("failure").is_null());
    CHECK(cells[3].at("verdict") == "violation");
    CHECK_THAT(bytes_of(dir.file("csv")),
               ContainsSubstring("\ngeneric,long,failed,,0,false,\"" + dir.file("long.json")));
    const std::string markdown = bytes_of(dir.file("markdown"));
    CHECK_THAT(markdown, ContainsSubstring("| `generic` | **failed** (first 0) | clean ("));
    CHECK_THAT(markdown, ContainsSubstring("\n* failed: generic under long: "));
    CHECK_THAT(bytes_of(dir.file("html")), ContainsSubstring("failed"));
  }
}

TEST_CASE("what was found before an interleaving that is too long is told as bounded",
          "[cli][explore]") {
  cli::Searched searched;
  searched.result.too_long = true;
  searched.result.interleavings = 7;
  searched.end = cli::SearchEnd::too_long;
  CHECK(searched.failed());
  searched.result.violations.emplace_back();
  CHECK_FALSE(searched.failed());
  CHECK(searched.coverage() ==
        "bounded: stopped after 7 interleavings (at an interleaving of more than 32,767 steps), "
        "not exhaustive");
}

TEST_CASE("a timed search measures the window of the race", "[cli][explore][timed]") {
  const std::string command =
      "explore " + kRace + " --timed-search --steps 10 --replications 3 --out json:-";
  const Outcome racy = sockbufsim(command);
  REQUIRE(racy.status == 0);
  CHECK(sockbufsim(command).text == racy.text);
  const ordered_json report = ordered_json::parse(racy.text);
  const double copy = report.at("copy_ns").at("mean");
  const double window = report.at("window_ns").at("mean");
  CHECK(window > 0.5 * copy);
  CHECK(window < copy);
  CHECK(report.at("window_ns").at("n") == 3);
  CHECK(report.at("step_ns").get<double>() == Catch::Approx(copy / 10));
  CHECK_THAT(sockbufsim("explore " + kRace + " --timed-search --steps 10 --replications 1").text,
             ContainsSubstring("(one copy: no interval), resolved to one step, "));
  const ordered_json& p = report.at("probability");
  CHECK(p.at("lower") < p.at("estimate"));
  CHECK(p.at("estimate") < p.at("upper"));
  CHECK(p.at("estimate").get<double>() == Catch::Approx(window / copy).epsilon(1e-6));

  const Outcome safe = sockbufsim(command + " --set receive.algorithm=stream_inplace");
  CHECK(ordered_json::parse(safe.text).at("window_ns").at("mean") == 0);
  const Outcome none = sockbufsim("explore --timed-search '" SOCKBUFSIM_SOURCE_DIR
                                  "/scenarios/10g-generic.json' --set duration_ms=6");
  CHECK(none.status == 2);
  CHECK_THAT(none.text, ContainsSubstring("/disturb: found no disturbance"));
}

TEST_CASE("the shipped races have the interleavings and verdicts that they had", "[explore][cli]") {
  // After a change that is meant to change them:
  //   sockbufsim explore --matrix scenarios/races --out csv:tests/races.csv
  const std::string pinned = bytes_of(SOCKBUFSIM_SOURCE_DIR "/tests/races.csv");
  REQUIRE(pinned.size() > 1000);
  for (const char* jobs : {"", " --jobs 2"}) {
    INFO(jobs);
    const Outcome matrix =
        sockbufsim("explore --matrix '" SOCKBUFSIM_SOURCE_DIR "/scenarios/races' --out csv:-" +
                   std::string(jobs));
    CHECK(matrix.status == 0);
    CHECK(matrix.text == pinned);
  }
}
