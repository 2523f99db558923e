// SPDX-License-Identifier: BSD-2-Clause
#include "cli/report/table.hpp"

#include <algorithm>

#include "sim/base/assert.hpp"

namespace cli {
namespace {

/// Characters of UTF-8 text (names come from users).
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

}  // namespace

std::string Table::line(const std::vector<std::string>& cells,
                        const std::vector<std::size_t>& widths) const {
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string padding(widths[i] - width_of(cells[i]), ' ');
    text += "  ";
    text += columns_[i].align == Align::left ? cells[i] + padding : padding + cells[i];
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::string Table::text(const Style& style) const {
  std::vector<std::size_t> widths;
  std::vector<std::string> titles;
  for (const Column& column : columns_) {
    widths.push_back(width_of(column.title));
    titles.push_back(column.title);
  }
  for (const auto& row : rows_) {
    SIM_ASSERT(row.size() == columns_.size(), "a table row lacks cells");
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text = style.dim(line(titles, widths)) + '\n';
  for (const auto& row : rows_) text += line(row, widths) + '\n';
  return text;
}

}  // namespace cli
