// SPDX-License-Identifier: BSD-2-Clause
#include <limits>
#include <string>
#include <vector>

#include "sim/base/time_text.hpp"
#include "sim/observe/trail.hpp"
#include "tests/support/catch.hpp"

using sim::Trail;
using sim::TrailEntry;

TEST_CASE("microseconds print exactly", "[base]") {
  CHECK(sim::us_text(0) == "0.000000");
  CHECK(sim::us_text(12'345'678) == "12.345678");
  CHECK(sim::us_text(1) == "0.000001");
  CHECK(sim::us_text(-1'500'000) == "-1.500000");
  CHECK(sim::us_text(std::numeric_limits<sim::Picoseconds>::max()) == "9223372036854.775807");
  CHECK(sim::us_text(std::numeric_limits<sim::Picoseconds>::min()) == "-9223372036854.775808");
}

TEST_CASE("the trail merges threads by time, then by order of recording", "[observe]") {
  Trail trail;
  CHECK(trail.merged(10).empty());
  trail.record(300, 2, 0, "wakeup");
  trail.record(100, 0, 1, "lock", "so_rcv");
  trail.record(200, 2, 0, "append", "so_rcv", 1448);
  trail.record(200, 0, 1, "unlock", "so_rcv");
  std::vector<std::string> order;
  for (const TrailEntry& e : trail.merged(10)) {
    order.emplace_back(e.what);
  }
  CHECK(order == std::vector<std::string>{"lock", "append", "unlock", "wakeup"});

  const auto last_two = trail.merged(2);
  REQUIRE(last_two.size() == 2);
  CHECK(std::string(last_two[0].what) == "unlock");
  CHECK(last_two[0].thread == 0);
  CHECK(last_two[0].core == 1);
  CHECK(std::string(last_two[1].what) == "wakeup");
}

TEST_CASE("a busy thread does not push out what a quiet one did", "[observe]") {
  Trail trail;
  trail.record(1, 0, 0, "close", "so", 7);
  for (int i = 0; i < 1'000; ++i) {
    trail.record(10 + i, 1, 1, "lock", "so_rcv", i);
  }
  const auto entries = trail.merged(100);
  REQUIRE(entries.size() == 1 + Trail::kDepth);
  CHECK(entries.front().amount == 7);
  CHECK(entries[1].amount == 1'000 - static_cast<int>(Trail::kDepth));
  CHECK(entries.back().amount == 999);
}

TEST_CASE("operations do not push out milestones", "[observe]") {
  Trail trail;
  trail.milestone(1, 0, 0, "frees the socket");
  for (int i = 0; i < 1'000; ++i) trail.record(10 + i, 0, 1, "lock", "tcp", i);
  const auto entries = trail.merged(3);
  REQUIRE(entries.size() == 3);
  CHECK(std::string(entries.front().what) == "frees the socket");
  CHECK(entries.back().amount == 999);
}

TEST_CASE("entries print in columns", "[observe]") {
  const std::vector<std::string> names = {"reader0", "swi1: net"};
  const TrailEntry full{12'345'678, 0, "copyout", "so_rcv", 2048, 0, 1, true};
  const TrailEntry bare{999'000'000'001, 1, "sleep", nullptr, TrailEntry::kNoAmount, 1, -1, false};
  const TrailEntry unnamed{0, 2, "lock", "so_rcv", 0, 9, 12, false};
  CHECK(to_string(full, names) ==
        "     12.345678 us  core  1  reader0          * copyout so_rcv 2048");
  CHECK(to_string(bare, names) == " 999000.000001 us  core  -  swi1: net          sleep");
  CHECK(to_string(unnamed, names) ==
        "      0.000000 us  core 12  thread 9           lock so_rcv 0");
}
