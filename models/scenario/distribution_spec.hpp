// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/distribution.hpp"

namespace models {

/// A distribution as a scenario writes it, in the unit of the field that holds it: a number
/// (constant),
/// {"exponential": mean}, {"uniform": [a, b]}, {"lognormal": {"mean": m, "cv": c}} or
/// {"choice": [[value, weight], ...]}. Plain data; drawing is sim::Distribution's.
struct DistributionSpec {
  enum class Kind : std::uint8_t { constant, exponential, uniform, lognormal, choice };
  struct Choice {
    double value = 0.0;
    double weight = 1.0;  ///< > 0; weights need not add up to 1
    bool operator==(const Choice&) const = default;
  };

  constexpr DistributionSpec() = default;
  constexpr explicit DistributionSpec(double constant) : a(constant) {}

  Kind kind = Kind::constant;
  double a = 0.0;  ///< constant: the value; exponential, lognormal: the mean; uniform: lower end
  double b = 0.0;  ///< uniform: upper end; lognormal: coefficient of variation
  std::vector<Choice> choices;

  bool operator==(const DistributionSpec&) const = default;
  /// What draws from it, in the field's unit.
  sim::Distribution compile() const;
  /// Expectation, in the field's unit.
  double mean() const;
  /// True when every draw is 0.
  bool always_zero() const;
};

}  // namespace models
