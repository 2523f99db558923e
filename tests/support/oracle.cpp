// SPDX-License-Identifier: BSD-2-Clause
#include "tests/support/oracle.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/report/metrics.hpp"
#include "models/report/summarise.hpp"
#include "models/scenario/load.hpp"
#include "models/simulation.hpp"
#include "tests/support/catch.hpp"

namespace oracle {
namespace {

const std::string kDirectory = SOCKBUFSIM_SOURCE_DIR "/tests/oracles/";

constexpr double kExact = 1e-9;
constexpr double kLimit = 1e-3;
constexpr double kHalfWidths = 3.0;
constexpr double kLargestHalfWidth = 0.02;  ///< of the theory's value
constexpr double kPrintedDigits = 5e-4;     ///< what rows were rounded to, at worst

bool close(double found, double expected, double relative) {
  return std::abs(found - expected) <= relative * std::abs(expected);
}

double half_width_of(const models::Report& merged, const std::string& metric) {
  const auto found = std::find_if(merged.summary.begin(), merged.summary.end(),
                                  [&](const auto& entry) { return entry.metric == metric; });
  return found == merged.summary.end() ? std::nan("") : found->half_width;
}

/// One line a figure, for whoever asks (SOCKBUFSIM_ORACLE_TABLE=1) and for failures.
std::string line(const Experiment& experiment, const Figure& figure, double found,
                 double half_width) {
  std::string name = figure.row.empty() ? "-" : figure.row;
  std::string where = experiment.file;
  for (const std::string& item : experiment.overrides) where += " --set " + item;
  return fmt::format("{:12} {:14.10g} {:14.10g} +- {:<10.3g} {:6.2f} %  {} ({})", name,
                     figure.theory, found, half_width,
                     figure.theory == 0.0 ? 0.0 : 100.0 * half_width / std::abs(figure.theory),
                     figure.metric, where);
}

void check_exact(const std::vector<models::Report>& replications, const Figure& figure) {
  for (const models::Report& report : replications) {
    const std::optional<double> found = models::find_metric(report, figure.metric);
    REQUIRE(found.has_value());
    CHECK(close(*found * figure.scale, figure.theory, kExact));
  }
}

void check_figure(const Experiment& experiment, const Figure& figure,
                  const std::vector<models::Report>& replications, const models::Report& merged) {
  INFO(figure.row << " " << figure.metric);
  const std::optional<double> metric = models::find_metric(merged, figure.metric);
  REQUIRE(metric.has_value());
  const double found = *metric * figure.scale;
  const double half_width = half_width_of(merged, figure.metric) * figure.scale;
  const std::string text = line(experiment, figure, found, half_width);
  if (std::getenv("SOCKBUFSIM_ORACLE_TABLE") != nullptr) std::puts(text.c_str());
  INFO(text);
  switch (figure.kind) {
    case Figure::Kind::exact:
      check_exact(replications, figure);
      break;
    case Figure::Kind::limit:
      CHECK(close(found, figure.theory, kLimit));
      CHECK(found <= figure.theory * (1.0 + kExact));
      break;
    case Figure::Kind::statistical:
      CHECK(std::abs(found - figure.theory) <= kHalfWidths * half_width);
      CHECK(half_width <= kLargestHalfWidth * std::abs(figure.theory));
      break;
  }
}

}  // namespace

std::map<std::string, double> read_rows() {
  std::ifstream file(kDirectory + "oracles.csv");
  REQUIRE(file.is_open());
  std::map<std::string, double> rows;
  std::string text;
  std::getline(file, text);  // the header
  while (std::getline(file, text)) {
    const double value = std::strtod(text.c_str() + text.rfind(',') + 1, nullptr);
    REQUIRE(rows.emplace(text.substr(0, text.find(',')), value).second);
  }
  return rows;
}

models::Report check(const Experiment& experiment) {
  const models::LoadedScenario loaded =
      models::load_scenario(kDirectory + experiment.file, experiment.overrides);
  std::vector<models::Report> replications(static_cast<std::size_t>(loaded.scenario.replications));
  for (std::uint32_t i = 0; i < replications.size(); ++i) {
    replications[i] = models::simulate({&loaded, i}).report;
  }
  models::Report merged = models::summarise(replications);
  REQUIRE(merged.verdict == models::Verdict::completed);

  const std::map<std::string, double> rows = read_rows();
  for (const Figure& figure : experiment.figures) {
    if (!figure.row.empty()) {
      INFO(figure.row);
      CHECK(close(figure.theory, rows.at(figure.row), kPrintedDigits));
    }
    check_figure(experiment, figure, replications, merged);
  }
  if (experiment.overrides.empty()) {  // what the file itself expects
    models::check_expectations(loaded.scenario.expect, replications, merged);
    for (const models::ExpectationReport& item : merged.expectations) {
      INFO(item.message);
      CHECK(item.passed);
    }
  }
  return merged;
}

void check_all(const std::vector<Experiment>& experiments) {
  for (const Experiment& experiment : experiments) {
    INFO(fmt::format("tests/oracles/{} {}", experiment.file, fmt::join(experiment.overrides, " ")));
    check(experiment);
  }
}

}  // namespace oracle
