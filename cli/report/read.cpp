// SPDX-License-Identifier: BSD-2-Clause
#include "cli/report/read.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/errors.hpp"
#include "models/report/report.hpp"
#include "models/scenario/json_text.hpp"

namespace cli {

using nlohmann::ordered_json;

ordered_json parse_report(const std::string& text, const std::string& source) {
  ordered_json report = ordered_json::parse(text, nullptr, false);
  const bool is_report =
      report.is_object() && report.contains("schema") && report["schema"] == models::kReportSchema;
  if (!is_report) {
    throw UsageError(
        fmt::format("{}: found no report; allowed: JSON of `run --out json:FILE` (\"schema\": "
                    "\"{}\"), or a store of `sweep`",
                    source, models::kReportSchema));
  }
  return report;
}

ordered_json read_report(const std::string& path) {
  const std::string problem = models::file_problem(path);
  if (!problem.empty()) {
    throw UsageError(
        fmt::format("{}: found {}; allowed: the name of a readable file", path, problem));
  }
  std::ifstream in(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  return parse_report(text, path);
}

void refuse_report(const std::string& source, const std::string& why) {
  throw UsageError(
      fmt::format("{}: no report that this version knows: {}; make it anew with "
                  "`run --out json:FILE`",
                  source, why));
}

}  // namespace cli
