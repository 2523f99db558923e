// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "cli/explore/json.hpp"
#include "cli/explore/matrix.hpp"
#include "cli/html/html.hpp"
#include "cli/report/csv.hpp"
#include "cli/report/table.hpp"

namespace cli {
namespace {

using models::JsonObject;

std::string failure_line(const VerdictCell& cell) {
  return fmt::format("failed: {} under {}: {}", cell.algorithm, cell.disturbance, cell.failure);
}

std::vector<std::string> cell_verdicts() {
  std::vector<std::string> verdicts = search_verdicts();
  verdicts.emplace_back("failed");
  return verdicts;
}

/// The widest table that is written with all names in it.
constexpr std::size_t kWidestTable = 100;

std::size_t widest_line(const std::string& table) {
  std::size_t widest = 0;
  std::size_t width = 0;
  for (const char c : table) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    width = c == '\n' ? 0 : width + (continues ? 0 : 1);
    widest = std::max(widest, width);
  }
  return widest;
}

/// Violations were found, and there may be more.
bool is_open(const VerdictCell& cell) {
  return cell.verdict() == "violation" && !cell.searched.result.exhaustive;
}

Table verdict_table(const Matrix& matrix, const std::vector<std::string>& titles,
                    const std::function<std::string(const VerdictCell&)>& text_of_cell) {
  std::vector<Table::Column> columns{{"algorithm", Table::Align::left}};
  for (const std::string& title : titles) columns.push_back({title, Table::Align::left});
  Table table(std::move(columns));
  for (std::size_t row = 0; row < matrix.algorithms.size(); ++row) {
    std::vector<std::string> cells{matrix.algorithms[row]};
    for (std::size_t i = 0; i < titles.size(); ++i) {
      cells.push_back(text_of_cell(matrix.at(row, i)));
    }
    table.add(std::move(cells));
  }
  return table;
}

/// Numbers for the disturbances, letters for the kinds of violation, and below what they mean.
std::string abbreviated(const Matrix& matrix, const Style& style) {
  std::vector<std::string> titles;
  std::string legend;
  for (std::size_t i = 0; i < matrix.disturbances.size(); ++i) {
    titles.push_back(std::to_string(i + 1));
    legend += fmt::format("  {:>2}  {}\n", i + 1, matrix.disturbances[i]);
  }
  std::vector<std::string> kinds;
  const auto letter = [](std::ptrdiff_t i) {
    return static_cast<char>((i < 26 ? 'A' : 'a') + i % 26);
  };
  bool open = false;
  const Table table = verdict_table(matrix, titles, [&](const VerdictCell& cell) {
    const std::string verdict = cell.verdict();
    open = open || is_open(cell) || verdict == "bounded";
    if (verdict != "violation") return verdict == "bounded" ? "*" : verdict;
    std::string letters;
    for (const auto& found : cell.searched.result.violations) {
      const auto known = std::find(kinds.begin(), kinds.end(), found.finding.kind);
      letters += letter(known - kinds.begin());
      if (known == kinds.end()) kinds.push_back(found.finding.kind);
    }
    return letters + (is_open(cell) ? "*" : "");
  });
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    legend += fmt::format("   {}  {}\n", letter(static_cast<std::ptrdiff_t>(i)), kinds[i]);
  }
  if (open) legend += "   *  bounded: there may be others\n";
  return table.text(style) + '\n' + legend;
}

std::string matrix_table_text(const Matrix& matrix, const Style& style) {
  const Table table = verdict_table(matrix, matrix.disturbances, [](const VerdictCell& cell) {
    return cell.text() + (is_open(cell) ? " (bounded)" : "");
  });
  return widest_line(table.text(Style(false))) > kWidestTable ? abbreviated(matrix, style)
                                                              : table.text(style);
}

void write_matrix_text(std::ostream& out, const Matrix& matrix) {
  const Style style(matrix.colour);
  out << style.bold("Receive algorithms under disturbances") << "\n\n"
      << matrix_table_text(matrix, style) << '\n';
  for (const VerdictCell& cell : matrix.cells) {
    if (!cell.failure.empty()) out << failure_line(cell) << '\n';
  }
  out << matrix.last_line() << '\n';
}

JsonObject<sim::FoundViolation> matrix_violation_members() {
  using From = sim::FoundViolation;
  JsonObject<From> object;
  object
      .member("kind", "Stable name of what went wrong.",
              [](const From& v) { return v.finding.kind; })
      .member("message", "What the console would show.",
              [](const From& v) { return v.finding.message; })
      .member("interleavings", "How many of those executed ended with this kind.",
              [](const From& v) { return v.interleavings; })
      .member("schedule", kScheduleDoc, [](const From& v) { return sim::to_string(v.schedule); });
  return object;
}

