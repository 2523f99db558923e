// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/random.hpp"

namespace sim {

/// A probability distribution of a non-negative quantity (a think time, a hold time, a size), in
/// whatever unit its parameters are given. A value: copy it freely. Sampling neither allocates
/// nor changes it. A constant draws nothing from the stream, every other kind exactly one word.
///
/// The factories throw InternalError on impossible parameters; checking what a user wrote is the
/// job of whoever reads it.
class Distribution {
 public:
  enum class Kind : std::uint8_t { constant, exponential, uniform, lognormal, choice };

  struct Choice {
    double value;
    double weight;  ///< >= 0, any scale; at least one is positive
  };

  /// The constant 0.
  Distribution() = default;

  static Distribution constant(double value);
  static Distribution exponential(double mean);           ///< mean >= 0
  static Distribution uniform(double low, double high);   ///< low <= high
  static Distribution lognormal(double mean, double cv);  ///< mean > 0, cv >= 0
  static Distribution choice(std::vector<Choice> choices);

  double sample(Stream& stream) const;

  /// The exact expectation.
  double mean() const;

  /// True when every sample is the same number, whatever the kind was called.
  bool is_constant() const { return kind_ == Kind::constant; }

  Kind kind() const { return kind_; }

 private:
  Kind kind_ = Kind::constant;
  double first_ = 0.0;              // constant: value; uniform: low; otherwise: mean
  double second_ = 0.0;             // uniform: high; lognormal: sigma of the logarithm
  std::vector<Choice> cumulative_;  // choice: weights summed up and scaled to end at 1
};

}  // namespace sim
