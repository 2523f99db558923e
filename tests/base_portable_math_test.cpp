// SPDX-License-Identifier: BSD-2-Clause
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>

#include "sim/base/portable_math.hpp"
#include "sim/base/random.hpp"
#include "tests/support/catch.hpp"

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double relative_error(double actual, double expected) {
  return expected == 0.0 ? std::abs(actual) : std::abs((actual - expected) / expected);
}

}  // namespace

TEST_CASE("portable_log agrees with the C library to 1e-15", "[base]") {
  sim::Stream s(1, 0, "log");
  double worst = 0.0;
  for (int i = 0; i < 50'000; ++i) {
    const double near_one = s.uniform(0.5, 2.0);
    const double unit = 1.0 - s.uniform01();
    const double anywhere = std::ldexp(near_one, static_cast<int>(s.below(2000)) - 1000);
    for (const double x : {near_one, unit, anywhere, 1.0 + unit * 1e-9}) {
      worst = std::max(worst, relative_error(sim::portable_log(x), std::log(x)));
    }
  }
  CHECK(worst < 1e-15);
  CHECK(sim::portable_log(1.0) == 0.0);
  CHECK(sim::portable_log(0.0) == -kInfinity);
  CHECK(sim::portable_log(kInfinity) == kInfinity);
  CHECK(std::isnan(sim::portable_log(-1.0)));
  CHECK(std::isnan(sim::portable_log(std::nan(""))));
  const double subnormal = std::numeric_limits<double>::denorm_min();
  CHECK(relative_error(sim::portable_log(subnormal), std::log(subnormal)) < 1e-15);
}

TEST_CASE("portable_exp agrees with the C library to 1e-15", "[base]") {
  sim::Stream s(1, 0, "exp");
  double worst = 0.0;
  for (int i = 0; i < 50'000; ++i) {
    for (const double x : {s.uniform(-1, 1), s.uniform(-20, 20), s.uniform(-708, 709)}) {
      worst = std::max(worst, relative_error(sim::portable_exp(x), std::exp(x)));
    }
  }
  CHECK(worst < 1e-15);
  CHECK(sim::portable_exp(0.0) == 1.0);
  CHECK(sim::portable_exp(710.0) == kInfinity);
  CHECK(sim::portable_exp(kInfinity) == kInfinity);
  CHECK(sim::portable_exp(-746.0) == 0.0);
  CHECK(sim::portable_exp(-kInfinity) == 0.0);
  CHECK(std::isnan(sim::portable_exp(std::nan(""))));
  CHECK(sim::portable_exp(709.78) == Catch::Approx(std::exp(709.78)));
}

TEST_CASE("the normal quantile agrees with Boost's", "[base]") {
  const boost::math::normal standard;
  sim::Stream s(1, 0, "quantile");
  double worst = 0.0;
  for (int i = 0; i < 5'000; ++i) {
    const double u = 1.0 - s.uniform01();
    for (const double p : {u, std::ldexp(u, -20), std::ldexp(u, -60), 1.0 - std::ldexp(u, -6)}) {
      if (p < 1.0 && std::abs(p - 0.5) > 1e-3) {  // next to 0 a relative error says little
        const double expected = boost::math::quantile(standard, p);
        worst = std::max(worst, relative_error(sim::portable_normal_quantile(p), expected));
      }
    }
  }
  CHECK(worst < 1e-14);
  CHECK(sim::portable_normal_quantile(0.5) == 0.0);
  CHECK(sim::portable_normal_quantile(0.975) == Catch::Approx(1.959963984540054).epsilon(1e-14));
  CHECK(sim::portable_normal_quantile(0.0) == -kInfinity);
  CHECK(sim::portable_normal_quantile(1.0) == kInfinity);
  CHECK(std::isnan(sim::portable_normal_quantile(1.5)));
}

TEST_CASE("portable functions keep their bits", "[base]") {
  // Fails where the compiler fused a multiplication with an addition (-ffp-contract=off missing).
  CHECK(sim::portable_log(0.1) == -0x1.26bb1bbb55515p+1);
  CHECK(sim::portable_log(1e300) == 0x1.5963447f87fb5p+9);
  CHECK(sim::portable_exp(1.0) == 0x1.5bf0a8b14576ap+1);
  CHECK(sim::portable_exp(-20.3) == 0x1.a3b8dc86d1c8ep-30);
  CHECK(sim::portable_normal_quantile(0.01) == -0x1.29c5c4630ff0ep+1);
}
