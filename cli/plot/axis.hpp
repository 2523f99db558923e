// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/plot/figure.hpp"
#include "cli/study/analysis.hpp"
#include "cli/study/study.hpp"

/// What stands along the axes.
namespace cli {

/// A quantity in the unit that fits it: 41000 ns are drawn as 41 us.
struct UnitScale {
  double factor = 1.0;  ///< drawn = value * factor
  std::string unit;     ///< empty: none
};

/// `largest`: the largest absolute value drawn.
UnitScale scale_of(std::string_view unit, double largest);

/// `locks.so_rcv.wait_ns.total [ms]`; the meaning of a fraction is in its name.
std::string axis_label(std::string_view name, const UnitScale& scale);

/// Unit of a metric by the reports' field table; empty for a plain number.
std::string unit_of_metric(std::string_view path);

/// Whether the metric is a part of a whole, and never above 1.
bool is_share(std::string_view path);

/// To four significant digits, more for a whole number of at most seven: 0.03281, 65536.
std::string short_number(double value);

/// The value as it is when it is short or no number, else as short_number().
std::string short_text(const Setting& setting);

/// Multiples of 1, 2 or 5 times a power of ten from `low` to `high`, at most `most` (>= 2) of them.
std::vector<double> round_numbers(double low, double high, std::size_t most);

/// Whether there is an interval to draw.
bool has_bounds(const Estimate& y);

/// How far the values along an axis reach.
class Extent {
 public:
  void add(double value);
  /// With its interval, as far as this is finite.
  void add(const Estimate& y);

  double low() const { return low_; }
  double high() const { return high_; }
  /// The largest absolute value, without the intervals.
  double largest() const { return largest_; }

  /// Makes room around the values. What is never negative gets an axis that does not go below 0,
  /// and begins there where that leaves most of the plot to the values; shares end at 1.
  Extent with_room(bool shares) const;

  /// `[0:12.5]`, in drawn units.
  std::string range(double factor) const;

 private:
  bool empty_ = true;
  double low_ = 0.0;
  double high_ = 0.0;
  double largest_ = 0.0;
};

/// Tics at round numbers of an x axis of so many drawn units, as many as have room.
std::string number_tics(const Extent& extent, double factor, const Figure& figure);

/// A factor along an axis: its values' places, logarithmic where they grow by ratios, or 0, 1, 2,
/// ... with names for what is not a number.
class FactorAxis {
 public:
  /// `as_names`: numbers, too, are names side by side.
  explicit FactorAxis(std::vector<Setting> levels, bool as_names = false);

  bool is_numeric() const { return numeric_; }
  bool is_log() const { return log_; }
  const std::vector<Setting>& levels() const { return levels_; }
  double place(const Setting& setting) const;
  /// The value that has this place.
  std::string name_at(double place) const;

  /// Label, range and tics; `axis` is `x` or `y`. `label`: the factor's, with its unit.
  void draw(Figure& figure, std::string_view axis, const std::string& label) const;

 private:
  void draw_numbers(Figure& figure, std::string_view axis) const;
  std::vector<Setting> levels_;
  bool of_numbers_ = false;
  bool numeric_ = false;  ///< drawn as numbers
  bool log_ = false;
};

/// Tics at 0, 1, 2, ... with these names, every `step`-th of them.
std::string named_tics(const std::vector<std::string>& names, std::size_t step = 1);

/// Names at 0, 1, 2, ... of the x axis. Where they do not fit side by side they stand askew,
/// numbers excepted, and where there is still no room some are left out.
void draw_names_across(Figure& figure, const std::vector<std::string>& names, bool are_numbers);

/// The same of the y axis, whose names get the margin that they need.
void draw_names_up(Figure& figure, const std::vector<std::string>& names);

/// Where a plot begins that has such names at its left and `more` pixels of other things.
double left_of_names(const std::vector<std::string>& names, double more);

}  // namespace cli
