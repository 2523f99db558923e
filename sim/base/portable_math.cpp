// SPDX-License-Identifier: BSD-2-Clause
#include "sim/base/portable_math.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace sim {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// ln 2 in two parts: the first has 32 trailing zero bits, so that k * kLn2High is exact for
// every binary exponent k.
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr double kLog2E = 1.44269504088896338700;
constexpr double kSqrtHalf = 0.70710678118654752440;

/// c[0] + c[1] x + c[2] x^2 + ...: the even and the odd powers by Horner's rule each, which is
/// twice as fast as one long chain of dependent operations.
template <std::size_t N>
double polynomial(const std::array<double, N>& c, double x) {
  static_assert(N % 2 == 0, "pad with a zero coefficient");
  const double square = x * x;
  double even = c[N - 2];
  double odd = c[N - 1];
  for (std::size_t i = N - 2; i > 0; i -= 2) {
    even = even * square + c[i - 2];
    odd = odd * square + c[i - 1];
  }
  return even + x * odd;
}

}  // namespace

double portable_log(double x) {
  if (!(x > 0.0)) {
    return x == 0.0 ? -kInfinity : kNan;
  }
  if (x == kInfinity) {
    return x;
  }
  // x = 2^k m with m in [sqrt 1/2, sqrt 2); log m = 2 artanh s, s = (m - 1) / (m + 1).
  int k = 0;
  double m = std::frexp(x, &k);
  if (m < kSqrtHalf) {
    m *= 2.0;
    --k;
  }
  const double s = (m - 1.0) / (m + 1.0);
  const double z = s * s;  // below 0.0295: the first term left out is below 1e-18
  static constexpr std::array<double, 12> kArtanh = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,
                                                     2.0 / 11, 2.0 / 13, 2.0 / 15, 2.0 / 17,
                                                     2.0 / 19, 2.0 / 21, 2.0 / 23, 2.0 / 25};
  const double tail = s * z * polynomial(kArtanh, z);
  const double exponent = k;
  return exponent * kLn2High + (2.0 * s + (tail + exponent * kLn2Low));
}

double portable_exp(double x) {
  if (std::isnan(x)) {
    return x;
  }
  if (x > 709.8) {
    return kInfinity;
  }
  if (x < -745.2) {
    return 0.0;
  }
  // x = k ln 2 + r with |r| <= ln 2 / 2; the Taylor series of e^r to degree 15.
  const double scaled = x * kLog2E;
  const int k = static_cast<int>(scaled + (scaled < 0.0 ? -0.5 : 0.5));
  const double r = (x - k * kLn2High) - k * kLn2Low;
  static constexpr std::array<double, 14> kTaylor = {1.0 / 2,
                                                     1.0 / 6,
                                                     1.0 / 24,
                                                     1.0 / 120,
                                                     1.0 / 720,
                                                     1.0 / 5040,
                                                     1.0 / 40320,
                                                     1.0 / 362880,
                                                     1.0 / 3628800,
                                                     1.0 / 39916800,
                                                     1.0 / 479001600,
                                                     1.0 / 6227020800.0,
                                                     1.0 / 87178291200.0,
                                                     1.0 / 1307674368000.0};
  const double sum = 1.0 + (r + r * r * polynomial(kTaylor, r));
  return std::ldexp(sum, k);
}

double portable_normal_quantile(double p) {
  if (!(p > 0.0 && p < 1.0)) {
    return p == 0.0 ? -kInfinity : p == 1.0 ? kInfinity : kNan;
  }
  const double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    static constexpr std::array<double, 8> kA = {
        3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
        1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
        3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static constexpr std::array<double, 8> kB = {1.0,
                                                 4.2313330701600911252e+1,
                                                 6.8718700749205790830e+2,
                                                 5.3941960214247511077e+3,
                                                 2.1213794301586595867e+4,
                                                 3.9307895800092710610e+4,
                                                 2.8729085735721942674e+4,
                                                 5.2264952788528545610e+3};
    const double r = 0.180625 - q * q;
    return q * polynomial(kA, r) / polynomial(kB, r);
  }
  double r = std::sqrt(-portable_log(q < 0.0 ? p : 1.0 - p));
  double value = 0.0;
  if (r <= 5.0) {
    static constexpr std::array<double, 8> kC = {
        1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
        3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
        2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static constexpr std::array<double, 8> kD = {1.0,
                                                 2.05319162663775882187e0,
                                                 1.67638483018380384940e0,
                                                 6.89767334985100004550e-1,
                                                 1.48103976427480074590e-1,
                                                 1.51986665636164571966e-2,
                                                 5.47593808499534494600e-4,
                                                 1.05075007164441684324e-9};
    r -= 1.6;
    value = polynomial(kC, r) / polynomial(kD, r);
  } else {
    static constexpr std::array<double, 8> kE = {
        6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
        2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
        2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static constexpr std::array<double, 8> kF = {1.0,
                                                 5.99832206555887937690e-1,
                                                 1.36929880922735805310e-1,
                                                 1.48753612908506148525e-2,
                                                 7.86869131145613259100e-4,
                                                 1.84631831751005468180e-5,
                                                 1.42151175831644588870e-7,
                                                 2.04426310338993978564e-15};
    r -= 5.0;
    value = polynomial(kE, r) / polynomial(kF, r);
  }
  return q < 0.0 ? -value : value;
}

}  // namespace sim
