// SPDX-License-Identifier: BSD-2-Clause
//
// `sweep`, `export` and `merge` as a script sees them: exit codes, messages, and what is in the
// store after the program has been killed, or the disk was full.
#include <fcntl.h>
#include <signal.h>  // NOLINT: kill is POSIX
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "cli/store/store.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

using std::chrono::milliseconds;
using tests::bytes_of;
using tests::Outcome;
using tests::sockbufsim;

/// A scenario, and a study of six points that names it; a run takes a few milliseconds.
void write_study(const tests::TempDir& directory, const std::string& more = "") {
  directory.write("locks.json",
                  R"({"schema": "sockbufsim/scenario/1", "name": "locks", "seed": 5,
  "duration_ms": 3, "machine": {"profile": "ideal"}, "locks": [{"name": "L", "kind": "fifo"}],
  "threads": [{"count": 2, "lock": "L", "think_ns": {"exponential": 1000}, "hold_ns": 100}]})");
  directory.write("study.json", R"({"schema": "sockbufsim/study/1", "name": "holds",
  "base": "locks.json", "factors": [
    {"name": "threads", "path": "threads.0.count", "values": [2, 4, 8]},
    {"name": "hold", "path": "threads.0.hold_ns", "values": [100, 300]}],
  "replications": 2)" + more + "}");
}

/// The program as a child that can be killed.
class Child {
 public:
  Child(const tests::TempDir& directory, const std::vector<std::string>& arguments) {
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ > 0) return;
    if (::chdir(directory.file("").c_str()) != 0) ::_exit(126);
    const int null = ::open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; ++fd) ::dup2(null, fd);
    std::vector<char*> argv = {const_cast<char*>(SOCKBUFSIM_PROGRAM)};
    for (const std::string& item : arguments) argv.push_back(const_cast<char*>(item.c_str()));
    argv.push_back(nullptr);
    ::execv(SOCKBUFSIM_PROGRAM, argv.data());
    ::_exit(127);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ > 0) {
      send(SIGKILL);
      wait();
    }
  }

  void send(int signal) const { ::kill(pid_, signal); }

  int wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  bool has_ended() {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
    return info.si_pid != 0;
  }

  std::vector<pid_t> workers() const {
    const std::string task = "/proc/" + std::to_string(pid_) + "/task/" + std::to_string(pid_);
    std::ifstream in(task + "/children");
    std::vector<pid_t> all;
    for (pid_t pid = 0; in >> pid;) all.push_back(pid);
    return all;
  }

 private:
  pid_t pid_ = -1;
};

}  // namespace

