// SPDX-License-Identifier: BSD-2-Clause
//
// Whole scenarios that once broke the model: found by drawing many, and kept.
#include "models/simulation.hpp"
#include "tests/support/catch.hpp"

namespace {

models::Report report_of(const char* text) {
  const models::LoadedScenario loaded = models::load_scenario_text(text, "scenario");
  return models::simulate({&loaded}).report;
}

}  // namespace

TEST_CASE("whoever lends a priority while an IPI is under way keeps its core", "[machine]") {
  // L blocks on M2 and lends O its priority, while T waits on L's core for the IPI of U's unlock.
  const models::Report report = report_of(R"({
    "schema": "sockbufsim/scenario/1", "duration_ms": 50, "machine": {"cores": 2},
    "locks": [{"name": "M1", "kind": "sleep"}, {"name": "M2", "kind": "sleep"}],
    "threads": [
      {"name": "T", "lock": "M1", "think_ns": {"exponential": 20000}, "hold_ns": 1000, "core": 0,
       "priority": "interrupt"},
      {"name": "U", "lock": "M1", "think_ns": {"exponential": 20000}, "hold_ns": 10000, "core": 1},
      {"name": "O", "lock": "M2", "think_ns": {"exponential": 5000}, "hold_ns": 5000, "core": 0},
      {"name": "L", "lock": "M2", "think_ns": {"exponential": 5000}, "hold_ns": 500, "core": 0,
       "priority": "kernel"}]})");
  CHECK(report.verdict == models::Verdict::completed);
  for (const auto& thread : report.threads) CHECK(thread.rounds > 100);
}

TEST_CASE("a thread that waits for its own IPI with work before it loses no time", "[machine]") {
  // The driver schedules swi_net on core 0 and goes on to the next segment; a clock tick falls into
  // the IPI. That the time of the cores adds up is checked at the end of every run.
  const models::Report report = report_of(R"({
    "schema": "sockbufsim/scenario/1", "duration_ms": 100,
    "machine": {"cores": 2, "cost_cv": 0.1},
    "nic": {"dispatch": "netisr", "netisr_core": 0, "queue_cores": [1], "lro": true,
            "coalesce": {"kind": "timer", "delay_us": 20}},
    "traffic": {"kind": "line_rate"},
    "sockets": [{"count": 4, "readers": [{"core": 0, "read_bytes": 65536}]}]})");
  CHECK(report.verdict == models::Verdict::completed);
}

TEST_CASE("readers that share a core take turns, however often it is interrupted", "[machine]") {
  // Where the interrupts are, too, they come more often than a slice lasts.
  for (const char* core : {"0", "1"}) {
    INFO("core " << core);
    const models::LoadedScenario loaded = models::load_scenario_text(
        R"({
      "schema": "sockbufsim/scenario/1", "duration_ms": 60, "warmup_ms": 1,
      "machine": {"cores": 2, "time_slice_ms": 1},
      "traffic": {"kind": "line_rate", "rate_pps": 100000},
      "sockets": [
        {"readers": [{"name": "a", "core": 1, "read_bytes": 1448, "process_ns": 30000}]},
        {"readers": [{"name": "b", "core": 1, "read_bytes": 1448, "process_ns": 30000}]}]})",
        "scenario", ".",
        {std::string("sockets.0.readers.0.core=") + core,
         std::string("sockets.1.readers.0.core=") + core});
    const models::Report report = models::simulate({&loaded}).report;
    const double a = report.readers.at(0).reads;
    const double b = report.readers.at(1).reads;
    CHECK(a > 0.5 * b);
    CHECK(b > 0.5 * a);
  }
}

TEST_CASE("bytes that vanish from under marks are a violation", "[machine]") {
  // The old sblock lets a non-blocking reader in.
  const models::Report report = report_of(R"({
    "schema": "sockbufsim/scenario/1", "seed": 2141, "duration_ms": 4, "tie_break": "shuffle",
    "machine": {"cores": 4, "lock_discipline": "sleep", "time_slice_ms": 100, "cost_cv": 0.1},
    "traffic": {"kind": "tcp"}, "nic": {"coalesce": {"kind": "adaptive"}},
    "receive": {"algorithm": "mark_inplace", "era": "2007_03"},
    "sockets": [
      {"readers": [
        {"read_bytes": 1448, "process_ns": {"exponential": 100}, "core": 2, "blocking": false,
         "poll_us": 10},
        {"read_bytes": 1448, "process_ns": {"exponential": 20000}},
        {"read_bytes": 2000, "process_ns": 100, "core": 3}]},
      {"receive_buffer_bytes": 262144, "autosize": true,
       "readers": [{"read_bytes": 1448, "process_ns": {"uniform": [0, 200]}, "core": 3}]}]})");
  CHECK(report.verdict == models::Verdict::violation);
  REQUIRE_FALSE(report.violations.empty());
  CHECK(report.violations.at(0).kind == "sockbuf_head_changed");
}

TEST_CASE("bytes that vanish from under a peek are a violation", "[machine]") {
  const models::Report report = report_of(R"({
    "schema": "sockbufsim/scenario/1", "duration_ms": 1, "machine": {"cores": 2},
    "traffic": {"kind": "line_rate", "rate_pps": 400000},
    "nic": {"mtu": 576, "coalesce": {"kind": "adaptive"}},
    "sockets": [{"readers": [
      {"read_bytes": 1448, "process_ns": {"exponential": 20000}, "blocking": false, "poll_us": 10,
       "peek": true},
      {"read_bytes": 100, "core": 1}]}]})");
  CHECK(report.verdict == models::Verdict::violation);
  REQUIRE_FALSE(report.violations.empty());
  CHECK(report.violations.at(0).kind == "sockbuf_head_changed");
}
