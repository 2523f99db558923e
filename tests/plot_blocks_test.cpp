// SPDX-License-Identifier: BSD-2-Clause
//
// Which block of the data each curve is drawn from: gnuplot does not count empty ones.
#include <regex>
#include <string>
#include <vector>

#include "cli/plot/figures.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/results.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::ContainsSubstring;
using tests::Outcome;
using tests::sockbufsim;

namespace {

/// The blocks as gnuplot counts them.
std::vector<std::string> blocks_of(const std::string& data) {
  std::vector<std::string> blocks = {""};
  int blanks = 0;
  std::size_t begin = 0;
  while (begin < data.size()) {
    const std::size_t end = data.find('\n', begin);
    const std::string line = data.substr(begin, end - begin);
    begin = end + 1;
    blanks = line.empty() ? blanks + 1 : 0;
    if (line.empty()) continue;
    blocks.back() += line + '\n';
    if (data.compare(begin, 2, "\n\n") == 0) blocks.emplace_back();
  }
  return blocks;
}

/// The block from which the curve with this title is drawn.
std::string block_with_title(const cli::Figure& figure, const std::string& title) {
  const std::string script = figure.script();
  std::smatch found;
  const std::regex item("data index (\\d+)[^,]* title \"" + title + "\"");
  REQUIRE(std::regex_search(script, found, item));
  return blocks_of(figure.data()).at(std::stoul(found[1]));
}

/// Variants A to D along two reads: A has 1 and 2, B 3 and 4, ...; `replicated` has several runs.
cli::Results four_variants(const std::string& replicated) {
  test::ResultsBuilder made({"variant", "read"});
  double value = 0.0;
  for (const std::string name : {"A", "B", "C", "D"}) {
    for (const int read : {10, 20}) {
      value += 1.0;
      const std::vector<double> values =
          name == replicated ? std::vector{value, value} : std::vector{value};
      made.point({test::word("variant", name), test::number("read", read)}, values);
    }
  }
  return made.results();
}

}  // namespace

TEST_CASE("Curves without intervals are drawn from their own numbers", "[plot]") {
  for (const std::string replicated : {"none", "A", "B", "D"}) {
    const cli::Figure figure = cli::line_figure(four_variants(replicated), {"m", "", ""});
    INFO("with an interval: " << replicated);
    CHECK(block_with_title(figure, "A") == "10 1\n20 2\n");
    CHECK(block_with_title(figure, "B") == "10 3\n20 4\n");
    CHECK(block_with_title(figure, "C") == "10 5\n20 6\n");
    CHECK(block_with_title(figure, "D") == "10 7\n20 8\n");
  }
  const cli::Figure difference =
      cli::difference_figure(four_variants("none"), {"m", "read", "variant"});
  CHECK(block_with_title(difference, "C - A") == "10 4\n20 4\n");
  CHECK(block_with_title(difference, "D - A") == "10 6\n20 6\n");
}

TEST_CASE("Nothing to draw takes no block", "[plot]") {
  cli::Figure figure;
  figure.plot_rows({}, {"with lines title \"none\""});
  figure.plot_rows({{1.0, 2.0}}, {"with lines", "with points"});
  figure.plot_rows({}, {"with lines"});
  figure.plot_rows({{3.0, 4.0}}, {"with dots"});
  CHECK(figure.data() == "1 2\n\n\n3 4\n");
  CHECK_THAT(figure.script(), ContainsSubstring("plot data index 0 with lines, \\\n"));
  CHECK_THAT(figure.script(), ContainsSubstring("data index 1 with dots"));
  CHECK_THAT(figure.script(), !ContainsSubstring("none"));
}

TEST_CASE("gnuplot finds as many blocks as the script draws", "[plot]") {
  const tests::TempDir directory;
  directory.write("study.json", R"({
    "schema": "sockbufsim/study/1", "name": "single",
    "base": { "schema": "sockbufsim/scenario/1", "name": "small", "seed": 1, "duration_ms": 2,
              "warmup_ms": 1, "machine": { "profile": "woodcrest-2007", "cores": 2 },
              "traffic": { "kind": "line_rate" }, "sockets": [ { "readers": [ { "core": 1 } ] } ] },
    "factors": { "nic.mtu": [ 1500, 4000, 9000 ],
                 "receive.algorithm": [ "generic", "stream_inplace" ] },
    "replications": 1 })");
  REQUIRE(sockbufsim(directory, "sweep study.json --store s.db --jobs 1").status == 0);
  for (const std::string figure : {"line", "difference", "heat", "scatter", "tornado"}) {
    const Outcome plot = sockbufsim(directory,
                                    "plot s.db -o p.svg --keep --metric throughput.goodput_gbps "
                                    "--figure " +
                                        figure);
    INFO(figure << ": " << plot.text);
    REQUIRE(plot.status == 0);
    const Outcome counted = tests::shell("cd '" + directory.file("") +
                                         "' && gnuplot -e \"stats 'p.dat' using 1 nooutput; "
                                         "print STATS_blocks\" 2>&1");
    std::size_t drawn = 0;
    const std::string script = tests::bytes_of(directory.file("p.gp"));
    const std::regex item("data index (\\d+)");
    for (auto at = std::sregex_iterator(script.begin(), script.end(), item);
         at != std::sregex_iterator(); ++at) {
      drawn = std::max<std::size_t>(drawn, std::stoul((*at)[1]) + 1);
    }
    CHECK(drawn > 0);
    CHECK(counted.text == std::to_string(drawn) + "\n");
  }
}
