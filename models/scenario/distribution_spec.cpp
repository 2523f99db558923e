// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/distribution_spec.hpp"

namespace models {

sim::Distribution DistributionSpec::compile() const {
  switch (kind) {
    case Kind::constant:
      break;
    case Kind::exponential:
      return sim::Distribution::exponential(a);
    case Kind::uniform:
      return sim::Distribution::uniform(a, b);
    case Kind::lognormal:
      return sim::Distribution::lognormal(a, b);
    case Kind::choice: {
      std::vector<sim::Distribution::Choice> compiled;
      for (const Choice& choice : choices) compiled.push_back({choice.value, choice.weight});
      return sim::Distribution::choice(std::move(compiled));
    }
  }
  return sim::Distribution::constant(a);
}

double DistributionSpec::mean() const { return compile().mean(); }

bool DistributionSpec::always_zero() const {
  if (kind == Kind::uniform) return a == 0.0 && b == 0.0;
  if (kind != Kind::choice) return a == 0.0;
  for (const Choice& choice : choices) {
    if (choice.value != 0.0) return false;
  }
  return true;
}

}  // namespace models
