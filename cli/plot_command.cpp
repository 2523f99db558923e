// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/file_name.hpp"
#include "cli/html/figure.hpp"
#include "cli/output.hpp"
#include "cli/plot/gnuplot.hpp"
#include "cli/plot/plot.hpp"
#include "cli/shell.hpp"
#include "models/scenario/json_text.hpp"

namespace cli {
namespace {

struct PlotOptions {
  PlotRequest request;
  std::string output;
  std::string out;  ///< a mistaken --out
  bool keep = false;
};

OutputFile output_of(const std::string& option, const std::string& path, const std::string& text) {
  return {option, path, [&text](std::ostream& out) { out << text; }};
}

int plot(const PlotOptions& options) {
  if (!options.out.empty()) {
    const std::string file = options.out.substr(options.out.find(':') + 1);
    throw UsageError(
        fmt::format("--out: found {}; allowed: -o FILE, whose end says the format: -o {}",
                    models::quote(options.out), shell_word(file.empty() ? "figure.svg" : file)));
  }
  if (options.output.empty()) {
    throw UsageError(
        "-o: found none; allowed: the picture to write, -o FILE.svg, or .png, .pdf or .html");
  }
  const bool as_page = picture_of(options.output) == Picture::html;
  Drawing drawing;
  std::vector<OutputFile> files = {
      output_of("-o " + options.output, options.output, drawing.picture)};
  if (options.keep) {
    const DrawingNames names = drawing_names(options.output);
    const std::filesystem::path beside = std::filesystem::path(options.output).parent_path();
    files.push_back(output_of("--keep", (beside / names.script).string(), drawing.script));
    files.push_back(output_of("--keep", (beside / names.data).string(), drawing.data));
  }
  std::vector<KeptFile> inputs;
  for (const std::string& input : options.request.inputs) inputs.push_back({"an input", input});
  check_outputs(files, inputs);
  const Figure figure = make_figure(options.request);
  drawing = draw(figure, options.output);
  if (as_page) {
    std::ostringstream page;
    write_figure_html(page, figure, drawing.picture);
    drawing.picture = page.str();
  }
  write_outputs(files);
  return kFine;
}

std::string figure_help() {
  std::string help = "What to draw; without it what suits the data:";
  for (const FigureKind& kind : figure_kinds()) {
    help +=
        fmt::format("{} {}, {}", &kind == &figure_kinds().front() ? "" : ";", kind.name, kind.doc);
  }
  return help;
}

}  // namespace

void add_plot_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<PlotOptions>();
  PlotRequest& request = options->request;
  CLI::App* command =
      app.add_subcommand("plot", "Draw a figure of a store or of reports, with gnuplot");
  command
      ->add_option("input", request.inputs,
                   "A store as `sweep` makes it, or reports as `run --out json:FILE` does")
      ->required();
  command
      ->add_option("-o,--output", options->output,
                   "Picture to write: .svg, .png or .pdf, or a page: .html. Needed")
      ->type_name("FILE")
      ->check(file_name());
  // What the other commands call their outputs; here the file's name says the format.
  command->add_option("--out", options->out)->group("");
  command->add_option("--figure", request.figure, figure_help())->type_name("NAME");
  command
      ->add_option("--metric", request.metric,
                   "Number of the report to draw: locks.so_rcv.contended_fraction")
      ->type_name("PATH");
  command->add_option("--x", request.x, "Factor along the x axis")->type_name("FACTOR");
  command->add_option("--by", request.by, "Factor that is told apart by colour, or the y axis")
      ->type_name("FACTOR");
  command
      ->add_option("--where", request.where,
                   "Draw only points in which the factor has this value. May be given several "
                   "times")
      ->type_name("FACTOR=VALUE")
      ->allow_extra_args(false);
  command->add_option("--study", request.study, "Which study, when the store has several")
      ->type_name("NAME");
  command->add_flag("--keep", options->keep,
                    "Leave gnuplot's script (.gp) and data (.dat) beside the picture");
  command->callback([options, &action] { action = [options] { return plot(*options); }; });
}

}  // namespace cli
