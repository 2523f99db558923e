// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// A figure on its way to gnuplot: what to draw, without saying into what kind of file.
namespace cli {

/// Colours that people with any kind of colour vision tell apart, on white: M. Okabe and K. Ito,
/// "Color Universal Design", 2002, rev. 2008 (https://jfly.uni-koeln.de/color/). Yellow is left
/// out: as a thin line on white nobody sees it.
inline constexpr std::string_view kBlue = "#0072B2";
inline constexpr std::string_view kVermillion = "#D55E00";
inline constexpr std::string_view kGreen = "#009E73";
inline constexpr std::string_view kOrange = "#E69F00";
inline constexpr std::string_view kSkyBlue = "#56B4E9";
inline constexpr std::string_view kPurple = "#CC79A7";
inline constexpr std::string_view kBlack = "#000000";
inline constexpr std::string_view kGrey = "#999999";

/// The i-th of the colours for lines; kLineColours of them are there.
inline constexpr std::size_t kLineColours = 7;
std::string_view line_colour(std::size_t i);

/// `text` as gnuplot reads it back, whatever is in it: in double quotes, with octal escapes for all
/// that could mean something there. (Single quotes will not do: gnuplot misreads `'''a'` and two
/// apostrophes in a row.) Control characters become blanks, bytes that are not UTF-8 U+FFFD. Text
/// is drawn as it stands, because every figure sets `noenhanced`.
std::string gnuplot_text(std::string_view text);

/// The same, cut off after `most` characters.
std::string gnuplot_line(std::string_view text, std::size_t most);

/// Pixels of 1/90 inch, as all sizes of a figure are.
inline constexpr double kFigureWidth = 900.0;

/// How wide `text` becomes in a font of so many points. An estimate, rather too large: nobody knows
/// which font gnuplot will find.
double text_pixels(std::string_view text, double font);

/// `text` if it has at most `most` characters, else so many of them and `...`.
std::string shortened(const std::string& text, std::size_t most);

/// The same without its middle: what tells names apart often stands at their ends.
std::string shortened_in_the_middle(const std::string& text, std::size_t most);

/// Lines of at most `most` characters, broken at blanks where there are any, but not after a
/// number.
std::vector<std::string> wrapped(std::string_view text, std::size_t most);

/// The same for the label of a tic, where gnuplot would expand `%`.
std::string gnuplot_tic(std::string_view text);

/// The same for the entry of the key, with `title` before it; `notitle` for an empty one.
std::string gnuplot_title(std::string_view text);

/// A number for scripts and data: 10 significant digits, `NaN` for what is none.
std::string gnuplot_number(double value);

/// The numbers of a figure, for those who cannot see it, with their units in the titles.
struct FigureTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< a text a column; the first ones name the row
};

/// Numbers for gnuplot, in columns.
using DataRows = std::vector<std::vector<double>>;

class Figure {
 public:
  std::string title;
  std::vector<std::string> notes;  ///< under the plot, on the right: what bands and bars mean
  /// Under these: study, seed, version; a line each report, in their order, unless all say the
  /// same.
  std::vector<std::string> provenance;
  double height = 560.0;  ///< of plot, title and axis, in pixels
  double tic_room = 0.0;  ///< more of the same, for tics that stand askew
  double left = 0.11;     ///< where the plot begins, of the width
  double right = 0.96;    ///< where it ends
  FigureTable table;

  /// Adds a line to the script.
  void command(std::string_view line);
  /// Adds an item to the one `plot` of the figure: what needs no data.
  void plot(std::string_view item);
  /// Adds rows to the data, and what draws them to the plot: each of `items` is what stands after
  /// `data index N`. Without rows it adds nothing, as gnuplot would not count an empty block, and
  /// all later ones would be taken for their neighbours.
  void plot_rows(const DataRows& rows, const std::vector<std::string>& items);

  /// Of the picture: `height`, `tic_room` and the lines under the plot.
  double total_height() const;

  /// All commands, the `plot` at the end.
  std::string script() const;
  const std::string& data() const { return data_; }

 private:
  std::vector<std::string> lines_under() const;
  std::string commands_;
  std::string plot_;
  std::string data_;
  std::size_t blocks_ = 0;
};

}  // namespace cli
