// SPDX-License-Identifier: BSD-2-Clause
#include <numeric>
#include <string>

#include "sim/base/assert.hpp"
#include "sim/observe/cpu_accounting.hpp"
#include "tests/support/catch.hpp"

using sim::CpuAccounting;
using sim::Work;

namespace {

template <typename Array>
auto at(const Array& values, Work work) {
  return values[static_cast<std::size_t>(work)];
}

std::string message_of(const CpuAccounting& cpu, std::size_t core, sim::Picoseconds end) {
  try {
    cpu.totals(core, end);
  } catch (const sim::InternalError& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("kinds of work have the names that reports use", "[observe]") {
  CHECK(sim::work_name(Work::interrupt) == "interrupt");
  CHECK(sim::work_name(Work::switching) == "switch");
  CHECK(sim::work_name(Work::idle) == "idle");
  CHECK(static_cast<std::size_t>(Work::idle) + 1 == sim::kWorkCount);
}

TEST_CASE("time is charged by core and kind, the rest is idle", "[observe]") {
  CpuAccounting cpu(2);
  cpu.charge(0, Work::interrupt, 0, 100);
  cpu.charge(0, Work::copy, 150, 400);
  cpu.charge(0, Work::interrupt, 100, 125);
  cpu.charge(1, Work::spin, 0, 1'000);
  const auto first = cpu.totals(0, 1'000);
  CHECK(at(first, Work::interrupt) == 125);
  CHECK(at(first, Work::copy) == 250);
  CHECK(at(first, Work::idle) == 625);
  const auto fractions = cpu.fractions(0, 1'000);
  CHECK(at(fractions, Work::interrupt) == 0.125);
  CHECK(at(fractions, Work::idle) == 0.625);
  CHECK(std::accumulate(fractions.begin(), fractions.end(), 0.0) == Catch::Approx(1.0));
  CHECK(at(cpu.fractions(1, 1'000), Work::spin) == 1.0);
  CHECK(at(cpu.fractions(1, 1'000), Work::idle) == 0.0);
}

TEST_CASE("only the part of a charge inside the window counts", "[observe]") {
  CpuAccounting cpu(1);
  cpu.charge(0, Work::lock, 0, 500);
  cpu.reset(1'000, 2'000);
  cpu.charge(0, Work::protocol, 200, 900);
  cpu.charge(0, Work::protocol, 900, 1'100);
  cpu.charge(0, Work::syscall, 1'950, 2'500);
  cpu.charge(0, Work::application, 2'500, 2'600);
  const auto totals = cpu.totals(0, 2'000);
  CHECK(at(totals, Work::lock) == 0);
  CHECK(at(totals, Work::protocol) == 100);
  CHECK(at(totals, Work::syscall) == 50);
  CHECK(at(totals, Work::application) == 0);
  CHECK(at(totals, Work::idle) == 850);
}

TEST_CASE("an empty window was idle", "[observe]") {
  CpuAccounting cpu(1);
  cpu.reset(50);
  CHECK(at(cpu.fractions(0, 50), Work::idle) == 1.0);
}

TEST_CASE("time charged twice breaks the identity, with core and figures", "[observe]") {
  CpuAccounting cpu(2);
  cpu.charge(1, Work::copy, 0, 80);
  cpu.charge(1, Work::spin, 60, 100);
  CHECK_NOTHROW(cpu.totals(0, 100));
  const std::string message = message_of(cpu, 1, 100);
  CHECK_THAT(message,
             Catch::Matchers::ContainsSubstring("core 1: 120 ps charged of 100 ps elapsed"));
  CHECK_THAT(message, Catch::Matchers::ContainsSubstring("copy 80"));
  CHECK_THAT(message, Catch::Matchers::ContainsSubstring("spin 40"));
}

TEST_CASE("a gap breaks the identity where idle time is charged", "[observe]") {
  CpuAccounting cpu(1, CpuAccounting::Idle::charged);
  cpu.charge(0, Work::copy, 0, 60);
  cpu.charge(0, Work::idle, 60, 99);
  CHECK_THAT(message_of(cpu, 0, 100),
             Catch::Matchers::ContainsSubstring("core 0: 99 ps charged of 100 ps elapsed"));
  cpu.charge(0, Work::idle, 99, 100);
  CHECK(at(cpu.totals(0, 100), Work::idle) == 40);
}

TEST_CASE("impossible charges are refused", "[observe]") {
  CpuAccounting cpu(1);
  CHECK_THROWS_AS(cpu.charge(1, Work::copy, 0, 1), sim::InternalError);
  CHECK_THROWS_AS(cpu.charge(0, Work::copy, 2, 1), sim::InternalError);
  CHECK_THROWS_AS(cpu.charge(0, Work::idle, 0, 1), sim::InternalError);
  CHECK_THROWS_AS(cpu.totals(1, 10), sim::InternalError);
  CHECK_THROWS_AS(cpu.reset(10, 9), sim::InternalError);
  cpu.reset(10, 20);
  CHECK_THROWS_AS(cpu.totals(0, 9), sim::InternalError);
  CHECK_THROWS_AS(cpu.totals(0, 21), sim::InternalError);
}