TEST_CASE("a sweep from the command line, its table and its exit codes", "[sweep][e2e]") {
  const tests::TempDir directory;
  write_study(directory, R"(, "expect": [{"metric": "locks.L.acquisitions", "min": 1}])");
  const Outcome dry = sockbufsim(directory, "sweep study.json --dry-run");
  CHECK(dry.status == 0);
  CHECK_THAT(dry.text, ContainsSubstring("6 points"));
  CHECK_FALSE(std::filesystem::exists(directory.file("a.db")));

  const Outcome first =
      sockbufsim(directory, "sweep study.json --store a.db --jobs 2 --junit j.xml");
  INFO(first.text);
  CHECK(first.status == 0);
  CHECK_THAT(first.text, ContainsSubstring("12 runs made, 0 were there"));
  CHECK_THAT(first.text, ContainsSubstring("[6/6]"));
  CHECK_THAT(bytes_of(directory.file("j.xml")), ContainsSubstring("locks.L.acquisitions"));
  CHECK_THAT(sockbufsim(directory, "sweep study.json --store a.db").text,
             ContainsSubstring("0 runs made, 12 were there"));
  CHECK_THAT(sockbufsim(directory, "sweep study.json --store a.db --dry-run").text,
             ContainsSubstring("12 of these runs are in the store, 0 are to be made"));

  const Outcome table = sockbufsim(directory, "export a.db");
  CHECK(table.status == 0);
  CHECK_THAT(table.text,
             Catch::Matchers::StartsWith("point,threads,hold,replication,seed,status,reason,"));
  CHECK_THAT(table.text, ContainsSubstring(",fingerprint,rerun\n"));
  CHECK(sockbufsim(directory, "export a.db --out csv:a.csv --out jsonl:a.jsonl").text.empty());
  CHECK(bytes_of(directory.file("a.csv")) == table.text);

  const Outcome failing = sockbufsim(
      directory, "sweep study.json --store a.db --replications 3 --set nothing.of.this=1");
  CHECK(failing.status == 2);
  CHECK(sockbufsim(directory, "sweep study.json").status == 2);
  CHECK(sockbufsim(directory, "sweep study.json --store a.db --shard 3/2").status == 2);
  CHECK(sockbufsim(directory, "export a.db --study b").status == 2);
  CHECK(sockbufsim(directory, "merge a.db -o a.csv").status == 2);

  write_study(directory, R"(, "expect": [{"metric": "locks.L.acquisitions", "max": 1}])");
  CHECK(sockbufsim(directory, "sweep study.json --store a.db").status == 1);
  const Outcome fewer = sockbufsim(directory, "sweep study.json --store a.db --replications 1");
  CHECK_THAT(fewer.text, ContainsSubstring("judged: 12 runs, all that the store has of the study; "
                                           "this sweep asked for 6\n"));
  // A shard cannot judge what needs the other ones.
  CHECK(sockbufsim(directory, "sweep study.json --store a.db --shard 1/2").status == 0);
}

TEST_CASE("every row's rerun command gives the row's fingerprint", "[sweep][e2e]") {
  const tests::TempDir directory;
  write_study(directory, R"(, "seed_policy": "independent")");
  const std::string inlined = [&] {
    auto study = nlohmann::json::parse(bytes_of(directory.file("study.json")));
    study["base"] = nlohmann::json::parse(bytes_of(directory.file("locks.json")));
    study["name"] = "inlined";
    return study.dump();
  }();
  directory.write("inlined.json", inlined);
  for (const std::string& sweep :
       {std::string("study.json"), std::string("inlined.json --set 'locks.0.kind=\"ticket\"'"),
        std::string("study.json --set warmup_ms=1")}) {
    std::filesystem::remove(directory.file("a.db"));
    const Outcome outcome = sockbufsim(directory, "sweep " + sweep + " --store a.db");
    INFO(outcome.text);
    REQUIRE(outcome.status == 0);
    const cli::Results results = cli::read_results(directory.file("a.db"));
    REQUIRE(results.runs.size() == 12);
    for (std::size_t i = 0; i < results.runs.size(); i += 3) {
      const cli::Run& run = results.runs[i];
      INFO(run.rerun);
      const std::string arguments = run.rerun.substr(std::string("sockbufsim ").size());
      const Outcome again = sockbufsim(directory, arguments + " --out json:-");
      REQUIRE(again.status == 0);
      const auto report = nlohmann::json::parse(again.text);
      CHECK(report.at("provenance").at("fingerprint") == run.fingerprint);
      CHECK(report.at("provenance").at("command") == run.rerun);
    }
  }
}

TEST_CASE("a violation that no scenario expects is exit code 3", "[sweep][e2e]") {
  const tests::TempDir directory;
  const std::string race = SOCKBUFSIM_SOURCE_DIR "/scenarios/close-during-copyout.json";
  auto study = nlohmann::json::parse(
      R"({"schema": "sockbufsim/study/1", "name": "race", "replications": 1})");
  study["base"] = race;
  directory.write("race.json", study.dump());
  const Outcome expected = sockbufsim(directory, "sweep race.json --store a.db");
  INFO(expected.text);
  const Outcome run = sockbufsim(directory, "run '" + race + "' --out text:/dev/null");
  CHECK(expected.status == run.status);
  const cli::Results results = cli::read_results(directory.file("a.db"));
  REQUIRE(results.runs.size() == 1);
  CHECK(results.runs[0].has_results());
}

