// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "models/scenario/distribution_spec.hpp"
#include "sim/base/distribution.hpp"

namespace models {

/// What draws from the distribution that a scenario describes.
sim::Distribution make_distribution(const DistributionSpec& spec);

}  // namespace models
