// SPDX-License-Identifier: BSD-2-Clause
//
// What figures make of designs that are no full grids, of units and of ranges.
#include <string>
#include <vector>

#include "cli/plot/axis.hpp"
#include "cli/plot/figures.hpp"
#include "cli/plot/matched.hpp"
#include "cli/plot/selection.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/results.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using test::number;

namespace {

/// The metric depends on `read` alone; `ring` is 1024 only where `read` is 60.
cli::Results confounded() {
  test::ResultsBuilder made({"ring", "read"});
  made.point({number("ring", 256), number("read", 20)}, {1.0, 2.0, 3.0})
      .point({number("ring", 256), number("read", 60)}, {11.0, 12.0, 13.0})
      .point({number("ring", 1024), number("read", 60)}, {11.0, 12.0, 13.0});
  return made.results();
}

/// Ten points of two factors, no two of which share a value.
cli::Results sampled() {
  test::ResultsBuilder made({"a", "b"});
  for (int i = 0; i < 10; ++i) {
    made.point({number("a", 1000 + 37 * i), number("b", 7 * i % 10)}, {1.0 * i, 1.0 * i + 1.0});
  }
  return made.results();
}

}  // namespace

TEST_CASE("A tornado compares points that differ in one factor alone", "[plot]") {
  const cli::Results results = confounded();
  const auto cells = cli::cells_of(results, "m");
  const cli::MatchedEffect ring =
      cli::MatchedPoints(cells, "ring").between({number("ring", 256)}, {number("ring", 1024)});
  CHECK(ring.pairs == 3);
  CHECK(ring.effect.value == 0.0);
  CHECK(ring.effect.paired);
  CHECK(ring.low == 12.0);
  const cli::MatchedEffect read =
      cli::MatchedPoints(cells, "read").between({number("read", 20)}, {number("read", 60)});
  CHECK(read.pairs == 3);
  CHECK_THAT(read.effect.value, WithinAbs(10.0, 1e-12));
  const std::string script = cli::tornado_figure(results, {"m", "", ""}).script();
  CHECK_THAT(script, ContainsSubstring("\"3 matched pairs\""));
  CHECK_THAT(script, ContainsSubstring("\"+10 (+10 to +10)\""));
}

TEST_CASE("A tornado of one replication speaks of no interval", "[plot]") {
  test::ResultsBuilder made({"ring", "read"});
  made.point({number("ring", 256), number("read", 20)}, {1.0})
      .point({number("ring", 256), number("read", 60)}, {11.0})
      .point({number("ring", 1024), number("read", 60)}, {12.0});
  const std::string one = cli::tornado_figure(made.results(), {"m", "", ""}).notes.front();
  CHECK_THAT(one, !ContainsSubstring("95 %"));
  CHECK_THAT(one, ContainsSubstring("one replication tells no interval"));
  CHECK_THAT(cli::tornado_figure(confounded(), {"m", "", ""}).notes.front(),
             ContainsSubstring("with its 95 % interval"));
}

TEST_CASE("Matched points of independent seeds are not paired", "[plot]") {
  test::ResultsBuilder made({"ring"});
  made.point({number("ring", 1)}, {1.0, 2.0, 3.0}, 7)
      .point({number("ring", 2)}, {2.0, 3.0, 4.0}, 8);
  const auto cells = cli::cells_of(made.results(), "m");
  const cli::MatchedEffect ring =
      cli::MatchedPoints(cells, "ring").between({number("ring", 1)}, {number("ring", 2)});
  CHECK(ring.effect.value == 1.0);
  CHECK_FALSE(ring.effect.paired);
  CHECK(ring.effect.low < 0.0);
}

TEST_CASE("Only replications that all matched points have are compared", "[plot]") {
  test::ResultsBuilder made({"ring", "read"});
  made.point({number("ring", 1), number("read", 1)}, {1.0, 1.0, 1.0})
      .point({number("ring", 2), number("read", 1)}, {2.0, 2.0})
      .point({number("ring", 1), number("read", 2)}, {10.0, 10.0, 40.0})
      .point({number("ring", 2), number("read", 2)}, {13.0, 13.0, 80.0});
  const auto cells = cli::cells_of(made.results(), "m");
  const cli::MatchedEffect ring =
      cli::MatchedPoints(cells, "ring").between({number("ring", 1)}, {number("ring", 2)});
  CHECK(ring.pairs == 4);
  CHECK(ring.effect.value == 2.0);
}

TEST_CASE("A tornado leaves out what has no matched points, and says so", "[plot]") {
  test::ResultsBuilder made({"ring", "read", "step"});
  for (const int step : {1, 2}) {  // ring and read move together
    made.point({number("ring", step), number("read", step), number("step", 0)}, {1.0 * step, 2.0})
        .point({number("ring", step), number("read", step), number("step", 1)}, {5.0, 6.0});
  }
  const cli::Figure figure = cli::tornado_figure(made.results(), {"m", "", ""});
  REQUIRE(figure.notes.size() == 2);
  CHECK_THAT(figure.notes[1], ContainsSubstring("alone: ring, read"));
  CHECK_THROWS_WITH(cli::tornado_figure(sampled(), {"m", "", ""}),
                    ContainsSubstring("--figure scatter"));
  CHECK_FALSE(cli::has_matched_points(sampled()));
  CHECK(cli::has_matched_points(confounded()));
}

