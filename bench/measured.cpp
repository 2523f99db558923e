// SPDX-License-Identifier: BSD-2-Clause
#include "bench/measured.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace bench {
namespace {

std::map<std::string, std::vector<double>> measured_ns;  // one value a repetition

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void print_line(const char* what, double ratio, const char* bound) {
  fmt::print("{:<64} {:8.2f}   ({})\n", what, ratio,
             bound == nullptr ? "no bound" : fmt::format("to be at most {}", bound));
}

}  // namespace

std::string scenario_file(const char* name) {
  return fmt::format("{}/scenarios/{}.json", SOCKBUFSIM_SOURCE_DIR, name);
}

void record(benchmark::State& state, const std::string& series, double ns) {
  state.SetIterationTime(ns * 1e-9);
  measured_ns[series].push_back(ns);
}

void print_ratio(const char* what, const char* of, const char* to, const char* bound) {
  if (!measured_ns.contains(of) || !measured_ns.contains(to)) return;
  print_line(what, median(measured_ns[of]) / median(measured_ns[to]), bound);
}

void print_paired_ratio(const char* what, const char* of, const char* to, const char* bound) {
  if (!measured_ns.contains(of) || !measured_ns.contains(to)) return;
  std::vector<double> ratios = measured_ns[of];
  const std::vector<double>& others = measured_ns[to];
  for (std::size_t i = 0; i < ratios.size(); ++i) ratios[i] /= others.at(i);
  print_line(what, median(std::move(ratios)), bound);
}

void print_rate(const char* what, const char* of, const char* bound) {
  if (!measured_ns.contains(of)) return;
  fmt::print("{:<64} {:8.0f}   (to be at least {})\n", what, 1e9 / median(measured_ns[of]), bound);
}

}  // namespace bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  fmt::print("\nRatios, of medians or medians of pairs, in this run:\n");
  bench::print_simulate_ratios();
  bench::print_explore_ratios();
  return 0;
}
