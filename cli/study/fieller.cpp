// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/fieller.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/observe/statistics.hpp"

namespace cli {

Fieller fieller(double a, double b, double variance_a, double variance_b, double covariance,
                double t) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double square = t * t;
  const double leading = a * a - square * variance_a;
  if (!(leading > 0.0)) return {-kInfinity, kInfinity};
  // Around b / a, so that equal replications give exactly that.
  const double r = b / a;
  const double half = square * (r * variance_a - covariance);
  const double constant = square * (r * r * variance_a - 2.0 * r * covariance + variance_b);
  const double centre = half / leading;
  const double spread = std::sqrt(std::max(0.0, centre * centre + constant / leading));
  return {r + centre - spread, r + centre + spread};
}

Estimate ratio_of_means(std::span<const double> a, std::span<const double> b) {
  Estimate estimate;
  estimate.n = a.size();
  estimate.paired = true;
  if (a.empty()) return estimate;
  sim::Welford of_a;
  sim::Welford of_b;
  for (const double x : a) of_a.add(x);
  for (const double x : b) of_b.add(x);
  if (of_a.mean() == 0.0) return estimate;
  estimate.value = of_b.mean() / of_a.mean();
  if (a.size() < 2) return estimate;
  double products = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i)
    products += (a[i] - of_a.mean()) * (b[i] - of_b.mean());
  const auto n = static_cast<double>(a.size());
  const double covariance = products / (n - 1.0);
  const double t = sim::student_t_quantile(0.975, n - 1.0);
  const Fieller bounds = fieller(of_a.mean(), of_b.mean(), of_a.variance() / n, of_b.variance() / n,
                                 covariance / n, t);
  estimate.low = bounds.low;
  estimate.high = bounds.high;
  return estimate;
}

}  // namespace cli
