// SPDX-License-Identifier: BSD-2-Clause
#include "cli/html/figure.hpp"

#include <fmt/format.h>

#include <ostream>
#include <string_view>

#include "cli/html/page.hpp"
#include "sim/base/assert.hpp"

namespace cli {
namespace {

/// The element alone, named after the figure: what stands before it in a file has no place within a
/// page, and gnuplot's own title says nothing.
std::string svg_element(std::string svg, const std::string& name) {
  const std::size_t begin = svg.find("<svg");
  SIM_ASSERT(begin != std::string::npos, "gnuplot's SVG begins with an svg element");
  svg.erase(0, begin);
  constexpr std::string_view kTitleEnd = "</title>";
  const std::size_t title = svg.find("<title>");
  const std::size_t title_end = svg.find(kTitleEnd);
  if (title < title_end && title_end != std::string::npos) {
    svg.erase(title, title_end + kTitleEnd.size() - title);
  }
  constexpr std::string_view kTag = "<svg";
  svg.insert(kTag.size(), fmt::format(" role=\"img\" aria-label=\"{}\"", escape_html(name)));
  return svg;
}

std::string row_of(const std::vector<std::string>& texts) {
  std::string row = "<tr>";
  for (const std::string& text : texts) {
    row += &text == &texts.front()
               ? fmt::format("<th scope=\"row\" class=\"left\">{}</th>", escape_html(text))
               : fmt::format("<td>{}</td>", escape_html(text.empty() ? "\u2013" : text));
  }
  return row + "</tr>\n";
}

std::string table_of(const FigureTable& table) {
  std::string html =
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Numbers of the figure\">\n"
      "<table class=\"wide\"><caption>Numbers of the figure</caption>\n<thead><tr>";
  for (const std::string& column : table.columns) {
    html += fmt::format("<th scope=\"col\"{}>{}</th>",
                        &column == &table.columns.front() ? " class=\"left\"" : "",
                        escape_html(column));
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const std::vector<std::string>& row : table.rows) html += row_of(row);
  return html + "</tbody></table></div>\n";
}

}  // namespace

void write_figure_html(std::ostream& out, const Figure& figure, const std::string& svg) {
  std::string body = fmt::format("<main>\n<h1>{}</h1>\n", escape_html(figure.title));
  for (const std::string& one : figure.provenance) {
    body += fmt::format("<p class=\"note\">{}</p>\n", escape_html(one));
  }
  body += "<figure>\n";
  body += fmt::format(
      "<div class=\"scroll picture\" role=\"region\" tabindex=\"0\" "
      "aria-label=\"Figure\">\n{}</div>\n",
      svg_element(svg, figure.title));
  body += "<figcaption>\n";
  for (const std::string& note : figure.notes) {
    body += fmt::format("<p class=\"note\">{}</p>\n", escape_html(note));
  }
  body += "</figcaption>\n</figure>\n" + table_of(figure.table) + "</main>\n";
  write_static_page(out, figure.title + " - sockbufsim plot", body);
}

}  // namespace cli
