// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>

/// What a study expects of its results, as its file says it. Plain data; expect.hpp judges.
namespace cli {

/// A value as a study file gives it: compact JSON.
struct Literal {
  std::string json;

  /// As a column shows it: 9000, stream_inplace, [0,1].
  std::string text() const;
  std::optional<double> number() const;
  bool operator==(const Literal&) const = default;
};

/// How values are spaced, or lines are fitted.
enum class Scale : std::uint8_t { linear, log };

/// What of the metric is held against the bounds.
enum class Measure : std::uint8_t {
  value,                ///< the mean of each point
  difference,           ///< to - from
  ratio,                ///< to / from
  relative_difference,  ///< (to - from) / |from|
  slope,                ///< over a numeric factor, by least squares
  crossover,            ///< where two values of a factor change places along a numeric one
  no_crossover
};

struct Expectation {
  std::string name;    ///< empty: made of the rest
  std::string metric;  ///< dotted path of a number in the report
  Measure of = Measure::value;
  std::string where;            ///< condition on the columns; empty: every point
  std::string factor;           ///< the column compared, or along which the slope is taken
  std::optional<Literal> from;  ///< a value of `factor`
  std::optional<Literal> to;    ///< another one
  std::string over;             ///< crossovers: the numeric column
  Scale scale = Scale::linear;  ///< slopes: log fits the exponent of a power law
  std::optional<double> min;
  std::optional<double> max;
  /// Whether the whole 95 % interval must lie within the bounds. Absent: for everything but
  /// `value`.
  std::optional<bool> proven;

  bool must_be_proven() const { return proven.value_or(of != Measure::value); }
};

}  // namespace cli
