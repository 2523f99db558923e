// SPDX-License-Identifier: BSD-2-Clause
#include <limits>
#include <string>

#include "sim/base/assert.hpp"
#include "sim/base/time.hpp"
#include "tests/support/catch.hpp"

TEST_CASE("nanoseconds become picoseconds, halves away from zero", "[base]") {
  STATIC_REQUIRE(sim::from_ns(1) == 1000);
  STATIC_REQUIRE(sim::from_ns(0.0005) == 1);
  STATIC_REQUIRE(sim::from_ns(-0.0005) == -1);
  STATIC_REQUIRE(sim::from_ns(0.00049) == 0);
  STATIC_REQUIRE(sim::from_ns(1230.4) == 1'230'400);
  CHECK(sim::from_us(1.5) == 1'500'000);
  CHECK(sim::from_ms(50) == 50 * sim::kMillisecond);
  CHECK(sim::from_s(2) == 2 * sim::kSecond);
  CHECK(sim::to_ns(1'230'400) == 1230.4);
  CHECK(sim::to_us(sim::kSecond) == 1e6);
  CHECK(sim::to_ms(sim::kSecond) == 1e3);
  CHECK(sim::to_s(sim::kMillisecond) == 1e-3);
}

TEST_CASE("a time that does not fit is refused", "[base]") {
  CHECK_THROWS_AS(sim::from_s(1e7), sim::InternalError);
  CHECK_THROWS_AS(sim::from_ns(-1e16), sim::InternalError);
  CHECK_THROWS_AS(sim::from_ns(std::numeric_limits<double>::quiet_NaN()), sim::InternalError);
  CHECK_THROWS_AS(sim::from_ns(std::numeric_limits<double>::infinity()), sim::InternalError);
}

TEST_CASE("an assertion says where, what and which condition", "[base]") {
  std::string message;
  try {
    SIM_ASSERT(1 + 1 == 3, "arithmetic " + std::string("broke"));
  } catch (const sim::InternalError& e) {
    message = e.what();
  }
  CHECK_THAT(message, Catch::Matchers::ContainsSubstring("base_time_test.cpp:"));
  CHECK_THAT(message, Catch::Matchers::EndsWith(": arithmetic broke [1 + 1 == 3]"));
  CHECK_NOTHROW([] { SIM_ASSERT(true, "never"); }());
}
