// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "models/report/metrics.hpp"
#include "models/report/summarise.hpp"
#include "models/scenario/errors.hpp"
#include "models/scenario/json_text.hpp"

namespace models {
namespace {

/// Whether one replication ended as the item says.
bool ended_as(const Report& report, const Expect& item) {
  if (report.verdict != item.verdict) return false;
  if (!item.kind) return true;
  return std::any_of(report.violations.begin(), report.violations.end(),
                     [&](const ViolationReport& v) { return v.kind == *item.kind; });
}

std::string verdict_text(Verdict verdict, const std::string& kind) {
  std::string text(enum_name(verdict));
  if (!kind.empty()) text += fmt::format(" ({})", kind);
  return text;
}

ExpectationReport judge_verdict(const Expect& item, const std::vector<Report>& replications) {
  ExpectationReport result;
  result.expected_verdict = enum_name(*item.verdict);
  result.expected_kind = item.kind.value_or("");
  const auto failed = std::find_if(replications.begin(), replications.end(),
                                   [&](const Report& report) { return !ended_as(report, item); });
  result.passed = failed == replications.end();
  const Report& shown = result.passed ? replications.front() : *failed;
  result.actual_verdict = enum_name(shown.verdict);
  const std::string kind = shown.violations.empty() ? "" : shown.violations.front().kind;
  result.message = fmt::format("verdict: {}, expected {}", verdict_text(shown.verdict, kind),
                               verdict_text(*item.verdict, result.expected_kind));
  if (!result.passed && replications.size() > 1) {
    result.message += fmt::format(" (replication {})", failed - replications.begin());
  }
  return result;
}

std::string bounds_text(const Expect& item) {
  if (item.min && item.max && *item.min == *item.max) return number_text(*item.min);
  if (item.min && item.max) {
    return fmt::format("{} to {}", number_text(*item.min), number_text(*item.max));
  }
  if (item.min) return "at least " + number_text(*item.min);
  return item.max ? "at most " + number_text(*item.max) : "any value";
}

ExpectationReport judge_metric(const Expect& item, const Report& merged) {
  ExpectationReport result;
  result.metric = *item.metric;
  result.min = item.min;
  result.max = item.max;
  const MetricBasis basis = metric_basis(result.metric);
  const auto find = [&merged](const std::string& path) { return find_metric(merged, path); };
  result.actual = meant_value(result.metric, basis, find);
  if (!result.actual && find(result.metric)) {
    result.message = fmt::format("{}: no value, as {} is 0 in this run, expected {}", result.metric,
                                 basis.count, bounds_text(item));
    return result;
  }
  if (!result.actual) {
    const std::string hint = suggest_metric(result.metric, &merged);
    result.message = fmt::format("{}: this run has no such entry, expected {}{}{}", result.metric,
                                 bounds_text(item), hint.empty() ? "" : ". ", hint);
    return result;
  }
  const double actual = *result.actual;
  result.passed = !std::isnan(actual) && (!item.min || actual >= *item.min) &&
                  (!item.max || actual <= *item.max);
  result.message =
      fmt::format("{}: {}{}, expected {}", result.metric, number_text(actual),
                  find(result.metric) ? "" : ", as no such pair waited", bounds_text(item));
  return result;
}

}  // namespace

void check_expectations(const std::vector<Expect>& expected,
                        const std::vector<Report>& replications, Report& merged) {
  merged.expectations.clear();
  for (const Expect& item : expected) {
    merged.expectations.push_back(item.verdict ? judge_verdict(item, replications)
                                               : judge_metric(item, merged));
  }
}

void check_metric_names(const std::vector<Expect>& expected, const std::string& file) {
  std::vector<ScenarioError> errors;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Expect& item = expected[i];
    if (!item.metric || is_metric_path(*item.metric)) continue;
    ScenarioError error;
    error.file = file;
    error.pointer = fmt::format("/expect/{}/metric", i);
    error.found = quote(*item.metric);
    error.allowed = "the path of a number in the report (sockbufsim list metrics)";
    error.hint = suggest_metric(*item.metric);
    errors.push_back(std::move(error));
  }
  if (!errors.empty()) throw ScenarioErrors(std::move(errors));
}

bool has_unexpected_incident(const std::vector<Expect>& expected,
                             const std::vector<Report>& replications) {
  return std::any_of(replications.begin(), replications.end(), [&](const Report& report) {
    if (report.verdict == Verdict::completed) return false;
    return std::none_of(expected.begin(), expected.end(),
                        [&](const Expect& item) { return item.verdict && ended_as(report, item); });
  });
}

}  // namespace models
