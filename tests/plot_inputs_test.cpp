// SPDX-License-Identifier: BSD-2-Clause
//
// Inputs and outputs of `plot`: reports of one name, outputs that are inputs, pages, units.
#include <filesystem>
#include <string>

#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::ContainsSubstring;
using tests::bytes_of;
using tests::Outcome;
using tests::sockbufsim;

namespace {

constexpr const char* kScenario = R"({"schema": "sockbufsim/scenario/1", "name": "one",
  "duration_ms": 4, "warmup_ms": 1, "machine": {"profile": "woodcrest-2007", "cores": 2},
  "traffic": {"kind": "line_rate"}, "sockets": [{"readers": [{"core": 1}]}]})";

/// A column of its own name, one of two fields with one unit, one of two with different ones.
constexpr const char* kUnits = R"({"schema": "sockbufsim/study/1", "name": "units",
  "base": { "schema": "sockbufsim/scenario/1", "name": "small", "seed": 1, "duration_ms": 2,
    "warmup_ms": 1, "machine": { "profile": "woodcrest-2007", "cores": 2 },
    "nic": { "coalesce": { "kind": "timer", "delay_us": 10 } },
    "traffic": { "kind": "line_rate" }, "sockets": [ { "readers": [ { "core": 1 } ] } ] },
  "factors": {
    "sockets.0.readers.0.read_bytes": { "name": "read size", "values": [ 4096, 65536 ] },
    "frame": { "together": [ { "path": "nic.mtu", "values": [ 1500, 9000 ] },
                             { "path": "sockets.0.receive_buffer_bytes",
                               "values": [ 131072, 262144 ] } ] },
    "both": { "together": [ { "path": "nic.rx_ring", "values": [ 256, 512 ] },
                            { "path": "nic.coalesce.delay_us", "values": [ 10, 20 ] } ] } },
  "replications": 1 })";

}  // namespace

TEST_CASE("Reports of one name are told apart, and none is drawn twice", "[plot]") {
  const tests::TempDir directory;
  directory.write("s.json", kScenario);
  for (const char* folder : {"old", "new"}) {
    std::filesystem::create_directories(directory.file(folder));
    REQUIRE(
        sockbufsim(directory, std::string("run s.json --out json:") + folder + "/r.json").status ==
        0);
  }
  REQUIRE(sockbufsim(directory, "plot old/r.json new/r.json -o p.svg --figure cpu").status == 0);
  const std::string svg = bytes_of(directory.file("p.svg"));
  CHECK_THAT(svg, ContainsSubstring("old/r, core 0") && ContainsSubstring("new/r, core 0"));
  std::filesystem::create_symlink("old/r.json", directory.file("link.json"));
  for (const char* twice :
       {"old/r.json old/r.json", "old/r.json ./old/../old/r.json", "old/r.json link.json"}) {
    const Outcome plot = sockbufsim(directory, std::string("plot ") + twice + " -o x.svg");
    INFO(twice << ": " << plot.text);
    CHECK(plot.status == 2);
    CHECK_THAT(plot.text, ContainsSubstring("allowed: each report once"));
  }
}

TEST_CASE("A picture does not replace what it is made of", "[plot]") {
  const tests::TempDir directory;
  directory.write("s.json", kScenario);
  REQUIRE(sockbufsim(directory, "run s.json --out json:p.svg").status == 0);
  std::filesystem::create_symlink("p.svg", directory.file("link.svg"));
  const std::string before = bytes_of(directory.file("p.svg"));
  for (const char* output : {"p.svg", "./p.svg", "link.svg"}) {
    const Outcome plot = sockbufsim(directory, std::string("plot p.svg -o ") + output);
    INFO(output << ": " << plot.text);
    CHECK(plot.status == 2);
    CHECK_THAT(plot.text, ContainsSubstring("which is an input; allowed: another file"));
  }
  CHECK(bytes_of(directory.file("p.svg")) == before);
}

TEST_CASE("A page shows the figure and its numbers, and runs nothing", "[plot][html]") {
  const tests::TempDir directory;
  directory.write("study.json", kUnits);
  REQUIRE(sockbufsim(directory, "sweep study.json --store s.db --jobs 1").status == 0);
  const Outcome plot = sockbufsim(
      directory, "plot s.db -o p.html --figure line --metric throughput.goodput_gbps --x frame");
  INFO(plot.text);
  REQUIRE(plot.status == 0);
  const std::string page = bytes_of(directory.file("p.html"));
  CHECK_THAT(page, ContainsSubstring("<!DOCTYPE html>") && ContainsSubstring("<svg role=\"img\""));
  CHECK_THAT(page, ContainsSubstring("default-src 'none'; script-src 'none'"));
  CHECK_THAT(page, ContainsSubstring("<h1>throughput.goodput_gbps</h1>"));
  CHECK_THAT(page, ContainsSubstring("study units, seed 1"));
  CHECK_THAT(page, ContainsSubstring("<th scope=\"col\">frame [bytes]</th>"));
  CHECK_THAT(page, ContainsSubstring("<td>9000</td>"));
  CHECK_THAT(page, !ContainsSubstring("<script") && !ContainsSubstring("<?xml"));
}

TEST_CASE("Axes of named and joined factors have the unit of their fields", "[plot]") {
  const tests::TempDir directory;
  directory.write("study.json", kUnits);
  REQUIRE(sockbufsim(directory, "sweep study.json --store s.db --jobs 1").status == 0);
  const std::pair<const char*, const char*> labels[] = {
      {"read size", ">read size [bytes]<"}, {"frame", ">frame [bytes]<"}, {"both", ">both<"}};
  for (const auto& [factor, label] : labels) {
    const Outcome plot =
        sockbufsim(directory, std::string("plot s.db -o p.svg --figure line "
                                          "--metric throughput.goodput_gbps --x '") +
                                  factor + "'");
    INFO(plot.text);
    REQUIRE(plot.status == 0);
    CHECK_THAT(bytes_of(directory.file("p.svg")), ContainsSubstring(label));
  }
  REQUIRE(sockbufsim(directory, "merge s.db -o m.db").status == 0);
  REQUIRE(sockbufsim(directory,
                     "plot m.db -o m.svg --figure line --x 'read size' --metric "
                     "throughput.goodput_gbps")
              .status == 0);
  CHECK_THAT(bytes_of(directory.file("m.svg")), ContainsSubstring(">read size [bytes]<"));
}
