// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <benchmark/benchmark.h>

#include <string>

/// What the benchmarks share: series of measurements, and ratios of their medians.
namespace bench {

/// The path of a shipped scenario.
std::string scenario_file(const char* name);

/// Adds a measurement to a series, and tells the benchmark of it.
void record(benchmark::State& state, const std::string& series, double ns);

/// One line: the median of one series in units of another's. Nothing when either was not measured.
/// `bound` is null for what is told without being demanded.
void print_ratio(const char* what, const char* of, const char* to, const char* bound);
/// The same for series that were measured in turn: the median of the ratios of neighbours, which
/// met the same machine.
void print_paired_ratio(const char* what, const char* of, const char* to, const char* bound);
/// One line: 1e9 / the median of a series, as a rate.
void print_rate(const char* what, const char* of, const char* bound);

void print_simulate_ratios();
void print_explore_ratios();

}  // namespace bench
