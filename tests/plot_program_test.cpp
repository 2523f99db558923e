// SPDX-License-Identifier: BSD-2-Clause
//
// `plot` as a script sees it, with the real gnuplot.
#include <filesystem>
#include <string>

#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using tests::bytes_of;
using tests::Outcome;
using tests::sockbufsim;

namespace {

/// Names that would run or break something, if anything took them for more than text.
constexpr const char* kStudy = R"({
  "schema": "sockbufsim/study/1", "name": "it's `touch ran` \\ \"x\" $(touch ran) <b>&amp; %s",
  "base": { "schema": "sockbufsim/scenario/1", "name": "small", "seed": 1, "duration_ms": 2,
            "warmup_ms": 1, "machine": { "profile": "woodcrest-2007", "cores": 2 },
            "nic": { "mtu": 1500 }, "traffic": { "kind": "line_rate" },
            "sockets": [ { "readers": [ { "core": 1 } ] } ] },
  "factors": [
    { "variants": [ { "name": "g'`touch ran`\\", "set": {} },
                    { "name": "'.system('touch ran').' %d", "set": { "receive.algorithm": "stream_inplace" } } ] },
    { "path": "nic.mtu", "values": [ 1500, 9000 ] } ],
  "replications": 2 })";

const char* const kAllFigures[] = {"line",  "difference", "heat", "scatter",   "tornado",
                                   "waits", "cpu",        "ecdf", "histogram", "blame"};

}  // namespace

TEST_CASE("Every figure is drawn, whatever the names are", "[plot]") {
  const tests::TempDir directory;
  directory.write("study.json", kStudy);
  const Outcome sweep = sockbufsim(directory, "sweep study.json --store s.db --jobs 1");
  INFO(sweep.text);
  REQUIRE(sweep.status == 0);
  for (const std::string figure : kAllFigures) {
    const std::string where =
        figure == "blame" || figure == "histogram" ? " --where nic.mtu=1500" : "";
    const std::string one = figure == "blame" ? " --where \"variant=g'\\`touch ran\\`\\\\\"" : "";
    const Outcome plot =
        sockbufsim(directory, "plot s.db -o " + figure + ".svg --figure " + figure + where + one);
    INFO(figure << ": " << plot.text);
    REQUIRE(plot.status == 0);
    const std::string svg = bytes_of(directory.file(figure + ".svg"));
    CHECK_THAT(svg, ContainsSubstring("</svg>"));
    CHECK_THAT(svg, ContainsSubstring("touch ran"));
    CHECK_THAT(svg, !ContainsSubstring("<b>"));
    CHECK_FALSE(std::filesystem::exists(directory.file("ran")));
  }
  // Bars and intervals are there, not only axes.
  CHECK_THAT(bytes_of(directory.file("line.svg")), ContainsSubstring("<polygon"));
}

TEST_CASE("plot chooses a figure, makes the same SVG again, and PNG and PDF", "[plot]") {
  const tests::TempDir directory;
  directory.write("study.json", kStudy);
  REQUIRE(sockbufsim(directory, "sweep study.json --store s.db --jobs 1").status == 0);
  REQUIRE(sockbufsim(directory, "plot s.db -o a.svg").status == 0);
  REQUIRE(sockbufsim(directory, "plot s.db -o b.svg", "LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo").status ==
          0);
  CHECK(bytes_of(directory.file("a.svg")) == bytes_of(directory.file("b.svg")));
  CHECK_THAT(bytes_of(directory.file("a.svg")), ContainsSubstring("contended_fraction"));
  CHECK_THAT(bytes_of(directory.file("a.svg")), ContainsSubstring("seed 1, 2 replications"));
  REQUIRE(sockbufsim(directory, "plot s.db -o a.png").status == 0);
  CHECK_THAT(bytes_of(directory.file("a.png")), StartsWith("\x89PNG"));
  REQUIRE(sockbufsim(directory, "plot s.db -o a.pdf").status == 0);
  CHECK_THAT(bytes_of(directory.file("a.pdf")), StartsWith("%PDF"));
  CHECK_FALSE(std::filesystem::exists(directory.file("a.gp")));
  REQUIRE(sockbufsim(directory, "plot s.db -o k.svg --keep").status == 0);
  CHECK_THAT(bytes_of(directory.file("k.gp")), ContainsSubstring("data = 'k.dat'"));
  CHECK_FALSE(bytes_of(directory.file("k.dat")).empty());
}

