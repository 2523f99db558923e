// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/plot/figure.hpp"
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

/// A factor along an axis: its values' places, logarithmic where they grow by ratios, or 0, 1, 2,
/// ... with names for what is not a number.
class FactorAxis {
 public:
  explicit FactorAxis(std::vector<Setting> levels);

  bool is_numeric() const { return numeric_; }
  bool is_log() const { return log_; }
  const std::vector<Setting>& levels() const { return levels_; }
  double place(const Setting& setting) const;

  /// Label, range and tics; `axis` is `x` or `y`. `factor`: its name.
  void draw(Figure& figure, std::string_view axis, const std::string& factor) const;

 private:
  std::vector<Setting> levels_;
  bool numeric_ = false;
  bool log_ = false;
};

/// Tics at 0, 1, 2, ... with these names.
std::string named_tics(const std::vector<std::string>& names);

}  // namespace cli
