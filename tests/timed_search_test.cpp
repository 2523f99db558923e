// SPDX-License-Identifier: BSD-2-Clause
#include "models/timed_search.hpp"

#include <string>
#include <utility>
#include <vector>

#include "models/scenario/errors.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;

TEST_CASE("Wilson's interval", "[timed]") {
  // E. B. Wilson, JASA 22 (1927), evaluated by hand: z = 1.95996, n = 10.
  const models::Proportion half = models::wilson95(5, 10);
  CHECK(half.estimate == 0.5);
  CHECK_THAT(half.lower, WithinAbs(0.2366, 1e-4));
  CHECK_THAT(half.upper, WithinAbs(0.7634, 1e-4));
  const models::Proportion none = models::wilson95(0, 10);
  CHECK(none.lower == 0.0);
  CHECK_THAT(none.upper, WithinAbs(0.2775, 1e-4));
  const models::Proportion all = models::wilson95(10, 10);
  CHECK(all.upper == 1.0);
  CHECK_THAT(all.lower, WithinAbs(0.7225, 1e-4));
}

TEST_CASE("the window of a race in time", "[timed]") {
  const std::string path = SOCKBUFSIM_SOURCE_DIR "/scenarios/close-during-copyout.json";
  const auto search = [&](const std::string& algorithm, sim::EngineKind engine) {
    const auto loaded = models::load_scenario(path, {"receive.algorithm=" + algorithm});
    models::TimedSearchRequest request;
    request.scenario = &loaded;
    request.steps = 8;
    request.replications = 2;
    request.engine = engine;
    return models::timed_search(request);
  };
  const auto racy = search("stream_putback", sim::EngineKind::fiber);
  CHECK(racy.disturbance == "kernel_close");
  REQUIRE(racy.copies.size() == 2);
  for (const models::TimedSearchCopy& copy : racy.copies) {
    CHECK(copy.start_ps >= 1'000'000'000);  // the condition holds from 1 ms on
    CHECK(copy.length_ps() > 50'000'000);   // the page fault alone
    CHECK(copy.hits() > 0);
    CHECK(copy.hit.front());
  }
  CHECK(racy.copies[0].start_ps != racy.copies[1].start_ps);
  std::int64_t hits = 0;
  for (const auto& [kind, count] : racy.kinds) hits += count;
  CHECK(hits == racy.copies[0].hits() + racy.copies[1].hits());
  CHECK(racy.probability.estimate == static_cast<double>(hits) / 16);

  const auto other = search("stream_putback", sim::EngineKind::simgrid);
  CHECK(other.width_ns.mean == racy.width_ns.mean);
  CHECK(other.copies[1].hit == racy.copies[1].hit);

  const auto safe = search("generic", sim::EngineKind::fiber);
  CHECK(safe.kinds.empty());
  CHECK(safe.width_ns.mean == 0.0);
}

TEST_CASE("a timed search needs a disturbance that can be moved, and a copy", "[timed]") {
  const std::string path = SOCKBUFSIM_SOURCE_DIR "/scenarios/close-during-copyout.json";
  for (const auto& [disturb, problem] : std::vector<std::pair<std::string, std::string>>{
           {R"(disturb=[])",
            "/disturb: found no disturbance; allowed: a disturbance that can be moved: "
            "shutdown_rd, "
            "close, kernel_close, rst, fin, second_reader or signal"},
           {R"(disturb=[{"do": "page_fault", "sleep_us": 5, "at_us": 5}])",
            "/disturb: found copy_fault and page_fault alone"},
           {R"(disturb=[{"do": "fin", "at_us": 3999.9}])",
            "/disturb/0: found no copy when it would strike, nor after"}}) {
    INFO(disturb);
    const auto loaded = models::load_scenario(path, {disturb});
    models::TimedSearchRequest request;
    request.scenario = &loaded;
    std::string message;
    try {
      models::timed_search(request);
    } catch (const models::ScenarioErrors& error) {
      message = error.what();
    }
    CHECK_THAT(message, ContainsSubstring(problem));
  }
}