TEST_CASE("plot draws reports without a store", "[plot]") {
  const tests::TempDir directory;
  directory.write("s.json", R"({"schema": "sockbufsim/scenario/1", "name": "one", "duration_ms": 4,
    "warmup_ms": 1, "machine": {"profile": "woodcrest-2007", "cores": 2},
    "traffic": {"kind": "line_rate"}, "sockets": [{"readers": [{"core": 1}]}]})");
  REQUIRE(sockbufsim(directory, "run s.json --out json:r.json").status == 0);
  REQUIRE(sockbufsim(directory, "plot r.json -o r.svg").status == 0);
  CHECK_THAT(bytes_of(directory.file("r.svg")), ContainsSubstring("tcp_input.c:1201"));
  const Outcome line = sockbufsim(directory, "plot r.json -o l.svg --figure line");
  CHECK(line.status == 2);
  CHECK_THAT(line.text, ContainsSubstring("needs a study"));
  const Outcome time =
      sockbufsim(directory, "plot r.json -o l.svg --figure ecdf --metric locks.so_rvc.wait_ns");
  CHECK(time.status == 2);
  CHECK_THAT(time.text, ContainsSubstring("Did you mean \"locks.so_rcv.wait_ns\"?"));
  CHECK_FALSE(std::filesystem::exists(directory.file("l.svg")));
}

TEST_CASE("plot refuses what it cannot draw, and writes nothing", "[plot]") {
  const tests::TempDir directory;
  directory.write("study.json", kStudy);
  directory.write("none.txt", "nothing of ours");
  REQUIRE(sockbufsim(directory, "sweep study.json --store s.db --jobs 1").status == 0);
  const std::pair<const char*, const char*> bad[] = {
      {"s.db -o x.svg --figure lien", "Did you mean \"line\"?"},
      {"s.db -o x.svg --metric throughput.goodput_gbsp",
       "Did you mean \"throughput.goodput_gbps\"?"},
      {"s.db -o x.svg --x nic.mut", "Did you mean \"nic.mtu\"?"},
      {"s.db -o x.svg --by varaint", "Did you mean \"variant\"?"},
      {"s.db -o x.svg --x nic.mtu --by nic.mtu", "which is --x too"},
      {"s.db -o x.svg --where nic.mtu=1501", "Did you mean \"1500\"?"},
      {"s.db -o x.svg --study its", "found no study"},
      {"s.db -o x.svg --figure blame", "Choose with --where"},
      {"s.db -o x.svg --figure waits --x nic.mtu", "--x: not allowed"},
      {"s.db -o x.svg --figure cpu --metric throughput.goodput_gbps",
       "allowed with --figure cpu: none"},
      {"s.db -o x.svg --figure blame --metric foo.bar", "Leave --metric out"},
      {"s.db -o ./s.db", "allowed: a file that ends in"},
      {"s.db -o x.jpg", "allowed: a file that ends in .svg, .png, .pdf or .html"},
      {"s.db s.db -o x.svg", "one store, or reports"},
      {"none.txt -o x.svg", "found no report"},
      {"missing.json -o x.svg", "missing.json: found no such file"},
      {"s.db -o no/such/x.svg", "No such file"},
  };
  for (const auto& [arguments, message] : bad) {
    const Outcome plot = sockbufsim(directory, std::string("plot ") + arguments);
    INFO(arguments);
    CHECK(plot.status == 2);
    CHECK_THAT(plot.text, ContainsSubstring(message));
    CHECK_FALSE(std::filesystem::exists(directory.file("x.svg")));
  }
}

TEST_CASE("Without gnuplot plot names the package", "[plot]") {
  const tests::TempDir directory;
  directory.write("study.json", kStudy);
  REQUIRE(sockbufsim(directory, "sweep study.json --store s.db --jobs 1").status == 0);
  const Outcome plot = sockbufsim(directory, "plot s.db -o x.svg", "PATH=/nonexistent");
  CHECK(plot.status == 2);
  CHECK_THAT(plot.text, ContainsSubstring("gnuplot-nox"));
  CHECK_FALSE(std::filesystem::exists(directory.file("x.svg")));
}

TEST_CASE("plot that is interrupted leaves nothing behind", "[plot]") {
  const tests::TempDir directory;
  directory.write("study.json", kStudy);
  REQUIRE(sockbufsim(directory, "sweep study.json --store s.db --jobs 1").status == 0);
  std::filesystem::create_directories(directory.file("bin"));
  std::filesystem::create_directories(directory.file("tmp"));
  directory.write("bin/gnuplot", "#!/bin/sh\ntouch \"$STARTED\"\nexec sleep 60\n");
  std::filesystem::permissions(directory.file("bin/gnuplot"), std::filesystem::perms::owner_all);
  for (const char* signal : {"INT", "TERM"}) {
    const std::string started = directory.file(std::string("started-") + signal);
    // As a terminal's Ctrl-C does, the signal goes to the whole group.
    const Outcome outcome = sockbufsim(
        directory, "plot s.db -o a.svg",
        "STARTED='" + started + "' TMPDIR=\"$PWD/tmp\" PATH=\"$PWD/bin:$PATH\" timeout " +
            "--preserve-status -s " + signal + " 2");
    INFO(outcome.text);
    CHECK(outcome.status >= 128);
    CHECK(std::filesystem::exists(started));
    CHECK(std::filesystem::is_empty(directory.file("tmp")));
    CHECK_FALSE(std::filesystem::exists(directory.file("a.svg")));
  }
}
