// SPDX-License-Identifier: BSD-2-Clause
//
// How often 95 % intervals contain the truth, over 1,000 repetitions with known truth. With a real
// coverage of 95 % the fraction found has a standard error of 0.7 %. Seeds are fixed: a pass stays
// a pass.
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/study/fieller.hpp"
#include "cli/study/lines.hpp"
#include "models/report/metrics.hpp"
#include "models/simulation.hpp"
#include "sim/base/random.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/queueing_theory.hpp"

using cli::Cell;
using cli::Estimate;

namespace {

constexpr int kRepetitions = 1000;

/// Fraction of the repetitions in which the interval has `truth` in it.
double coverage(double truth, const std::function<Estimate(std::uint64_t)>& repetition) {
  int covered = 0;
  for (int i = 0; i < kRepetitions; ++i) {
    const Estimate estimate = repetition(static_cast<std::uint64_t>(i));
    REQUIRE(estimate.has_interval());
    covered += estimate.low <= truth && truth <= estimate.high ? 1 : 0;
  }
  return static_cast<double>(covered) / kRepetitions;
}

void check_coverage(const std::string& what, double truth,
                    const std::function<Estimate(std::uint64_t)>& repetition) {
  const double fraction = coverage(truth, repetition);
  INFO(what << ": " << fraction);
  CHECK(fraction >= 0.93);
  CHECK(fraction <= 0.97);
}

/// `replications` values mean + noise; the first part of the noise is common to all cells of a
/// repetition.
Cell cell_of(std::uint64_t repetition, const std::string& name, double mean, double own_noise,
             int replications, std::int64_t seed = 1) {
  Cell cell;
  sim::Stream common(repetition, 0, "common");
  sim::Stream own(repetition, 0, name);
  for (int i = 0; i < replications; ++i) {
    cell.samples.push_back({i, seed, mean + common.normal() + own_noise * own.normal()});
  }
  return cell;
}

/// An interval of one metric over replications of a scenario.
class Simulated {
 public:
  explicit Simulated(const std::string& text, std::string metric)
      : metric_(std::move(metric)), loaded_(models::load_scenario_text(text, "coverage")) {}

  Cell run(std::uint64_t seed, std::uint32_t replications) {
    Cell cell;
    loaded_.scenario.seed = static_cast<std::int64_t>(seed);
    for (std::uint32_t i = 0; i < replications; ++i) {
      models::RunRequest request;
      request.scenario = &loaded_;
      request.replication = i;
      request.engine = sim::EngineKind::fiber;
      const models::RunOutput output = models::simulate(request);
      cell.samples.push_back({static_cast<int>(i), loaded_.scenario.seed,
                              models::find_metric(output.report, metric_).value()});
    }
    return cell;
  }

 private:
  std::string metric_;
  models::LoadedScenario loaded_;
};

std::string mm1(double duration_ms, double hold_ns) {
  return R"({"schema": "sockbufsim/scenario/1", "machine": {"profile": "ideal"}, "warmup_ms": 0.05,
    "duration_ms": )" +
         std::to_string(duration_ms) + R"(, "locks": [{"name": "L", "kind": "fifo"}],
    "threads": [{"name": "jobs", "lock": "L", "arrivals_per_s": 500000,
                 "hold_ns": {"exponential": )" +
         std::to_string(hold_ns) + "}}]}";
}

std::string closed_loop() {
  return R"({"schema": "sockbufsim/scenario/1", "machine": {"profile": "ideal"}, "warmup_ms": 0.02,
    "duration_ms": 0.32, "locks": [{"name": "L", "kind": "fifo"}],
    "threads": [{"name": "jobs", "count": 2, "lock": "L", "think_ns": {"exponential": 1000},
                 "hold_ns": {"exponential": 250}}]})";
}

}  // namespace

