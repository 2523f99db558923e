// SPDX-License-Identifier: BSD-2-Clause
//
// Searches shared out among processes, and interrupted ones: the same totals as in one go.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "sim/explore/shared_search.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/here.hpp"
#include "tests/support/small_program.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using sim::KernelOps;
using sim::SearchResult;
using sim::SharedSearchOptions;
using test::SmallProgram;
using tests::bytes_of;

/// `threads` threads of `sections` critical sections each.
void add_sections(SmallProgram& program, int threads, int sections) {
  for (int t = 0; t < threads; ++t) {
    program.thread([&program, sections](KernelOps& k) {
      for (int s = 0; s < sections; ++s) {
        k.lock(program.mutex(0), test::kHere);
        program.write_along(k, 0);
        k.unlock(program.mutex(0));
      }
    });
  }
}

constexpr const char* kFinite[] = {"exhaustive", "all", "preemptions:2", "delays:2"};

SharedSearchOptions options_for(int jobs, std::string checkpoint = {},
                                const char* strategy = "exhaustive") {
  SharedSearchOptions options;
  options.search.strategy = sim::parse_strategy(strategy).value();
  options.jobs = jobs;
  options.checkpoint = std::move(checkpoint);
  options.identity = "test";
  return options;
}

/// How many executions ended with each kind.
std::map<std::string, std::uint64_t> met(const SearchResult& result) {
  std::map<std::string, std::uint64_t> kinds;
  for (const sim::FoundViolation& found : result.violations) {
    kinds[found.finding.kind] = found.interleavings;
  }
  return kinds;
}

void check_same(const SearchResult& a, const SearchResult& b) {
  CHECK(a.complete == b.complete);
  CHECK(a.exhaustive == b.exhaustive);
  CHECK(a.interleavings == b.interleavings);
  CHECK(a.steps == b.steps);
  CHECK(a.final_states == b.final_states);
  CHECK(a.violations.size() == b.violations.size());
  CHECK(met(a) == met(b));
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("any number of processes executes the same interleavings", "[explore]") {
  int violating = 0;
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    INFO("seed " << seed);
    SmallProgram program(2, 2);
    test::add_random_threads(program, seed);
    const SearchResult alone = sim::search(program, {});
    if (!alone.violations.empty()) ++violating;
    check_same(alone, sim::search_shared(program, options_for(2)));
    const SearchResult three = sim::search_shared(program, options_for(3));
    check_same(alone, three);
    CHECK(three.redundant == sim::search_shared(program, options_for(2)).redundant);
  }
  CHECK(violating > 10);
  SmallProgram program(1, 1);
  add_sections(program, 3, 3);  // 9! / (3! 3! 3!)
  CHECK(sim::search_shared(program, options_for(2)).interleavings == 1680);
}

TEST_CASE("a search that gives work away executes the same interleavings", "[explore]") {
  SmallProgram program(1, 1);
  add_sections(program, 3, 4);  // 12! / (4! 4! 4!)
  for (int jobs : {1, 2, 5}) {
    const tests::TempDir dir;
    const SearchResult shared = sim::search_shared(program, options_for(jobs, dir.file("parts")));
    CHECK(shared.complete);
    CHECK(shared.interleavings == 34'650);
    // Parts of at most 1,000 executions between two times of giving away.
    const std::string journal = bytes_of(dir.file("parts"));
    CHECK(std::count(journal.begin(), journal.end(), '\n') > 10);
  }
}

TEST_CASE("every strategy that ends can be shared out", "[explore]") {
  for (const char* strategy : {"all", "preemptions:0", "preemptions:2", "delays:1", "delays:3"}) {
    int violating = 0;
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
      INFO(strategy << ", seed " << seed);
      SmallProgram program(2, 2);
      test::add_random_threads(program, seed);
      SharedSearchOptions options = options_for(2, {}, strategy);
      options.search.max_schedules = 20'000;
      const SearchResult alone = sim::search(program, options.search);
      if (!alone.complete) continue;  // a beginning may be another one
      if (!alone.violations.empty()) ++violating;
      check_same(alone, sim::search_shared(program, options));
      options.jobs = 3;
      check_same(alone, sim::search_shared(program, options));
    }
    CHECK(violating >= 2);
  }
  SmallProgram program(1, 1);
  add_sections(program, 3, 4);
  for (const char* strategy : {"preemptions:6", "delays:9"}) {
    const tests::TempDir dir;
    SharedSearchOptions options = options_for(2, dir.file("parts"), strategy);
    const SearchResult shared = sim::search_shared(program, options);
    CHECK(shared.interleavings > 2000);
    CHECK(shared.complete);
    CHECK_FALSE(shared.exhaustive);
    check_same(sim::search(program, options.search), shared);
  }
}