// docs/study.md, "Expectations of the base".
TEST_CASE("a sweep judges the study's expectations, and of the base's only how runs may end",
          "[sweep][e2e]") {
  const tests::TempDir directory;
  write_study(directory);
  auto base = nlohmann::json::parse(bytes_of(directory.file("locks.json")));
  base["expect"] = nlohmann::json::array({{{"metric", "locks.L.acquisitions"}, {"min", 1e12}}});
  directory.write("locks.json", base.dump());
  CHECK(sockbufsim(directory, "run locks.json").status == 1);
  const Outcome swept = sockbufsim(directory, "sweep study.json --store a.db");
  INFO(swept.text);
  CHECK(swept.status == 0);

  const std::string race = SOCKBUFSIM_SOURCE_DIR "/scenarios/close-during-copyout.json";
  REQUIRE(std::filesystem::exists(race));
  for (const auto& [name, expect, status] : std::vector<std::tuple<std::string, std::string, int>>{
           {"bare", "[]", 3}, {"told", R"([{"verdict": "violation"}])", 0}}) {
    INFO(name);
    directory.write(name + ".json", R"({"extends": ")" + race + R"(", "expect": )" + expect + "}");
    directory.write("s.json", R"({"schema": "sockbufsim/study/1", "name": ")" + name +
                                  R"(", "replications": 1, "base": ")" + name + R"(.json"})");
    const Outcome outcome = sockbufsim(directory, "sweep s.json --store " + name + ".db");
    INFO(outcome.text);
    CHECK(outcome.status == status);
    CHECK(cli::read_results(directory.file(name + ".db")).runs.at(0).status == "violation");
  }
}

TEST_CASE("what is no store is refused and left untouched", "[store][e2e]") {
  const tests::TempDir directory;
  write_study(directory);
  directory.write("notes.txt", "do not lose these\n");
  for (const char* command :
       {"sweep study.json --store notes.txt", "export notes.txt", "merge notes.txt -o b.db"}) {
    const Outcome outcome = sockbufsim(directory, command);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text, ContainsSubstring("store notes.txt: found a file of another kind"));
  }
  CHECK(bytes_of(directory.file("notes.txt")) == "do not lose these\n");
  CHECK_FALSE(std::filesystem::exists(directory.file("b.db")));
}

TEST_CASE("SIGTERM stops a sweep cleanly, and a second sweep is refused", "[sweep][e2e]") {
  const tests::TempDir directory;
  write_study(directory);
  Child child(directory,
              {"sweep", "study.json", "--store", "a.db", "--jobs", "2", "--replications", "2000"});
  for (int tries = 0; tries < 600 && child.workers().empty(); ++tries) {
    std::this_thread::sleep_for(milliseconds(50));
  }
  REQUIRE_FALSE(child.workers().empty());
  const Outcome second = sockbufsim(directory, "sweep study.json --store a.db");
  CHECK(second.status == 2);
  CHECK_THAT(second.text, ContainsSubstring("another sweep is writing to it"));
  std::this_thread::sleep_for(milliseconds(600));
  // People may look while it works.
  const std::size_t seen = cli::read_results(directory.file("a.db")).runs.size();
  child.send(SIGTERM);
  CHECK(child.wait() == 128 + SIGTERM);
  CHECK(cli::read_results(directory.file("a.db")).runs.size() >= std::max<std::size_t>(seen, 1));
  CHECK_FALSE(std::filesystem::exists(directory.file("a.db-wal")));
  CHECK(sockbufsim(directory, "sweep study.json --store a.db").status == 0);
}

