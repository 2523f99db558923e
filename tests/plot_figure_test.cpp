// SPDX-License-Identifier: BSD-2-Clause
//
// What figures say to gnuplot, without gnuplot.
#include <stdlib.h>  // NOLINT: setenv is POSIX

#include <string>

#include "cli/errors.hpp"
#include "cli/plot/axis.hpp"
#include "cli/plot/figure.hpp"
#include "cli/plot/figures.hpp"
#include "cli/plot/gnuplot.hpp"
#include "cli/plot/selection.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/results.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

/// Two variants at two reads, three replications each; the second is 1, 2, 3 more than the first.
test::ResultsBuilder two_by_two() {
  test::ResultsBuilder made({"variant", "read"});
  made.point({test::word("variant", "old"), test::number("read", 10)}, {5.0, 7.0, 9.0})
      .point({test::word("variant", "old"), test::number("read", 20)}, {5.0, 5.0, 5.0})
      .point({test::word("variant", "new"), test::number("read", 10)}, {6.0, 9.0, 12.0})
      .point({test::word("variant", "new"), test::number("read", 20)}, {4.0, 4.0, 4.0});
  return made;
}

}  // namespace

TEST_CASE("Text reaches gnuplot as it is, and nothing of it is obeyed", "[plot]") {
  CHECK(cli::gnuplot_text("it's `date` \"\\n\"") == R"("it\047s \140date\140 \042\134n\042")");
  CHECK(cli::gnuplot_text("two\nlines\t!") == "\"two lines !\"");
  CHECK(cli::gnuplot_text("\xff") == "\"\xEF\xBF\xBD\"");
  CHECK(cli::gnuplot_tic("5 %s") == "\"5 %%s\"");
  CHECK(cli::gnuplot_title("") == "notitle");
}

TEST_CASE("A name in the key that is too long keeps its end", "[plot]") {
  const std::string name(70, 'x');
  const std::string title = cli::gnuplot_title(name + " - generic");
  CHECK_THAT(title, ContainsSubstring("...") && ContainsSubstring(" - generic\""));
  CHECK(title.size() < 75);
  CHECK(cli::gnuplot_title("stream_inplace - generic") == "title \"stream_inplace - generic\"");
}

TEST_CASE("A picture without a font for its names is refused, a drawing of lines is not",
          "[plot][e2e]") {
  const tests::TempDir directory;
  test::ResultsBuilder made({"variant"});
  made.point({test::word("variant", "\u9577\u3044")}, {1.0})
      .point({test::word("variant", "b")}, {2.0});
  const std::string fonts = directory.write(
      "fonts.conf",
      "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig></fontconfig>");
  ::setenv("FONTCONFIG_FILE", fonts.c_str(), 1);
  const cli::Figure figure = line_figure(made.results(), {"m", "", ""});
  for (const char* file : {"a.png", "a.pdf"}) {
    CHECK_THROWS_WITH(draw(figure, directory.file(file)),
                      ContainsSubstring("\u3044") && ContainsSubstring("fonts-droid-fallback"));
  }
  CHECK_FALSE(draw(figure, directory.file("a.svg")).picture.empty());
  ::unsetenv("FONTCONFIG_FILE");
}

TEST_CASE("Texts have one size in pixels, whatever the picture", "[plot][e2e]") {
  const tests::TempDir directory;
  const auto terminal = [&](const char* file) {
    const std::string script =
        draw(line_figure(two_by_two().results(), {"m", "", ""}), directory.file(file)).script;
    return script.substr(0, script.find("set output"));
  };
  CHECK_THAT(terminal("a.svg"), ContainsSubstring(",13'"));
  CHECK_THAT(terminal("a.png"), ContainsSubstring(",13' fontscale 0.75"));  // 1 px is 0.75 pt
}

TEST_CASE("Files beside a picture have names that gnuplot cannot mistake", "[plot]") {
  const cli::DrawingNames names = cli::drawing_names("some/|rm -rf 'x'.svg");
  CHECK(names.script == "_rm_-rf__x_.gp");
  CHECK(names.data == "_rm_-rf__x_.dat");
  CHECK(names.picture == "_rm_-rf__x_.svg");
  CHECK(cli::picture_of("a.pdf") == cli::Picture::pdf);
  CHECK(cli::drawing_names("page.html").picture == "page.svg");
  CHECK_THROWS_WITH(cli::picture_of("a.jpg"), ContainsSubstring("allowed: a file that ends in"));
}