TEST_CASE("an interleaving that is too long ends the search, and is told", "[explore]") {
  SmallProgram program(1, 1);
  add_sections(program, 1, 16'383);  // of two steps each
  for (const char* strategy : {"exhaustive", "preemptions:1", "random"}) {
    for (int jobs : {1, 2}) {
      SharedSearchOptions options = options_for(jobs, {}, strategy);
      options.search.max_schedules = 1;
      const SearchResult result = sim::search_shared(program, options);
      CHECK(result.interleavings == 1);
      CHECK_FALSE(result.too_long);
    }
  }
  add_sections(program, 1, 1);
  for (const char* strategy : {"exhaustive", "all", "delays:1", "pct:3", "random"}) {
    for (int jobs : {1, 2}) {
      INFO(strategy << ", " << jobs << " jobs");
      SharedSearchOptions options = options_for(jobs, {}, strategy);
      options.search.max_schedules = 1;
      const SearchResult result = sim::search_shared(program, options);
      CHECK(result.too_long);
      CHECK(result.interleavings == 0);
      CHECK_FALSE(result.complete);
    }
  }
}

TEST_CASE("what was found before an interleaving that is too long is kept", "[explore]") {
  SmallProgram program(1, 1);
  program.thread([&program](KernelOps& k) {
    program.read(k, 0);
    if (!program.flag()) k.violate("early", "T0 was faster");
    for (int i = 0; i < 40'000; ++i) program.read(k, 0);
  });
  program.thread([&program](KernelOps& k) {
    program.write(k, 0);
    program.set_flag(true);
  });
  const tests::TempDir dir;
  for (const char* strategy : {"exhaustive", "all", "delays:1"}) {
    for (int jobs : {1, 2}) {
      INFO(strategy << ", " << jobs << " jobs");
      SharedSearchOptions options = options_for(jobs, {}, strategy);
      const SearchResult result = sim::search_shared(program, options);
      CHECK(result.too_long);
      CHECK_FALSE(result.complete);
      CHECK(met(result) == std::map<std::string, std::uint64_t>{{"early", result.interleavings}});
      // The part that met it is not remembered, so the same end is found again.
      options.checkpoint = dir.file(strategy + std::to_string(jobs));
      CHECK(sim::search_shared(program, options).too_long);
      check_same(result, sim::search_shared(program, options));
      options.search.max_schedules = result.interleavings;
      CHECK_FALSE(sim::search_shared(program, options).too_long);
    }
  }
}

TEST_CASE("a checkpoint serves a search that ends earlier, and a longer one again", "[explore]") {
  SmallProgram program(1, 1);
  add_sections(program, 3, 3);
  program.thread([&program](KernelOps& k) {
    k.lock(program.mutex(0), test::kHere);
    if (program.flag()) k.violate("late", "others were faster");
    program.write_along(k, 0);
    program.set_flag(true);
    k.unlock(program.mutex(0));
  });
  program.thread([&program](KernelOps& k) {
    k.lock(program.mutex(0), test::kHere);
    if (program.flag()) k.violate("other", "others were faster");
    program.write_along(k, 0);
    program.set_flag(true);
    k.unlock(program.mutex(0));
  });
  for (const char* strategy : {"exhaustive", "preemptions:2"}) {
    for (int jobs : {1, 3}) {
      INFO(strategy << ", " << jobs << " jobs");
      const tests::TempDir dir;
      const SharedSearchOptions whole = options_for(jobs, dir.file("c"), strategy);
      const SearchResult all = sim::search_shared(program, whole);
      REQUIRE(all.complete);
      const std::string journal = bytes_of(dir.file("c"));
      REQUIRE(std::count(journal.begin(), journal.end(), '\n') > 4);
      SharedSearchOptions limited = whole;
      limited.search.max_schedules = 10;
      CHECK(sim::search_shared(program, limited).interleavings == 10);
      SharedSearchOptions first = whole;
      first.search.stop_at_first_violation = true;
      CHECK_FALSE(sim::search_shared(program, first).violations.empty());
      SharedSearchOptions late = whole;
      late.search.stop = [](const sim::SearchProgress&) { return true; };
      CHECK_FALSE(sim::search_shared(program, late).complete);
      CHECK(bytes_of(dir.file("c")) == journal);
      check_same(all, sim::search_shared(program, whole));
    }
  }
}

TEST_CASE("where a search ends does not depend on which part comes in first", "[explore]") {
  // A violation when T2 is through before T0 has begun, which the search tries late.
  SmallProgram program(1, 1);
  for (int t = 0; t < 3; ++t) {
    program.thread([&program, t](KernelOps& k) {
      for (int s = 0; s < 4; ++s) {
        k.lock(program.mutex(0), test::kHere);
        program.write_along(k, 0);
        if (t == 2 && s == 3) program.set_flag(true);
        if (t == 0 && s == 0 && program.flag()) k.violate("late", "T2 was faster");
        k.unlock(program.mutex(0));
      }
    });
  }
  const tests::TempDir dir;
  SharedSearchOptions options = options_for(1, dir.file("parts"));
  options.search.stop_at_first_violation = true;
  const SearchResult one = sim::search_shared(program, options);
  REQUIRE(one.violations.size() == 1);
  CHECK(one.interleavings > 2000);
  CHECK_FALSE(one.complete);
  options.checkpoint.clear();
  for (int jobs : {2, 3, 4, 4, 4, 4, 4, 4}) {
    options.jobs = jobs;
    check_same(one, sim::search_shared(program, options));
  }
}

TEST_CASE("a limit of interleavings holds however the search is shared out", "[explore]") {
  SmallProgram program(1, 1);
  add_sections(program, 3, 2);
  for (const char* strategy : kFinite) {
    INFO(strategy);
    const tests::TempDir dir;
    SharedSearchOptions options = options_for(1, dir.file("checkpoint"), strategy);
    const std::uint64_t all = sim::search(program, options.search).interleavings;
    for (std::uint64_t most : {std::uint64_t{1}, all / 3, all - 1}) {
      options.search.max_schedules = most;
      options.jobs = 1;
      const SearchResult one = sim::search_shared(program, options);
      CHECK(one.interleavings == most);
      CHECK_FALSE(one.complete);
      SharedSearchOptions anew = options_for(3, {}, strategy);
      anew.search.max_schedules = most;
      check_same(one, sim::search_shared(program, anew));
    }
    options.search.max_schedules = all;
    const SearchResult whole = sim::search_shared(program, options);
    CHECK(whole.interleavings == all);
    CHECK(whole.complete);
  }
}

TEST_CASE("drawn schedules are the same ones for any number of processes", "[explore]") {
  SmallProgram program(2, 2);
  test::add_random_threads(program, 7);
  SharedSearchOptions options = options_for(2);
  options.search.strategy = sim::parse_strategy("random").value();
  options.search.max_schedules = 3500;
  const SearchResult shared = sim::search_shared(program, options);
  CHECK(shared.interleavings == 3500);
  check_same(shared, sim::search(program, options.search));
}

TEST_CASE("a search killed at any moment goes on from its checkpoint to the same total",
          "[explore]") {
  const tests::TempDir dir;
  SmallProgram program(1, 1);
  add_sections(program, 3, 3);
  const SearchResult whole = sim::search(program, {});
  int interrupted = 0;
  for (int delay_us = 500; delay_us < 60'000; delay_us = delay_us * 3 / 2) {
    const std::string file = dir.file("checkpoint" + std::to_string(delay_us));
    for (int jobs : {1, 2}) {
      const pid_t pid = fork();
      if (pid == 0) {
        (void)sim::search_shared(program, options_for(jobs, file));
        _exit(0);
      }
      usleep(static_cast<useconds_t>(delay_us));
      kill(pid, SIGKILL);
      int status = 0;
      waitpid(pid, &status, 0);
      if (WIFSIGNALED(status)) ++interrupted;
    }
    check_same(whole, sim::search_shared(program, options_for(1, file)));
  }
  CHECK(interrupted > 0);
}

TEST_CASE("a checkpoint cut off anywhere gives the same total", "[explore]") {
  SmallProgram program(1, 1);
  add_sections(program, 2, 5);
  for (const char* strategy : {"exhaustive", "preemptions:3", "random"}) {
    INFO(strategy);
    const tests::TempDir dir;
    const std::string file = dir.file("checkpoint");
    SharedSearchOptions options = options_for(1, file, strategy);
    options.search.max_schedules = 3000;
    const SearchResult whole = sim::search_shared(program, options);
    CHECK(whole.interleavings >= 90);
    const std::string text = bytes_of(file);
    for (std::size_t bytes = 0; bytes <= text.size(); bytes += 1 + text.size() / 60) {
      INFO(bytes << " of " << text.size() << " bytes");
      write(file, text.substr(0, bytes));
      check_same(whole, sim::search_shared(program, options));
      CHECK(bytes_of(file).size() == text.size());
    }
  }
}

TEST_CASE("a checkpoint of something else is refused and left alone", "[explore]") {
  const tests::TempDir dir;
  SmallProgram program(1, 1);
  add_sections(program, 2, 2);
  const std::string file = dir.file("checkpoint");
  const auto refused = [&](const std::string& identity) {
    SharedSearchOptions options = options_for(1, file);
    options.identity = identity;
    const std::string before = bytes_of(file);
    std::string why;
    try {
      (void)sim::search_shared(program, options);
    } catch (const sim::CheckpointError& error) {
      why = error.what();
    }
    CHECK(bytes_of(file) == before);
    return why;
  };
  write(file, "a shopping list\n");
  CHECK_THAT(refused("test"), Catch::Matchers::ContainsSubstring("is no checkpoint"));
  std::filesystem::remove(file);
  (void)sim::search_shared(program, options_for(1, file));
  CHECK_THAT(refused("another"), Catch::Matchers::ContainsSubstring("belongs to another search"));
}