std::optional<std::string> first_kind_of(const VerdictCell& cell) {
  const auto& violations = cell.searched.result.violations;
  if (violations.empty()) return std::nullopt;
  return violations.front().finding.kind;
}

JsonObject<VerdictCell> cell_members() {
  using From = VerdictCell;
  JsonObject<From> object;
  object.member("algorithm", "The receive algorithm.", [](const From& c) { return c.algorithm; })
      .member("disturbance", "Name of the scenario.", [](const From& c) { return c.disturbance; })
      .choice("verdict", cell_verdicts(),
              "`clean`: none found, and complete; `bounded`: none found, and not complete; "
              "`failed`: none found, and an interleaving is too long to be searched.",
              [](const From& c) { return c.verdict(); })
      .member(
          "failure", "Why it failed, and what to do; null: it did not.",
          [](const From& c) { return c.failure.empty() ? std::nullopt : std::optional(c.failure); })
      .member("violation", "The kind of the first violation met; null: none.", first_kind_of)
      .member("interleavings", "How many were executed.",
              [](const From& c) { return c.searched.result.interleavings; })
      .member("complete", "Every interleaving of this small world is covered.",
              [](const From& c) { return c.searched.result.exhaustive; })
      .member("bound", "What was left out; null: nothing.",
              [](const From& c) { return c.searched.bound(); })
      .member("strategy", kStrategyDoc,
              [](const From& c) { return sim::to_string(c.searched.strategy); })
      .member("redundant", "Executions begun, and cut short as equivalent to another one.",
              [](const From& c) { return c.searched.result.redundant; })
      .member("final_states", "Distinct states in which interleavings ended.",
              [](const From& c) { return c.searched.result.final_states; })
      .objects(
          "violations", "One entry a kind, in the order of their first occurrence.",
          matrix_violation_members(),
          [](const From& c) -> const auto& { return c.searched.result.violations; })
      .member("command", "Explores this cell alone.", [](const From& c) { return c.command; });
  return object;
}

JsonObject<Matrix> provenance_of_matrix() {
  JsonObject<Matrix> object;
  add_program_members(object);
  object.member("command", "Does this again.", [](const Matrix& m) { return m.command; });
  return object;
}

JsonObject<Matrix> matrix_members() {
  JsonObject<Matrix> object;
  object.constant("schema", "sockbufsim/matrix/1", "Version of this format.")
      .objects(
          "cells", "Algorithm by algorithm, each under every disturbance.", cell_members(),
          [](const Matrix& m) -> const auto& { return m.cells; })
      .member("text", "How many cells are complete.", [](const Matrix& m) { return m.last_line(); })
      .object("provenance", "Where this comes from.", provenance_of_matrix(),
              [](const Matrix& m) -> const Matrix& { return m; });
  return object;
}

void write_matrix_csv(std::ostream& out, const Matrix& matrix) {
  out << "algorithm,disturbance,verdict,violation,interleavings,complete,failure\n";
  for (const VerdictCell& cell : matrix.cells) {
    out << csv_field(cell.algorithm) << ',' << csv_field(cell.disturbance) << ',' << cell.verdict()
        << ',' << csv_field(cell.kinds()) << ',' << cell.searched.result.interleavings << ','
        << (cell.searched.result.exhaustive ? "true" : "false") << ',' << csv_field(cell.failure)
        << '\n';
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

void write_matrix_markdown(std::ostream& out, const Matrix& matrix) {
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
      const bool bold = cell.verdict() == "violation" || cell.verdict() == "failed";
      const std::string text = markdown_cell(cell.text());
      out << ' ' << (bold ? "**" + text + "**" : text)
          << fmt::format(" ({}{}) |", cell.searched.result.exhaustive ? "" : "first ",
                         grouped(cell.searched.result.interleavings));
    }
    out << '\n';
  }
  out << "\nIn brackets: interleavings explored. " << matrix.last_line() << ".\n";
  for (const VerdictCell& cell : matrix.cells) {
    if (!cell.failure.empty()) out << "\n* " << markdown_cell(failure_line(cell)) << '\n';
  }
}

}  // namespace

std::span<const DocumentFormat<Matrix>> matrix_formats() {
  static constexpr std::array<DocumentFormat<Matrix>, 5> kFormats = {{
      {"text", "a table for people; the last line says how many cells are complete",
       write_matrix_text},
      {"json", "everything (sockbufsim schema matrix)", write_matrix_json},
      {"csv", "one row a cell", write_matrix_csv},
      {"markdown", "the table, with interleavings", write_matrix_markdown},
      {"html", "a page for browsers, with filters, in one file", write_matrix_html},
  }};
  return kFormats;
}

void write_matrix_json(std::ostream& out, const Matrix& matrix) {
  out << json_text(matrix_members().json(matrix));
}

std::string matrix_json_schema() { return matrix_members().schema_text("sockbufsim matrix"); }

}  // namespace cli
