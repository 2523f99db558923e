// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>

#include "cli/study/analysis.hpp"

namespace cli {

struct Fieller {
  double low;
  double high;
};

/// The interval of b / a by Fieller's theorem: all r with |b - r a| <= t * its standard error. The
/// variances are those of the means, `t` the quantile of Student's distribution. From -infinity to
/// infinity when `a` is not known to differ from zero.
Fieller fieller(double a, double b, double variance_a, double variance_b, double covariance,
                double t);

/// mean(b) / mean(a) of values that pair up, with Fieller's interval. The same length.
Estimate ratio_of_means(std::span<const double> a, std::span<const double> b);

}  // namespace cli
