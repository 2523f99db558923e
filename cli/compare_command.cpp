// SPDX-License-Identifier: BSD-2-Clause
#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/compare/compare.hpp"
#include "cli/errors.hpp"
#include "cli/file_name.hpp"
#include "cli/kept_files.hpp"
#include "cli/output.hpp"
#include "cli/output_request.hpp"
#include "cli/standard_output.hpp"

namespace cli {
namespace {

struct CompareArguments {
  CompareRequest request;
  std::vector<std::string> tolerances;
  std::vector<std::string> outputs;
  std::string junit;
};

int compare_and_write(CompareArguments arguments) {
  CompareRequest& request = arguments.request;
  request.tolerances = parse_tolerances(arguments.tolerances);
  if (request.all && !request.metrics.empty()) {
    throw UsageError("--all and --metric: found both; allowed: one of them");
  }
  CompareResult result;
  std::vector<OutputFile> files;
  files.reserve(arguments.outputs.size() + 2);
  for (OutputRequest& output : parse_output_requests(arguments.outputs, {"text", "json", "csv"})) {
    OutputFile& file = files.emplace_back(std::move(output.file));
    const bool colour = file.path == "-" && standard_output_has_colour();
    file.write = [&request, &result, colour, format = output.format](std::ostream& out) {
      if (format == "json") return write_compare_json(out, request, result);
      if (format == "csv") return write_compare_csv(out, result);
      write_compare_text(out, result, colour);
    };
  }
  if (!arguments.junit.empty()) {
    files.push_back({"--junit " + arguments.junit, arguments.junit, [&](std::ostream& out) {
                       write_junit_suite(out, "compare", compare_cases(result), "");
                     }});
  }
  check_outputs(files, joined(store_kept(request.old_file, "the old side"),
                              store_kept(request.new_file, "the new side")));
  result = compare_files(request);
  write_outputs(files);
  return result.failed() ? kExpectationFailed : kFine;
}

}  // namespace

void add_compare_command(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<CompareArguments>();
  CompareRequest& request = arguments->request;
  CLI::App* command = app.add_subcommand(
      "compare", "Say what changed from one store or report to another; exit 1 beyond a tolerance");
  command->add_option("old", request.old_file, "Store, or report in JSON")->required();
  command->add_option("new", request.new_file, "The same of the newer version")->required();
  command->add_option("--study", request.study, "Which study, when the stores have several");
  command
      ->add_option("--metric", request.metrics,
                   "Compare this number of the report: locks.so_rcv.contended_fraction. May be "
                   "given several times; without it a few headline figures are compared")
      ->allow_extra_args(false);
  command->add_flag("--all", request.all, "Compare every number that both sides have");
  command
      ->add_option("--tolerance", arguments->tolerances,
                   "How far a figure may move, in per cent of the old one: 5%, or METRIC=5% for "
                   "one figure. May be given several times; without it every proven difference "
                   "fails")
      ->allow_extra_args(false);
  command
      ->add_option("--out", arguments->outputs,
                   "Write text, json or csv; FILE - is standard output. May be given several times")
      ->type_name("FORMAT:FILE")
      ->allow_extra_args(false);
  command->add_option("--junit", arguments->junit, "Write JUnit XML, one test case a figure")
      ->type_name("FILE")
      ->check(file_name());
  command->footer(
      "Exit codes: 0 nothing failed; 1 something changed beyond its tolerance, or was lost; 2 bad\n"
      "usage or files.\n"
      "\n"
      "Examples: sockbufsim compare old.db new.db --tolerance 5%\n"
      "          sockbufsim compare old.json new.json --metric throughput.goodput_gbps");
  command->callback(
      [arguments, &action] { action = [arguments] { return compare_and_write(*arguments); }; });
}

}  // namespace cli
