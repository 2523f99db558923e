// SPDX-License-Identifier: BSD-2-Clause
#include "cli/plot/figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace cli {
namespace {

constexpr double kLinePixels = 19.0;      ///< of the small text under the plot
constexpr std::size_t kMostOfLine = 120;  ///< characters of that text
constexpr std::size_t kMostLines = 3;     ///< of one note
constexpr double kAxisPixels = 66.0;      ///< tics and label of the x axis

/// Valid UTF-8 without control characters.
std::string drawable(std::string_view text) {
  const nlohmann::json repaired =
      nlohmann::json::parse(nlohmann::json(std::string(text))
                                .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  auto result = repaired.get<std::string>();
  for (char& c : result) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) c = ' ';
  }
  return result;
}

/// Where in `text` the character after `most` others begins; its size when there is none.
std::size_t end_of_characters(std::string_view text, std::size_t most) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (begins && ++characters > most) return i;
  }
  return text.size();
}

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

/// Whether the word before this blank is a number, which stays with what it counts.
bool is_after_number(std::string_view text, std::size_t blank) {
  const std::size_t before = text.substr(0, blank).rfind(' ');
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const std::string_view word = text.substr(begin, blank - begin);
  return !word.empty() && word.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string in_quotes(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-./=,:;+%()[]<>&*|!?";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte >= 0x80 || kPlain.find(c) != std::string_view::npos;
    quoted += plain ? std::string(1, c) : fmt::format("\\{:03o}", byte);
  }
  return quoted + "\"";
}

/// In the middle above the plot, as large as fits; what is still too long is cut off.
std::string title_command(const std::string& title, double left, double right) {
  const double middle = 0.5 * (left + right);
  const double room = 2.0 * std::min(middle, 1.0 - middle) * kFigureWidth - 20.0;
  double font = 15.0;
  while (font > 10.0 && text_pixels(title, font) > room) font -= 1.0;
  const auto most = static_cast<std::size_t>(room / text_pixels("x", font));
  return fmt::format("set title {} noenhanced font ',{}'\n", gnuplot_line(title, most), font);
}

}  // namespace

std::string_view line_colour(std::size_t i) {
  static constexpr std::array<std::string_view, kLineColours> kColours = {
      kBlue, kVermillion, kGreen, kPurple, kOrange, kSkyBlue, kBlack};
  return kColours[i % kLineColours];
}

std::string gnuplot_text(std::string_view text) { return in_quotes(drawable(text)); }

std::string gnuplot_line(std::string_view text, std::size_t most) {
  return in_quotes(shortened(drawable(text), most));
}

double text_pixels(std::string_view text, double font) {
  constexpr double kOfFont = 0.68;
  return kOfFont * font * static_cast<double>(characters_of(text));
}

std::string shortened(const std::string& text, std::size_t most) {
  const std::size_t end = end_of_characters(text, most);
  return end == text.size() ? text : text.substr(0, end) + "...";
}

std::string shortened_in_the_middle(const std::string& text, std::size_t most) {
  const std::size_t all = characters_of(text);
  if (all <= most) return text;
  const std::size_t behind = most / 3;
  return text.substr(0, end_of_characters(text, most - behind)) + "..." +
         text.substr(end_of_characters(text, all - behind));
}

std::vector<std::string> wrapped(std::string_view text, std::size_t most) {
  std::vector<std::string> lines;
  while (true) {
    std::size_t end = end_of_characters(text, most);
    if (end == text.size()) break;
    std::size_t blank = text.rfind(' ', end);
    while (blank != std::string_view::npos && blank > end / 2 && is_after_number(text, blank)) {
      blank = text.rfind(' ', blank - 1);
    }
    if (blank != std::string_view::npos && blank > end / 2) end = blank;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + (text[end] == ' ' ? 1 : 0));
  }
  lines.emplace_back(text);
  return lines;
}

std::string gnuplot_tic(std::string_view text) {
  std::string doubled;
  constexpr std::size_t kMost = 44;
  for (const char c : shortened(drawable(text), kMost))
    doubled += c == '%' ? std::string("%%") : std::string(1, c);
  return in_quotes(doubled);
}

std::string gnuplot_title(std::string_view text) {
  constexpr std::size_t kMost = 60;
  if (text.empty()) return "notitle";
  return "title " + in_quotes(shortened_in_the_middle(drawable(text), kMost));
}

std::string gnuplot_number(double value) {
  return std::isfinite(value) ? fmt::format("{:.10g}", value) : "NaN";
}

void Figure::command(std::string_view line) {
  commands_ += line;
  commands_ += '\n';
}

void Figure::plot(std::string_view item) {
  if (!plot_.empty()) plot_ += ", \\\n     ";
  plot_ += item;
}

void Figure::plot_rows(const DataRows& rows, const std::vector<std::string>& items) {
  if (rows.empty()) return;
  if (blocks_ > 0) data_ += "\n\n";
  for (const std::vector<double>& row : rows) {
    std::string line;
    for (const double number : row) {
      if (!line.empty()) line += ' ';
      line += gnuplot_number(number);
    }
    data_ += line + '\n';
  }
  for (const std::string& item : items) plot(fmt::format("data index {} {}", blocks_, item));
  ++blocks_;
}

std::vector<std::string> Figure::lines_under() const {
  std::vector<std::string> lines;
  const auto add = [&](const std::string& text) {
    std::vector<std::string> more = wrapped(drawable(text), kMostOfLine);
    if (more.size() > kMostLines) {
      more.resize(kMostLines);
      more.back() += "...";
    }
    lines.insert(lines.end(), more.begin(), more.end());
  };
  for (const std::string& note : notes) add(note);
  for (const std::string& one : provenance) add(one);
  return lines;
}

double Figure::total_height() const {
  return height + tic_room + kLinePixels * static_cast<double>(lines_under().size());
}

std::string Figure::script() const {
  const std::vector<std::string> lines = lines_under();
  const double pixel = 1.0 / total_height();
  const double under = kLinePixels * static_cast<double>(lines.size());
  std::string script =
      "set encoding utf8\n"
      "set datafile missing 'NaN'\n"
      "set border 3 lc rgb '#555555'\n"
      "set tics nomirror out textcolor rgb 'black'\n"
      "set grid lc rgb '#dddddd' lw 1 lt 1\n"
      "set key outside top left horizontal Left reverse noenhanced samplen 2\n";
  script +=
      fmt::format("set lmargin at screen {:.4g}\nset rmargin at screen {:.4g}\n", left, right);
  script += fmt::format("set bmargin at screen {:.4f}\n", pixel * (kAxisPixels + tic_room + under));
  script += title_command(title, left, right);
  double y = (12.0 + under) * pixel;
  for (const std::string& line : lines) {
    y -= kLinePixels * pixel;
    script += fmt::format(
        "set label {} at screen 0.985, screen {:.4f} right noenhanced font ',10' "
        "textcolor rgb '#666666'\n",
        gnuplot_text(line), y);
  }
  return script + commands_ + "plot " + plot_ + "\n";
}

}  // namespace cli
