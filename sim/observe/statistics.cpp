// SPDX-License-Identifier: BSD-2-Clause
#include "sim/observe/statistics.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "sim/base/assert.hpp"

namespace sim {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

double Welford::standard_deviation() const { return std::sqrt(variance()); }

double student_t_quantile(double p, double dof) {
  SIM_ASSERT(p > 0.0 && p < 1.0 && dof > 0.0, "Student quantile outside its domain");
  return boost::math::quantile(boost::math::students_t(dof), p);
}

Interval confidence95(std::span<const double> values) {
  Welford w;
  for (const double x : values) {
    w.add(x);
  }
  const std::size_t n = w.count();
  if (n < 2) {
    return {n == 0 ? kNan : w.mean(), kNan, n};
  }
  const double t = student_t_quantile(0.975, static_cast<double>(n - 1));
  return {w.mean(), t * std::sqrt(w.variance() / static_cast<double>(n)), n};
}

Interval paired_confidence95(std::span<const double> a, std::span<const double> b) {
  SIM_ASSERT(a.size() == b.size(), "paired interval of series of different lengths");
  std::vector<double> differences;
  differences.reserve(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    differences.push_back(a[i] - b[i]);
  }
  return confidence95(differences);
}

double lag1_autocorrelation(std::span<const double> values) {
  if (values.size() < 2) {
    return 0.0;
  }
  const double mean = mean_of(values);
  double products = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double deviation = values[i] - mean;
    squares += deviation * deviation;
    products += i == 0 ? 0.0 : deviation * (values[i - 1] - mean);
  }
  return squares == 0.0 ? 0.0 : products / squares;
}

BatchMeans batch_means(std::span<const double> values, std::size_t batches) {
  SIM_ASSERT(batches >= 2, "batch means need two batches");
  SIM_ASSERT(values.size() >= batches, "batch means need a value for each batch");
  const std::size_t size = values.size() / batches;
  const auto used = values.last(size * batches);
  BatchMeans result{};
  result.means.reserve(batches);
  for (std::size_t i = 0; i < batches; ++i) {
    result.means.push_back(mean_of(used.subspan(i * size, size)));
  }
  result.interval = confidence95(result.means);
  result.lag1 = lag1_autocorrelation(result.means);
  return result;
}

Mser mser(std::span<const double> values) {
  SIM_ASSERT(!values.empty(), "MSER of no values");
  // From the end to the front, so that each suffix costs one step.
  const std::size_t n = values.size();
  const std::size_t limit = n / 2;
  Welford suffix;
  Mser best{0, std::numeric_limits<double>::infinity(), 0.0, false};
  for (std::size_t d = n; d-- > 0;) {
    suffix.add(values[d]);
    if (d > limit) {
      continue;
    }
    const auto kept = static_cast<double>(n - d);
    const double statistic = suffix.variance() * (kept - 1.0) / (kept * kept);
    if (statistic <= best.statistic) {
      best = {d, statistic, suffix.mean(), d == limit && limit > 0};
    }
  }
  return best;
}

Mser mser5(std::span<const double> values) {
  constexpr std::size_t kBatch = 5;
  std::vector<double> means;
  means.reserve(values.size() / kBatch);
  for (std::size_t i = 0; i + kBatch <= values.size(); i += kBatch) {
    means.push_back(mean_of(values.subspan(i, kBatch)));
  }
  Mser result = mser(means);
  result.d *= kBatch;
  return result;
}

}  // namespace sim