TEST_CASE("intervals of means and differences cover the truth", "[study]") {
  check_coverage("mean", 10.0, [](std::uint64_t i) { return mean_of(cell_of(i, "a", 10, 1, 5)); });
  check_coverage("paired", -2.0, [](std::uint64_t i) {
    return difference(cell_of(i, "a", 10, 0.2, 5), cell_of(i, "b", 8, 0.3, 5));
  });
  check_coverage("Welch", -2.0, [](std::uint64_t i) {
    return difference(cell_of(2 * i, "a", 10, 3, 8, 1), cell_of(2 * i + 1, "b", 8, 0.3, 5, 2));
  });
}

TEST_CASE("intervals of ratios cover the truth", "[study]") {
  check_coverage("paired", 0.2, [](std::uint64_t i) {
    return ratio(cell_of(i, "a", 10, 0.5, 5), cell_of(i, "b", 2, 0.5, 5));
  });
  check_coverage("unpaired", 0.2, [](std::uint64_t i) {
    return ratio(cell_of(2 * i, "a", 10, 0.5, 6, 1), cell_of(2 * i + 1, "b", 2, 0.5, 6, 2));
  });
}

TEST_CASE("intervals of slopes and crossovers cover the truth", "[study]") {
  const auto cells = [](std::uint64_t i) {
    std::vector<Cell> all;
    for (const int x : {1, 2, 3, 4}) {
      for (const char* v : {"a", "b"}) {
        const double mean = *v == 'a' ? 20.0 : 20.0 + 2.0 * (x - 2.3);
        all.push_back(cell_of(i, v + std::to_string(x), mean, 0.5, 5));
        all.back().settings = {{"v", v, {}}, {"x", std::to_string(x), x}};
      }
    }
    return all;
  };
  check_coverage("slope", 2.0, [&](std::uint64_t i) {
    const std::vector<Cell> all = cells(i);
    return slope(lines_along(all, "x").at(1), cli::Scale::linear);
  });
  check_coverage("crossover", 2.3, [&](std::uint64_t i) {
    const std::vector<Cell> all = cells(i);
    return crossovers(all, "v", "a", "b", "x", cli::Scale::linear).at(0).crossings.at(0).at;
  });
}

TEST_CASE("stopping at a narrow interval costs little coverage", "[study]") {
  const cli::Precision precision{"m", 0.05, 5, 200};
  int runs = 0;
  const double fraction = coverage(10.0, [&](std::uint64_t i) {
    sim::Stream noise(i, 0, "noise");
    std::vector<std::optional<double>> values;
    Cell cell;
    while (static_cast<int>(values.size()) < cli::replications_wanted(precision, values)) {
      values.emplace_back(10.0 + noise.normal());
      cell.samples.push_back({static_cast<int>(cell.samples.size()), 1, *values.back()});
    }
    runs += static_cast<int>(values.size());
    return mean_of(cell);
  });
  INFO("coverage " << fraction << " with " << runs / kRepetitions << " runs");
  CHECK(fraction >= 0.92);
  CHECK(fraction <= 0.97);
}

TEST_CASE("intervals of simulated means cover the theory", "[study][oracle]") {
  Simulated queue(mm1(2.05, 1000), "locks.L.number_mean");
  check_coverage("M/M/1, number in the system", theory::mm1_number(0.5),
                 [&](std::uint64_t i) { return mean_of(queue.run(i, 5)); });
  Simulated network(closed_loop(), "locks.L.contended_fraction");
  check_coverage("M/M/1//2, contention", 0.2,
                 [&](std::uint64_t i) { return mean_of(network.run(i, 5)); });
}

TEST_CASE("paired intervals of simulated differences cover the theory", "[study][oracle]") {
  Simulated slow(mm1(0.55, 1000), "locks.L.number_mean");
  Simulated fast(mm1(0.55, 800), "locks.L.number_mean");
  const double truth = theory::mm1_number(0.4) - theory::mm1_number(0.5);
  check_coverage("M/M/1, faster server", truth, [&](std::uint64_t i) {
    const Estimate estimate = difference(slow.run(i, 5), fast.run(i, 5));
    REQUIRE(estimate.paired);
    return estimate;
  });
}
