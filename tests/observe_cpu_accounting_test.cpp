// SPDX-License-Identifier: BSD-2-Clause
#include "sim/base/assert.hpp"
#include "sim/observe/cpu_accounting.hpp"
#include "tests/support/catch.hpp"

using sim::CpuAccounting;
using sim::Work;

TEST_CASE("kinds of work have the names that reports use", "[observe]") {
  CHECK(sim::work_name(Work::interrupt) == "interrupt");
  CHECK(sim::work_name(Work::switching) == "switch");
  CHECK(sim::work_name(Work::idle) == "idle");
  CHECK(static_cast<std::size_t>(Work::idle) + 1 == sim::kWorkCount);
}

TEST_CASE("only time inside the window counts", "[observe]") {
  CpuAccounting cpu(1'000, 2'000);
  cpu.add_core(0);
  cpu.charge(0, Work::lock, 0, 900);
  cpu.charge(0, Work::copy, 900, 1'500);
  cpu.charge(0, Work::idle, 1'500, 2'500);
  cpu.close(2'000);
  CHECK(cpu.total_ps(0, Work::lock) == 0);
  CHECK(cpu.total_ps(0, Work::copy) == 500);
  CHECK(cpu.fraction(0, Work::idle) == 0.5);
}

TEST_CASE("a core that came late is measured from then on", "[observe]") {
  CpuAccounting cpu(0, 1'000);
  cpu.add_core(600);
  cpu.charge(0, Work::spin, 600, 700);
  cpu.charge(0, Work::idle, 700, 1'000);
  cpu.close(1'000);
  CHECK(cpu.elapsed_ps(0) == 400);
  CHECK(cpu.fraction(0, Work::spin) == 0.25);
}

TEST_CASE("what was charged ahead is taken back when the run ends early", "[observe]") {
  CpuAccounting cpu(0, 1'000);
  cpu.add_core(0);
  cpu.charge(0, Work::switching, 0, 800);
  cpu.refund(0, Work::switching, 500, 800);
  cpu.close(500);
  CHECK(cpu.fraction(0, Work::switching) == 1.0);
}

TEST_CASE("time that does not add up is an internal error that names the core", "[observe]") {
  CpuAccounting gap(0, 1'000);
  gap.add_core(0);
  gap.charge(0, Work::copy, 0, 999);
  CHECK_THROWS_AS(gap.close(1'000), sim::InternalError);
  CpuAccounting twice(0, 1'000);
  twice.add_core(0);
  twice.charge(0, Work::copy, 0, 1'000);
  twice.charge(0, Work::spin, 10, 11);
  CHECK_THROWS_AS(twice.close(1'000), sim::InternalError);
}