TEST_CASE("Times and rates are drawn in units that fit", "[plot]") {
  CHECK(cli::scale_of("ns", 900.0).unit == "ns");
  CHECK(cli::scale_of("ns", 41000.0).unit == "us");
  CHECK(cli::scale_of("ns", 41000.0).factor == 1e-3);
  CHECK(cli::scale_of("frames", 1e9).unit == "frames");
  CHECK(cli::axis_label("m", cli::scale_of("ns", 2e7)) == "m [ms]");
  CHECK(cli::unit_of_metric("locks.so_rcv.wait_ns.total") == "ns");
  CHECK(cli::unit_of_metric("locks.so_rcv.points.uipc_socket.c:1669.acquisitions_per_s") == "1/s");
  CHECK(cli::unit_of_metric("no.such").empty());
}

TEST_CASE("A line figure has means with Student's intervals", "[plot]") {
  const auto made = two_by_two();
  const cli::Figure figure = cli::line_figure(made.results(), {"m", "", ""});
  // 7 with a half-width of 4.30265 * 2 / sqrt 3.
  CHECK_THAT(figure.data(), ContainsSubstring("10 7 2.03172"));
  CHECK_THAT(figure.script(), ContainsSubstring(R"(title "old")") && ContainsSubstring(R"("new")"));
  CHECK_THAT(figure.script(), ContainsSubstring(R"(set xlabel "read")"));
}

TEST_CASE("Differences are paired by replication and have a zero line", "[plot]") {
  const auto made = two_by_two();
  const cli::Figure figure = cli::difference_figure(made.results(), {"m", "read", "variant"});
  CHECK_THAT(figure.data(), ContainsSubstring("10 2 -0.484"));  // 2 +- 4.30265 / sqrt 3
  CHECK_THAT(figure.data(), ContainsSubstring("20 -1 -1 -1"));
  CHECK_THAT(figure.script(), ContainsSubstring("plot 0 with lines"));
  CHECK_THAT(figure.notes.front(), ContainsSubstring("paired"));
}

TEST_CASE("A heat map is of two factors and no more", "[plot]") {
  const auto made = two_by_two();
  const cli::Figure figure = cli::heat_figure(made.results(), {"m", "", ""});
  CHECK_THAT(figure.data(), ContainsSubstring("0 1 -0.5 0.5 0.5 1.5 9"));
  cli::Results more = made.results();
  more.factors.emplace_back("third");
  for (cli::Run& run : more.runs) {
    run.settings.push_back(test::number("third", run.replication));
  }
  CHECK_THROWS_WITH(cli::heat_figure(more, {"m", "read", "variant"}),
                    ContainsSubstring("Choose with --where third=0; third has 0, 1, 2"));
}

TEST_CASE("A tornado puts what matters most on top", "[plot]") {
  const auto made = two_by_two();
  const cli::Figure figure = cli::tornado_figure(made.results(), {"m", "", ""});
  // read: from (7 + 9) / 2 to (5 + 4) / 2; variant: from 6 to 6.5.
  CHECK_THAT(figure.script(), ContainsSubstring(R"(set label "read" at graph -0.015, first 0)"));
  CHECK_THAT(figure.script(), ContainsSubstring(R"(set label "variant" at graph -0.015, first 1)"));
  CHECK_THAT(figure.data(), ContainsSubstring("8 0 4.5 8"));
}

TEST_CASE("where chooses by value and names what there is", "[plot]") {
  cli::Results results = two_by_two().results();
  cli::keep_where(results, {"read=10.0"});
  CHECK(results.runs.size() == 6);
  CHECK(cli::varied_factors(results) == std::vector<std::string>{"variant"});
  CHECK_THROWS_WITH(cli::keep_where(results, {"variant=nwe"}),
                    ContainsSubstring("Did you mean \"new\"?"));
  results = two_by_two().results();
  CHECK_THROWS_WITH(cli::keep_where(results, {"raed=10"}),
                    ContainsSubstring("Did you mean \"read\"?"));
  CHECK_THROWS_WITH(cli::keep_where(results, {"read"}), ContainsSubstring("FACTOR=VALUE"));
}

TEST_CASE("A figure without anything to show says what to do", "[plot]") {
  test::ResultsBuilder one({});
  one.point({}, {1.0});
  CHECK_THROWS_WITH(cli::line_figure(one.results(), {"m", "", ""}),
                    ContainsSubstring("one point only"));
  CHECK_THROWS_WITH(cli::difference_figure(one.results(), {"m", "", ""}),
                    ContainsSubstring("nothing to compare"));
  CHECK_THROWS_WITH(cli::waits_figure({cli::ReportCase{}}), ContainsSubstring("nobody waited"));
  CHECK_THROWS_WITH(cli::blame_figure({cli::ReportCase{}}), ContainsSubstring("nobody waited"));
}
