// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/distribution.hpp"

#include <vector>

namespace models {

sim::Distribution make_distribution(const DistributionSpec& spec) {
  using Kind = DistributionSpec::Kind;
  switch (spec.kind) {
    case Kind::constant: return sim::Distribution::constant(spec.a);
    case Kind::exponential: return sim::Distribution::exponential(spec.a);
    case Kind::uniform: return sim::Distribution::uniform(spec.a, spec.b);
    case Kind::lognormal: return sim::Distribution::lognormal(spec.a, spec.b);
    case Kind::choice: break;
  }
  std::vector<sim::Distribution::Choice> choices;
  for (const auto& choice : spec.choices) choices.push_back({choice.value, choice.weight});
  return sim::Distribution::choice(std::move(choices));
}

}  // namespace models
