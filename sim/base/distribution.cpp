// SPDX-License-Identifier: BSD-2-Clause
#include "sim/base/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/base/assert.hpp"
#include "sim/base/portable_math.hpp"

namespace sim {

Distribution Distribution::constant(double value) {
  SIM_ASSERT(std::isfinite(value), "constant distribution needs a finite value");
  Distribution d;
  d.first_ = value;
  return d;
}

Distribution Distribution::exponential(double mean) {
  SIM_ASSERT(std::isfinite(mean) && mean >= 0.0, "exponential distribution needs a mean >= 0");
  Distribution d = constant(mean);
  d.kind_ = mean == 0.0 ? Kind::constant : Kind::exponential;
  return d;
}

Distribution Distribution::uniform(double low, double high) {
  SIM_ASSERT(std::isfinite(low) && std::isfinite(high) && low <= high,
             "uniform distribution needs low <= high");
  Distribution d = constant(low);
  d.kind_ = low == high ? Kind::constant : Kind::uniform;
  d.second_ = high;
  return d;
}

Distribution Distribution::lognormal(double mean, double cv) {
  SIM_ASSERT(std::isfinite(mean) && mean > 0.0, "lognormal distribution needs a mean > 0");
  SIM_ASSERT(std::isfinite(cv) && cv >= 0.0, "lognormal distribution needs a cv >= 0");
  Distribution d = constant(mean);
  d.kind_ = cv == 0.0 ? Kind::constant : Kind::lognormal;
  d.second_ = std::sqrt(portable_log(1.0 + cv * cv));
  return d;
}

Distribution Distribution::choice(std::vector<Choice> choices) {
  double total = 0.0;
  for (const Choice& c : choices) {
    SIM_ASSERT(std::isfinite(c.value) && std::isfinite(c.weight) && c.weight >= 0.0,
               "choice distribution needs finite values and weights >= 0");
    total += c.weight;
  }
  SIM_ASSERT(total > 0.0, "choice distribution needs a positive weight");
  std::erase_if(choices, [](const Choice& c) { return c.weight == 0.0; });

  const auto differs = [&](const Choice& c) { return c.value != choices.front().value; };
  if (std::none_of(choices.begin(), choices.end(), differs)) {
    return constant(choices.front().value);
  }
  Distribution d;
  double sum = 0.0;
  for (const Choice& c : choices) {
    sum += c.weight;
    d.first_ += c.value * (c.weight / total);
    d.cumulative_.push_back({c.value, sum / total});
  }
  d.cumulative_.back().weight = 1.0;
  d.kind_ = Kind::choice;
  return d;
}

double Distribution::sample(Stream& stream) const {
  switch (kind_) {
    case Kind::constant:
      return first_;
    case Kind::exponential:
      return stream.exponential(first_);
    case Kind::uniform:
      return stream.uniform(first_, second_);
    case Kind::lognormal:
      return first_ * portable_exp(second_ * stream.normal() - 0.5 * second_ * second_);
    case Kind::choice: {
      const double u = stream.uniform01();
      const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), u,
                                          [](double at, const Choice& c) { return at < c.weight; });
      return found->value;
    }
  }
  SIM_ASSERT(false, "unknown kind of distribution");
}

double Distribution::mean() const {
  return kind_ == Kind::uniform ? first_ + 0.5 * (second_ - first_) : first_;
}

}  // namespace sim
