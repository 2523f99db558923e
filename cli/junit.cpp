// SPDX-License-Identifier: BSD-2-Clause
#include "cli/junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace cli {
namespace {

/// Text for an attribute. XML 1.0 has no way to say most control characters.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return result;
}

/// Text of an element, line by line.
std::string text_of(const std::string& text) {
  std::string result;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    result += (start == 0 ? "" : "\n") + escaped(text.substr(start, end - start));
    start = end + 1;
  }
  return result;
}

std::vector<TestCase> cases_of(const models::Report& report, bool incident) {
  std::vector<TestCase> cases;
  bool names_verdict = false;
  for (const models::ExpectationReport& item : report.expectations) {
    names_verdict = names_verdict || !item.expected_verdict.empty();
    const std::string name = item.metric.empty() ? "verdict " + item.expected_verdict : item.metric;
    cases.push_back({name, item.passed ? "" : item.message, ""});
  }
  if (!names_verdict || incident) {
    std::string failure;
    if (incident) {
      failure = report.violations.empty() ? std::string(models::enum_name(report.verdict))
                                          : report.violations.front().message;
    }
    cases.push_back({"no unexpected incident", failure, ""});
  }
  return cases;
}

}  // namespace

void write_junit_suite(std::ostream& out, const std::string& suite,
                       const std::vector<TestCase>& cases, const std::string& output) {
  std::size_t failures = 0;
  std::size_t skipped = 0;
  for (const TestCase& test : cases) {
    failures += test.failure.empty() ? 0 : 1;
    skipped += test.skipped.empty() ? 0 : 1;
  }
  const std::string name = escaped(suite);
  out << R"(<?xml version="1.0" encoding="UTF-8"?>)" << '\n';
  out << fmt::format("<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\"", name, cases.size(),
                     failures);
  if (skipped > 0) out << fmt::format(" skipped=\"{}\"", skipped);
  out << ">\n";
  for (const TestCase& test : cases) {
    out << fmt::format("  <testcase classname=\"{}\" name=\"{}\"", name, escaped(test.name));
    if (!test.skipped.empty()) {
      out << fmt::format(">\n    <skipped message=\"{}\"/>\n  </testcase>\n",
                         escaped(test.skipped));
      continue;
    }
    if (test.failure.empty() && test.note.empty()) {
      out << "/>\n";
      continue;
    }
    out << ">\n";
    if (!test.failure.empty()) {
      const std::size_t line_end = test.failure.find('\n');
      out << fmt::format("    <failure message=\"{}\"", escaped(test.failure.substr(0, line_end)));
      out << (line_end == std::string::npos ? "/>"
                                            : fmt::format(">{}</failure>", text_of(test.failure)))
          << "\n";
    }
    if (!test.note.empty())
      out << fmt::format("    <system-out>{}</system-out>\n", text_of(test.note));
    out << "  </testcase>\n";
  }
  out << fmt::format("  <system-out>{}</system-out>\n</testsuite>\n", text_of(output));
}

void write_junit(std::ostream& out, const models::Report& report, bool incident) {
  write_junit_suite(out, report.run.scenario, cases_of(report, incident),
                    report.provenance.command);
}

}  // namespace cli