TEST_CASE("killed at fifty moments, a sweep loses nothing and doubles nothing",
          "[sweep][e2e][slow]") {
  constexpr int kKills = 50;
  constexpr int kMostTries = 150;
  const tests::TempDir directory;
  write_study(directory);
  std::mt19937 chance(20070327);
  std::uniform_int_distribution<int> moment_ms(0, 300);
  int kills = 0;
  int workers = 0;
  int replications = 0;
  std::size_t rows = 0;
  for (int tries = 0; kills < kKills && tries < kMostTries; ++tries) {
    // Each time more to do than there is time for, mostly.
    replications += 6;
    Child child(directory, {"sweep", "study.json", "--store", "a.db", "--jobs", "2",
                            "--replications", std::to_string(replications)});
    std::this_thread::sleep_for(milliseconds(moment_ms(chance)));
    if (chance() % 2 == 0) {
      const std::vector<pid_t> pids = child.workers();
      if (!pids.empty()) {
        ::kill(pids[chance() % pids.size()], SIGKILL);
        ++workers;
        std::this_thread::sleep_for(milliseconds(moment_ms(chance) / 4));
      }
    }
    if (!child.has_ended()) ++kills;
    child.send(SIGKILL);
    child.wait();
    if (!std::filesystem::exists(directory.file("a.db"))) continue;
    const bool empty = cli::study_names(directory.file("a.db")).empty();
    const std::size_t now = empty ? 0 : cli::read_results(directory.file("a.db")).runs.size();
    CHECK(now >= rows);
    rows = now;
  }
  INFO(kills << " sweeps and " << workers << " workers killed, " << rows << " rows by then");
  CHECK(kills == kKills);
  CHECK(workers > 0);
  const std::string all =
      "sweep study.json --jobs 2 --replications " + std::to_string(replications);
  const Outcome last = sockbufsim(directory, all + " --store a.db");
  INFO(last.text);
  CHECK(last.status == 0);
  REQUIRE(sockbufsim(directory, all + " --store whole.db").status == 0);
  REQUIRE(sockbufsim(directory, "export whole.db --out csv:whole.csv").status == 0);
  REQUIRE(sockbufsim(directory, "export a.db --out csv:a.csv").status == 0);
  CHECK(bytes_of(directory.file("a.csv")) == bytes_of(directory.file("whole.csv")));
  CHECK(cli::read_results(directory.file("a.db")).runs.size() ==
        6U * static_cast<std::size_t>(replications));
}

namespace {

/// A small disk; needs root.
class SmallDisk {
 public:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {
    std::filesystem::create_directories(path_);
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=600k") == 0;
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  void grow() { REQUIRE(::mount("tmpfs", path_.c_str(), "tmpfs", MS_REMOUNT, "size=64m") == 0); }

 private:
  std::string path_;
  bool mounted_ = false;
};

}  // namespace

TEST_CASE("a full disk stops a sweep, which goes on once there is space", "[sweep][e2e][slow]") {
  const tests::TempDir directory;
  write_study(directory);
  SmallDisk disk(directory.file("disk"));
  if (!disk.mounted()) {
    WARN("skipped: cannot mount a tmpfs: " << std::strerror(errno));
    SUCCEED();
    return;
  }
  const std::string sweep = "sweep study.json --jobs 2 --replications 40 --store ";
  REQUIRE(sockbufsim(directory, sweep + "whole.db").status == 0);
  const Outcome full = sockbufsim(directory, sweep + "disk/a.db");
  INFO(full.text);
  CHECK(full.status == 2);
  CHECK_THAT(full.text, ContainsSubstring("no space left on the disk"));
  CHECK(sockbufsim(directory, sweep + "disk/a.db").status == 2);
  disk.grow();
  const std::size_t kept = cli::read_results(directory.file("disk/a.db")).runs.size();
  CHECK(kept > 0);
  const Outcome rest = sockbufsim(directory, sweep + "disk/a.db");
  CHECK(rest.status == 0);
  CHECK_THAT(rest.text, ContainsSubstring(std::to_string(kept) + " were there"));
  const Outcome one = sockbufsim(directory, "export disk/a.db");
  CHECK(one.status == 0);
  CHECK(one.text == sockbufsim(directory, "export whole.db").text);
}
