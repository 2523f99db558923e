// SPDX-License-Identifier: BSD-2-Clause
#include "tests/support/sample_study.hpp"

#include <fmt/format.h>

#include "models/scenario/load.hpp"
#include "sim/base/fnv.hpp"

namespace test {

cli::Study sample_study() {
  cli::Study study;
  study.path = "sample.json";
  study.name = "sample";
  study.base = "locks.json";
  study.directory = ".";
  study.factors = {"threads.0.count", "threads.0.hold_ns"};
  study.replications = 2;
  for (const int count : {2, 4}) {
    for (const int hold_ns : {100, 400}) {
      cli::Point point;
      point.settings = {{study.factors[0], std::to_string(count), count},
                        {study.factors[1], std::to_string(hold_ns), hold_ns}};
      point.overrides = {fmt::format("threads.0.count={}", count),
                         fmt::format("threads.0.hold_ns={}", hold_ns)};
      point.scenario = models::load_scenario_text(
                           R"({"schema": "sockbufsim/scenario/1", "name": "locks", "seed": 7,
                  "duration_ms": 1, "machine": {"profile": "ideal"},
                  "locks": [{"name": "L", "kind": "fifo"}],
                  "threads": [{"count": 1, "lock": "L", "think_ns": {"exponential": 1000},
                               "hold_ns": 1}]})",
                           "locks.json", ".", point.overrides)
                           .canonical();
      point.hash = fmt::format("{:016x}", sim::fnv1a(point.scenario));
      point.seed = 7;
      point.cost_s = count * 0.001;
      study.points.push_back(point);
    }
  }
  return study;
}

}  // namespace test
