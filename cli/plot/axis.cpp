// SPDX-License-Identifier: BSD-2-Clause
#include "cli/plot/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "cli/plot/selection.hpp"
#include "models/report/metrics.hpp"

namespace cli {
namespace {

/// More levels than this get the tics that gnuplot chooses.
constexpr std::size_t kMostTics = 12;

constexpr double kTicFont = 12.0;

double widest(const std::vector<std::string>& names) {
  double most = 0.0;
  for (const std::string& name : names) most = std::max(most, text_pixels(name, kTicFont));
  return most;
}

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

bool is_share(std::string_view path) {
  return path.ends_with("fraction") || path.ends_with(".utilisation") ||
         path.find(".number_pmf.") != std::string_view::npos ||
         unit_of_metric(path) == "of the time";
}

std::string short_number(double value) {
  constexpr double kMostWhole = 9999999.0;
  if (value == 0.0) return "0";  // -0, too
  if (value == std::round(value) && std::abs(value) <= kMostWhole) {
    return fmt::format("{:.0f}", value);
  }
  return fmt::format("{:.7g}", std::strtod(fmt::format("{:.4g}", value).c_str(), nullptr));
}

std::string short_text(const Setting& setting) {
  constexpr std::size_t kShort = 6;
  if (!setting.number || setting.text.size() <= kShort) return setting.text;
  return short_number(*setting.number);
}

std::vector<double> round_numbers(double low, double high, std::size_t most) {
  if (!(high > low)) return {low};
  std::vector<double> numbers;
  double step = std::pow(10.0, std::floor(std::log10((high - low) / static_cast<double>(most))));
  for (int i = 0; numbers.empty() || numbers.size() > most; ++i) {
    static constexpr double kFactors[] = {1.0, 2.0, 2.5, 2.0};  // 1, 2, 5, 10 of the first step
    step *= kFactors[i == 0 ? 0 : 1 + (i - 1) % 3];
    numbers.clear();
    const double slack = 1e-9 * step;
    for (double n = std::ceil((low - slack) / step); n * step <= high + slack; n += 1.0) {
      numbers.push_back(n == 0.0 ? 0.0 : n * step);
    }
    if (numbers.empty()) return {low, high};
  }
  return numbers;
}

bool has_bounds(const Estimate& y) { return std::isfinite(y.low) && std::isfinite(y.high); }

void Extent::add(double value) {
  low_ = empty_ ? value : std::min(low_, value);
  high_ = empty_ ? value : std::max(high_, value);
  largest_ = std::max(largest_, std::abs(value));
  empty_ = false;
}

void Extent::add(const Estimate& y) {
  if (!y.has_value()) return;
  add(y.value);
  if (!has_bounds(y)) return;
  low_ = std::min(low_, y.low);
  high_ = std::max(high_, y.high);
}

Extent Extent::with_room(bool shares) const {
  constexpr double kMostEmpty = 0.6;
  constexpr double kRoom = 0.05;
  Extent wider = *this;
  const double span = high_ - low_;
  if (low_ >= 0.0 && (low_ < kMostEmpty * high_ || span == 0.0)) {
    wider.low_ = 0.0;
  } else {
    wider.low_ = low_ - kRoom * span;
    if (low_ >= 0.0) wider.low_ = std::max(0.0, wider.low_);
  }
  wider.high_ = high_ + kRoom * (high_ - wider.low_);
  if (shares && high_ <= 1.0) wider.high_ = std::min(1.0, wider.high_);
  if (wider.high_ <= wider.low_) wider.high_ = wider.low_ + 1.0;
  return wider;
}

std::string Extent::range(double factor) const {
  return fmt::format("[{}:{}]", gnuplot_number(low_ * factor), gnuplot_number(high_ * factor));
}

std::string number_tics(const Extent& extent, double factor, const Figure& figure) {
  constexpr double kTicPixels = 75.0;
  const double width = (figure.right - figure.left) * kFigureWidth;
  const auto most = static_cast<std::size_t>(std::max(2.0, width / kTicPixels));
  std::string tics;
  for (const double at : round_numbers(extent.low() * factor, extent.high() * factor, most)) {
    tics += fmt::format("{}{} {}", tics.empty() ? "" : ", ", gnuplot_tic(short_number(at)),
                        gnuplot_number(at));
  }
  return "(" + tics + ")";
}

std::string named_tics(const std::vector<std::string>& names, std::size_t step) {
  std::string tics;
  for (std::size_t i = 0; i < names.size(); i += step) {
    tics += fmt::format("{}{} {}", i == 0 ? "" : ", ", gnuplot_tic(names[i]), i);
  }
  return "(" + tics + ")";
}

double left_of_names(const std::vector<std::string>& names, double more) {
  constexpr double kMost = 0.45;
  return std::min(kMost, (widest(names) + more) / kFigureWidth);
}

void draw_names_across(Figure& figure, const std::vector<std::string>& names, bool are_numbers) {
  const double room =
      (figure.right - figure.left) * kFigureWidth / static_cast<double>(names.size());
  constexpr double kGap = 8.0;
  double needed = widest(names) + kGap;
  std::string askew;
  std::vector<std::string> shown = names;
  if (needed > room && !are_numbers) {
    constexpr double kAcross = 0.87;  // 30 degrees
    constexpr double kDown = 0.5;
    constexpr double kBetween = 32.0;
    const double most = (figure.left * kFigureWidth + 0.5 * room) / kAcross;
    for (std::string& name : shown) {
      name = shortened(name, static_cast<std::size_t>(most / text_pixels("x", kTicFont)) - 3);
    }
    figure.tic_room = std::max(figure.tic_room, kDown * widest(shown));
    needed = kBetween;
    askew = "rotate by 30 right";
  }
  const auto step = static_cast<std::size_t>(std::max(1.0, std::ceil(needed / room)));
  figure.command(
      fmt::format("set xtics noenhanced scale 0.5 {} {}", askew, named_tics(shown, step)));
  figure.command(fmt::format("set xrange [-0.5:{}]", static_cast<double>(names.size()) - 0.5));
}

void draw_names_up(Figure& figure, const std::vector<std::string>& names) {
  constexpr double kLinePixels = 17.0;
  constexpr double kAround = 140.0;  // title and x axis
  const double room = (figure.height - kAround) / static_cast<double>(names.size());
  const auto step = static_cast<std::size_t>(std::max(1.0, std::ceil(kLinePixels / room)));
  figure.left = std::max(figure.left, left_of_names(names, 60.0));
  figure.command("set ytics noenhanced scale 0.5 " + named_tics(names, step));
  figure.command(fmt::format("set yrange [-0.5:{}]", static_cast<double>(names.size()) - 0.5));
}

FactorAxis::FactorAxis(std::vector<Setting> levels, bool as_names)
    : levels_(std::move(levels)),
      of_numbers_(cli::is_numeric(levels_)),
      numeric_(of_numbers_ && !as_names) {
  log_ = numeric_ && grows_by_ratios(levels_);
}

double FactorAxis::place(const Setting& setting) const {
  if (numeric_) return *setting.number;
  const auto found = std::find_if(levels_.begin(), levels_.end(),
                                  [&](const Setting& level) { return level.text == setting.text; });
  return static_cast<double>(found - levels_.begin());
}

std::string FactorAxis::name_at(double place) const {
  return numeric_ ? short_number(place) : levels_.at(static_cast<std::size_t>(place)).text;
}

void FactorAxis::draw(Figure& figure, std::string_view axis, const std::string& label) const {
  figure.command(fmt::format("set {}label {} noenhanced", axis, gnuplot_text(label)));
  if (numeric_) return draw_numbers(figure, axis);
  std::vector<std::string> names;
  names.reserve(levels_.size());
  for (const Setting& level : levels_) names.push_back(short_text(level));
  if (axis == "x") return draw_names_across(figure, names, of_numbers_);
  draw_names_up(figure, names);
}

void FactorAxis::draw_numbers(Figure& figure, std::string_view axis) const {
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
  const double width = (figure.right - figure.left) * kFigureWidth;
  for (const Setting& level : levels_) {
    const double at = !log_ ? (*level.number - low) / std::max(high - low, 1e-300)
                            : std::log(*level.number / low) / std::log(high / low);
    const std::string text = short_text(level);
    // Half the width of the label, so that none runs into the one before.
    const double half = 0.5 * (text_pixels(text, kTicFont) + kTicFont) / width;
    if (at - half < last) continue;
    last = at + half;
    tics += fmt::format("{}{} {}", tics.empty() ? "" : ", ", gnuplot_tic(text),
                        gnuplot_number(*level.number));
  }
  figure.command(fmt::format("set {}tics noenhanced ({})", axis, tics));
}

}  // namespace cli
