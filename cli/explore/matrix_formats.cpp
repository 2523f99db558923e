// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/explore/json.hpp"
#include "cli/explore/matrix.hpp"
#include "cli/report/csv.hpp"
#include "cli/report/table.hpp"
#include "sim/base/build_info.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;

void write_text(std::ostream& out, const Matrix& matrix, const Style& style) {
  std::vector<Table::Column> columns{{"algorithm", Table::Align::left}};
  for (const std::string& name : matrix.disturbances) {
    columns.push_back({name, Table::Align::left});
  }
  Table table(std::move(columns));
  for (std::size_t row = 0; row < matrix.algorithms.size(); ++row) {
    std::vector<std::string> cells{matrix.algorithms[row]};
    for (std::size_t i = 0; i < matrix.disturbances.size(); ++i) {
      cells.push_back(matrix.at(row, i).text());
    }
    table.add(std::move(cells));
  }
  out << style.bold("Receive algorithms under disturbances") << "\n\n"
      << table.text(style) << '\n'
      << matrix.last_line() << '\n';
}

void write_json(std::ostream& out, const Matrix& matrix) {
  Json json{{"schema", "sockbufsim/matrix/1"}};
  json["cells"] = Json::array();
  for (const VerdictCell& cell : matrix.cells) {
    const auto& violations = cell.searched.result.violations;
    Json kinds = Json::array();
    for (const auto& found : violations) {
      kinds.push_back({{"kind", found.finding.kind},
                       {"message", found.finding.message},
                       {"interleavings", found.interleavings},
                       {"schedule", sim::to_string(found.schedule)}});
    }
    const auto bound = cell.searched.bound();
    json["cells"].push_back(
        {{"algorithm", cell.algorithm},
         {"disturbance", cell.disturbance},
         {"verdict", verdict_of(cell.searched)},
         {"violation", violations.empty() ? Json(nullptr) : Json(violations.front().finding.kind)},
         {"interleavings", cell.searched.result.interleavings},
         {"complete", cell.searched.result.exhaustive},
         {"bound", bound ? Json(*bound) : Json(nullptr)},
         {"strategy", sim::to_string(cell.searched.strategy)},
         {"redundant", cell.searched.result.redundant},
         {"final_states", cell.searched.result.final_states},
         {"violations", std::move(kinds)}});
  }
  json["text"] = matrix.last_line();
  json["provenance"] = {{"version", std::string(sim::version())},
                        {"commit", std::string(sim::commit())},
                        {"build_type", std::string(sim::build_type())},
                        {"command", matrix.command}};
  out << json_text(json);
}

void write_csv(std::ostream& out, const Matrix& matrix) {
  out << "algorithm,disturbance,verdict,violation,interleavings,complete\n";
  for (const VerdictCell& cell : matrix.cells) {
    out << csv_field(cell.algorithm) << ',' << csv_field(cell.disturbance) << ','
        << verdict_of(cell.searched) << ',' << csv_field(cell.kinds()) << ','
        << cell.searched.result.interleavings << ','
        << (cell.searched.result.exhaustive ? "true" : "false") << '\n';
  }
}

std::string markdown_cell(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|' || c == '\\') escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

void write_markdown(std::ostream& out, const Matrix& matrix) {
  std::string head = "| algorithm |";
  std::string rule = "|---|";
  for (const std::string& name : matrix.disturbances) {
    head += ' ' + markdown_cell(name) + " |";
    rule += "---|";
  }
  out << head << '\n' << rule << '\n';
  for (std::size_t row = 0; row < matrix.algorithms.size(); ++row) {
    out << "| `" << matrix.algorithms[row] << "` |";
    for (std::size_t i = 0; i < matrix.disturbances.size(); ++i) {
      const VerdictCell& cell = matrix.at(row, i);
      const bool violation = !cell.searched.result.violations.empty();
      const std::string text = markdown_cell(cell.text());
      out << ' ' << (violation ? "**" + text + "**" : text)
          << fmt::format(" ({}{}) |", cell.searched.result.exhaustive ? "" : "first ",
                         grouped(cell.searched.result.interleavings));
    }
    out << '\n';
  }
  out << "\nIn brackets: interleavings explored. " << matrix.last_line() << ".\n";
}

}  // namespace

std::vector<std::string> matrix_formats() { return {"text", "json", "csv", "markdown"}; }

void write_matrix(const std::string& format, std::ostream& out, const Matrix& matrix, bool colour) {
  if (format == "json") return write_json(out, matrix);
  if (format == "csv") return write_csv(out, matrix);
  if (format == "markdown") return write_markdown(out, matrix);
  write_text(out, matrix, Style(colour));
}

}  // namespace cli