TEST_CASE("A sample is drawn as points against each factor", "[plot]") {
  CHECK(cli::is_scattered(sampled(), "a"));
  CHECK_FALSE(cli::is_scattered(confounded(), "read"));
  const cli::Figure figure = cli::scatter_figure(sampled(), {"m", "", ""});
  CHECK_THAT(figure.script(), ContainsSubstring("\"a\" at") && ContainsSubstring("\"b\" at"));
  CHECK(figure.table.rows.size() == 10);
  CHECK(figure.table.rows[1] == std::vector<std::string>{"1037", "7", "1.5", "-4.853", "7.853"});
  const cli::Figure one = cli::scatter_figure(sampled(), {"m", "b", ""});
  CHECK_THAT(one.script(), !ContainsSubstring("\"a\" at"));
  CHECK_THROWS_WITH(cli::scatter_figure(sampled(), {"m", "c", ""}),
                    ContainsSubstring("--x: found \"c\""));
}

TEST_CASE("Labels have four significant digits, or all of a short whole number", "[plot]") {
  CHECK(cli::short_number(65536.0) == "65536");
  CHECK(cli::short_number(1048576.0) == "1048576");
  CHECK(cli::short_number(12345.678) == "12350");
  CHECK(cli::short_number(0.0123456789) == "0.01235");
  CHECK(cli::short_number(1234567890.0) == "1.235e+09");
  CHECK(cli::short_number(-0.0) == "0");
  CHECK(cli::short_text({"f", "41.2345678901", 41.2345678901}) == "41.23");
  CHECK(cli::short_text({"f", "stream_inplace", {}}) == "stream_inplace");
  CHECK(cli::round_numbers(0.0, 0.03, 5) == std::vector<double>{0.0, 0.01, 0.02, 0.03});
  CHECK(cli::round_numbers(3.0, 3.0, 5) == std::vector<double>{3.0});
}

TEST_CASE("What is never negative has an axis from 0, and shares end at 1", "[plot]") {
  const auto range = [](std::initializer_list<double> values, bool shares) {
    cli::Extent extent;
    for (const double value : values) extent.add(value);
    return extent.with_room(shares).range(1.0);
  };
  CHECK(range({0.0, 0.0}, true) == "[0:1]");
  CHECK(range({0.1, 0.4}, true) == "[0:0.42]");
  CHECK(range({0.5, 1.0}, true) == "[0:1]");
  CHECK(range({0.0, 200.0}, false) == "[0:210]");
  CHECK(range({100.0, 101.0}, false) == "[99.95:101.0525]");
  CHECK(range({-1.0, 1.0}, false) == "[-1.1:1.105]");
  CHECK(cli::is_share("locks.so_rcv.contended_fraction"));
  CHECK(cli::is_share("cpus.0.lock"));
  CHECK_FALSE(cli::is_share("throughput.goodput_gbps"));
}

TEST_CASE("A factor's label has the unit of what it varies", "[plot]") {
  cli::Results results = confounded();
  CHECK(cli::label_of_factor(results, "read") == "read");
  results.units = {"frames", "bytes"};
  CHECK(cli::label_of_factor(results, "read") == "read [bytes]");
  CHECK_THAT(cli::line_figure(results, {"m", "read", ""}).script(),
             ContainsSubstring("set xlabel \"read [bytes]\""));
}

TEST_CASE("Notes and titles that are too long stay in the picture", "[plot]") {
  CHECK(cli::wrapped("one two three", 8) == std::vector<std::string>{"one two", "three"});
  CHECK(cli::wrapped("abcdefghij", 4) == std::vector<std::string>{"abcd", "efgh", "ij"});
  CHECK(cli::wrapped("", 4) == std::vector<std::string>{""});
  CHECK(cli::wrapped("seed 1, 2 replications", 9) ==
        std::vector<std::string>{"seed 1,", "2 replica", "tions"});
  cli::Figure figure;
  figure.title = std::string(300, 'x');
  const double before = figure.total_height();
  figure.notes.emplace_back(std::string(130, 'a') + " " + std::string(100, 'b'));
  CHECK(figure.total_height() > before + 2 * 18.0);
  CHECK_THAT(figure.script(), ContainsSubstring("xxx...\" noenhanced font ',10'"));
}

TEST_CASE("A map with too many cells has no numbers in them", "[plot]") {
  test::ResultsBuilder made({"a", "b"});
  for (int a = 0; a < 20; ++a) {
    for (int b = 0; b < 4; ++b) {
      made.point({number("a", 1000 + a), number("b", b)}, {0.0123 + a + b});
    }
  }
  const cli::Figure figure = cli::heat_figure(made.results(), {"m", "a", "b"});
  CHECK_THAT(figure.script(), !ContainsSubstring("with labels"));
  CHECK_THAT(figure.script(), !ContainsSubstring("\"1001\""));  // thinned
  CHECK_THAT(figure.script(), ContainsSubstring("\"1000\" 0, "));
}
