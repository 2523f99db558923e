// SPDX-License-Identifier: BSD-2-Clause
#include "cli/plot/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "cli/plot/selection.hpp"
#include "cli/study/settings.hpp"
#include "models/report/metrics.hpp"

namespace cli {
namespace {

/// More levels than this get the tics that gnuplot chooses.
constexpr std::size_t kMostTics = 12;

bool grows_by_ratios(const std::vector<Setting>& levels) {
  constexpr double kSpan = 10.0;
  if (levels.size() < 3 || *levels.front().number <= 0.0) return false;
  if (*levels.back().number < kSpan * *levels.front().number) return false;
  const double middle = *levels[levels.size() / 2].number;
  // Nearer to the geometric middle of the range than to the arithmetic one.
  const double low = *levels.front().number;
  const double high = *levels.back().number;
  const double linear = (middle - low) / (high - low);
  const double logarithmic = std::log(middle / low) / std::log(high / low);
  return std::abs(logarithmic - 0.5) < std::abs(linear - 0.5);
}

}  // namespace

UnitScale scale_of(std::string_view unit, double largest) {
  struct Step {
    std::string_view unit;
    double from;  ///< the least value that is drawn so
    double factor;
    std::string_view drawn;
  };
  static constexpr Step kSteps[] = {
      {"ns", 1e10, 1e-9, "s"},
      {"ns", 1e7, 1e-6, "ms"},
      {"ns", 1e4, 1e-3, "us"},
      {"1/s", 1e7, 1e-6, "million/s"},
      {"1/s", 1e4, 1e-3, "thousand/s"},
      {"bytes", 1048576.0 * 10, 1.0 / 1048576.0, "MiB"},
      {"bytes", 10240, 1.0 / 1024, "KiB"},
  };
  for (const Step& step : kSteps) {
    if (step.unit == unit && largest >= step.from) return {step.factor, std::string(step.drawn)};
  }
  return {1.0, std::string(unit)};
}

std::string axis_label(std::string_view name, const UnitScale& scale) {
  return scale.unit.empty() ? std::string(name) : fmt::format("{} [{}]", name, scale.unit);
}

std::string unit_of_metric(std::string_view path) {
  const auto kind = models::metric_kind(path);
  return kind ? std::string(kind->unit) : "";
}

std::string named_tics(const std::vector<std::string>& names) {
  std::string tics;
  for (std::size_t i = 0; i < names.size(); ++i) {
    tics += fmt::format("{}{} {}", i == 0 ? "" : ", ", gnuplot_tic(names[i]), i);
  }
  return "(" + tics + ")";
}

FactorAxis::FactorAxis(std::vector<Setting> levels)
    : levels_(std::move(levels)), numeric_(cli::is_numeric(levels_)) {
  log_ = numeric_ && grows_by_ratios(levels_);
}

double FactorAxis::place(const Setting& setting) const {
  if (numeric_) return *setting.number;
  const auto found = std::find_if(levels_.begin(), levels_.end(),
                                  [&](const Setting& level) { return level.text == setting.text; });
  return static_cast<double>(found - levels_.begin());
}

void FactorAxis::draw(Figure& figure, std::string_view axis, const std::string& factor) const {
  figure.command(
      fmt::format("set {}label {} noenhanced", axis, gnuplot_text(factor_label(factor))));
  if (!numeric_) {
    std::vector<std::string> names;
    names.reserve(levels_.size());
    std::size_t longest = 0;
    for (const Setting& level : levels_) {
      names.push_back(level.text);
      longest = std::max(longest, level.text.size());
    }
    const bool rotated = axis == "x" && longest * levels_.size() > 90;
    constexpr double kTicPixels = 4.0;  // down, for each letter
    if (rotated) figure.tic_room = kTicPixels * static_cast<double>(longest);
    figure.command(fmt::format("set {}tics noenhanced {} {}", axis, rotated ? "rotate by -30" : "",
                               named_tics(names)));
    figure.command(
        fmt::format("set {}range [-0.5:{}]", axis, static_cast<double>(levels_.size()) - 0.5));
    return;
  }
  const double low = *levels_.front().number;
  const double high = *levels_.back().number;
  if (log_) figure.command(fmt::format("set logscale {} 2", axis));
  constexpr double kRoom = 0.03;  // of the axis, on both sides
  if (low < high && log_) {
    const double ratio = std::exp(kRoom * std::log(high / low));
    figure.command(fmt::format("set {}range [{}:{}]", axis, gnuplot_number(low / ratio),
                               gnuplot_number(high * ratio)));
  } else if (low < high) {
    const double room = kRoom * (high - low);
    figure.command(fmt::format("set {}range [{}:{}]", axis, gnuplot_number(low - room),
                               gnuplot_number(high + room)));
  }
  if (levels_.size() > kMostTics) return;
  std::string tics;
  double last = -1e300;  // where the label before ends, of the axis
  constexpr double kLetterWidth = 0.0115;
  for (const Setting& level : levels_) {
    const double at = !log_ ? (*level.number - low) / std::max(high - low, 1e-300)
                            : std::log(*level.number / low) / std::log(high / low);
    // Half the width of the label, so that none runs into the one before.
    const double half = 0.5 * kLetterWidth * static_cast<double>(level.text.size() + 1);
    if (at - half < last) continue;
    last = at + half;
    tics += fmt::format("{}{} {}", tics.empty() ? "" : ", ", gnuplot_tic(level.text),
                        gnuplot_number(*level.number));
  }
  figure.command(fmt::format("set {}tics noenhanced ({})", axis, tics));
}

}  // namespace cli
