// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sim {

/// Running mean and variance by Welford's recurrence: one pass, no cancellation.
class Welford {
 public:
  void add(double x) {
    ++n_;
    const double delta = x - mean_;
    mean_ += delta / static_cast<double>(n_);
    sum_of_squares_ += delta * (x - mean_);
  }

  std::size_t count() const { return n_; }
  double mean() const { return mean_; }  ///< 0 when empty

  /// The unbiased sample variance (divisor n - 1); 0 for fewer than two values.
  double variance() const { return n_ < 2 ? 0.0 : sum_of_squares_ / static_cast<double>(n_ - 1); }
  double standard_deviation() const;

 private:
  std::size_t n_ = 0;
  double mean_ = 0.0;
  double sum_of_squares_ = 0.0;
};

/// The t with P(T <= t) = p for Student's distribution; p in (0, 1), dof > 0.
double student_t_quantile(double p, double dof);

/// mean +- half_width from n values. With n < 2 nothing is known about the spread and half_width
/// is NaN; with n = 0 the mean is NaN too.
struct Interval {
  double mean;
  double half_width;
  std::size_t n;

  double low() const { return mean - half_width; }
  double high() const { return mean + half_width; }
};

/// The two-sided 95 % confidence interval of the mean of independent values (Student t).
Interval confidence95(std::span<const double> values);

/// The 95 % interval of the mean difference a[i] - b[i], for runs that pair up because they
/// shared their random numbers. Both spans have the same length.
Interval paired_confidence95(std::span<const double> a, std::span<const double> b);

/// The lag-1 autocorrelation, in [-1, 1]; 0 for fewer than two values or a constant series.
double lag1_autocorrelation(std::span<const double> values);

/// One long run cut into batches whose means are nearly independent.
struct BatchMeans {
  Interval interval;          ///< 95 %, over the batch means
  double lag1;                ///< of the batch means: far from 0 says the batches are too short
  std::vector<double> means;  ///< in order of time
};

/// Cuts `values` into `batches` (>= 2) equal batches; the values left over are the earliest ones
/// (nearest to the warm-up) and are not used. Needs at least `batches` values.
BatchMeans batch_means(std::span<const double> values, std::size_t batches);

/// Where the warm-up of a run ends, by the marginal standard error rule (White 1997).
struct Mser {
  std::size_t d;     ///< values to drop from the front
  double statistic;  ///< MSER(d), the smallest
  double mean;       ///< of the values kept
  bool at_limit;     ///< d is as large as the rule allows: the run is too short to trust
};

/// MSER(d) = sum over i >= d of (z_i - mean_d)^2, divided by (n - d)^2; the d in 0 .. n/2 with the
/// smallest value, the first of equals. Needs at least one value.
Mser mser(std::span<const double> values);

/// MSER-5: the same on the means of 5 consecutive values; a remainder at the end is not used.
/// `d` counts single values (a multiple of 5). Needs at least 5 values.
Mser mser5(std::span<const double> values);

}  // namespace sim
