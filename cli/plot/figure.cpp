// SPDX-License-Identifier: BSD-2-Clause
#include "cli/plot/figure.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace cli {
namespace {

constexpr double kLinePixels = 19.0;      ///< of the small text under the plot
constexpr std::size_t kMostOfLine = 125;  ///< characters of that text
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

/// At most `most` characters: more would leave the picture.
std::string shortened(const std::string& text, std::size_t most) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (begins && ++characters > most) return text.substr(0, i) + "...";
  }
  return text;
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

std::string gnuplot_tic(std::string_view text) {
  std::string doubled;
  constexpr std::size_t kMost = 44;
  for (const char c : shortened(drawable(text), kMost))
    doubled += c == '%' ? std::string("%%") : std::string(1, c);
  return in_quotes(doubled);
}

std::string gnuplot_title(std::string_view text) {
  return text.empty() ? "notitle" : "title " + gnuplot_line(text, 60);
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

std::string Figure::block() {
  if (blocks_ > 0) data_ += "\n\n";
  return fmt::format("data index {}", blocks_++);
}

void Figure::row(const std::vector<double>& numbers) {
  std::string line;
  for (const double number : numbers) {
    if (!line.empty()) line += ' ';
    line += gnuplot_number(number);
  }
  data_ += line + '\n';
}

double Figure::lines_under() const { return 1.0 + static_cast<double>(notes.size()); }

double Figure::total_height() const { return height + tic_room + kLinePixels * lines_under(); }

std::string Figure::script() const {
  std::string script =
      "set encoding utf8\n"
      "set datafile missing 'NaN'\n"
      "set border 3 lc rgb '#555555'\n"
      "set tics nomirror out textcolor rgb 'black'\n"
      "set grid lc rgb '#dddddd' lw 1 lt 1\n"
      "set key outside top left horizontal Left reverse noenhanced samplen 2\n"
      "set lmargin at screen 0.11\n"
      "set rmargin at screen 0.96\n";
  const double pixel = 1.0 / total_height();
  script += fmt::format("set bmargin at screen {:.4f}\n",
                        pixel * (kAxisPixels + tic_room + kLinePixels * lines_under()));
  script += fmt::format("set title {} noenhanced font ',15'\n", gnuplot_line(title, 80));
  std::vector<std::string> lines = notes;
  lines.push_back(provenance);
  double y = (12.0 + kLinePixels * lines_under()) * pixel;
  for (const std::string& line : lines) {
    y -= kLinePixels * pixel;
    script += fmt::format(
        "set label {} at screen 0.985, screen {:.4f} right noenhanced font ',10' "
        "textcolor rgb '#666666'\n",
        gnuplot_line(line, kMostOfLine), y);
  }
  return script + commands_ + "plot " + plot_ + "\n";
}

}  // namespace cli
