// SPDX-License-Identifier: BSD-2-Clause
//
// Expectations of studies, judged on results.
#include "cli/study/expect.hpp"

#include <sstream>
#include <string>
#include <vector>

#include "cli/study/settings.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/results.hpp"

using Catch::Matchers::ContainsSubstring;
using cli::Expectation;
using cli::JudgedExpectation;
using cli::Literal;
using cli::Measure;
using test::number;
using test::ResultsBuilder;
using test::word;

namespace {

/// `stream` has a tenth of `generic`'s metric at MTU 1500, a fourth at 9000.
ResultsBuilder contention() {
  ResultsBuilder builder({"variant", "mtu"});
  builder.point({word("variant", "generic"), number("mtu", 1500)}, {20, 22, 21})
      .point({word("variant", "generic"), number("mtu", 9000)}, {8, 8.2, 7.9})
      .point({word("variant", "stream"), number("mtu", 1500)}, {2, 2.1, 2.2})
      .point({word("variant", "stream"), number("mtu", 9000)}, {2, 2.1, 1.9});
  return builder;
}

cli::Study study_with(const Expectation& expectation, const cli::Results& results) {
  cli::Study study;
  study.name = "made up";
  study.factors = results.factors;
  study.expect = {expectation};
  for (const cli::Run& run : results.runs) {
    if (!study.points.empty() && study.points.back().hash == run.point) continue;
    cli::Point point;
    point.hash = run.point;
    point.settings = run.settings;
    study.points.push_back(std::move(point));
  }
  return study;
}

JudgedExpectation judged(const Expectation& expectation, const cli::Results& results) {
  return cli::judge(study_with(expectation, results), results).at(0);
}

Expectation falls_to(double most) {
  Expectation e;
  e.metric = "m";
  e.of = Measure::ratio;
  e.factor = "variant";
  e.from = Literal{"\"generic\""};
  e.to = Literal{"\"stream\""};
  e.max = most;
  return e;
}

Expectation value_at_least(double least) {
  Expectation e;
  e.metric = "m";
  e.min = least;
  return e;
}

}  // namespace

TEST_CASE("A point is named by its settings", "[study]") {
  CHECK(cli::settings_text({number("nic.mtu", 9000), word("variant", "stream")}) ==
        "nic.mtu=9000, variant=stream");
  CHECK(cli::settings_text({}) == "the base scenario");
}

TEST_CASE("an axis tells the unit of a factor that is a field", "[study]") {
  CHECK(cli::factor_label("nic.mtu") == "nic.mtu [bytes]");
  CHECK(cli::factor_label("traffic.rtt_us") == "traffic.rtt_us");
  CHECK(cli::factor_label("sockets.0.readers.0.read_bytes") == "sockets.0.readers.0.read_bytes");
  CHECK(cli::factor_label("traffic.rate_pps") == "traffic.rate_pps [frames/s]");
  CHECK(cli::factor_label("receive.algorithm") == "receive.algorithm");
  CHECK(cli::factor_label("variant") == "variant");
  CHECK(cli::factor_label("read size", "bytes") == "read size [bytes]");
  CHECK(cli::factor_label("rtt_us", "us") == "rtt_us");
  CHECK(cli::factor_label("") == "");  // NOLINT(readability-container-size-empty)
}

TEST_CASE("What was judged in one place only names none", "[study]") {
  ResultsBuilder builder({});
  builder.point({}, {20, 22, 21});
  const JudgedExpectation result = judged(value_at_least(10), builder.results());
  REQUIRE(result.judgements.size() == 1);
  CHECK(result.judgements[0].where.empty());
}

TEST_CASE("means are held against bounds at every point", "[study]") {
  const cli::Results results = contention().results();
  CHECK(judged(value_at_least(1.9), results).passed);
  const JudgedExpectation item = judged(value_at_least(5), results);
  CHECK_FALSE(item.passed);
  CHECK(item.judgements.size() == 4);
  CHECK(item.judgements[0].passed);
  CHECK_FALSE(item.judgements[3].passed);
  CHECK(item.judgements[3].where == "variant=stream, mtu=9000");
  CHECK_THAT(item.judgements[3].text,
             ContainsSubstring("found 2 [") && ContainsSubstring("at least 5"));
}

TEST_CASE("`proven` asks for the whole interval", "[study]") {
  Expectation e = value_at_least(20.5);
  e.where = "variant == \"generic\" && mtu < 9000";
  CHECK(judged(e, contention().results()).passed);
  e.proven = true;
  CHECK_FALSE(judged(e, contention().results()).passed);
  e.min = 18;
  CHECK(judged(e, contention().results()).passed);
}

TEST_CASE("contention falls by at least five times at every MTU, or not", "[study]") {
  const JudgedExpectation item = judged(falls_to(0.2), contention().results());
  CHECK_FALSE(item.passed);
  REQUIRE(item.judgements.size() == 2);
  CHECK(item.judgements[0].passed);
  CHECK(item.judgements[0].where == "mtu=1500");
  CHECK_FALSE(item.judgements[1].passed);
  CHECK(item.judgements[1].where == "mtu=9000");
  Expectation small = falls_to(0.2);
  small.where = "mtu == 1500";
  CHECK(judged(small, contention().results()).passed);
  CHECK(judged(falls_to(0.3), contention().results()).passed);
}

TEST_CASE("an expectation that must be proven needs two replications", "[study]") {
  const cli::Results results = ResultsBuilder({"variant"})
                                   .point({word("variant", "generic")}, {10})
                                   .point({word("variant", "stream")}, {1})
                                   .results();
  Expectation e = falls_to(0.2);
  CHECK_FALSE(judged(e, results).passed);
  CHECK_THAT(judged(e, results).judgements[0].text, ContainsSubstring("two replications"));
  e.proven = false;
  CHECK(judged(e, results).passed);
}

TEST_CASE("differences may be absolute or relative", "[study]") {
  Expectation e = falls_to(-5);
  e.of = Measure::difference;
  CHECK(judged(e, contention().results()).passed);
  e.max = -10;
  CHECK_FALSE(judged(e, contention().results()).passed);
  e.of = Measure::relative_difference;
  e.max = -0.7;
  CHECK(judged(e, contention().results()).passed);
}

TEST_CASE("there is no ratio to zero", "[study]") {
  const cli::Results results = ResultsBuilder({"variant"})
                                   .point({word("variant", "generic")}, {0, 0})
                                   .point({word("variant", "stream")}, {1, 2})
                                   .results();
  CHECK_THAT(judged(falls_to(0.2), results).judgements[0].text,
             ContainsSubstring("found 0 [0, 0] for generic and 1.5 ["));
}

TEST_CASE("slopes and crossovers can be expected", "[study]") {
  ResultsBuilder builder({"variant", "x"});
  for (const int x : {1, 2, 3, 4}) {
    builder.point({word("variant", "generic"), number("x", x)}, {10.0 - x, 10.2 - x, 9.9 - x});
    builder.point({word("variant", "stream"), number("x", x)}, {5.0 + x, 5.1 + x, 5.0 + x});
  }
  Expectation slope = value_at_least(0.9);
  slope.of = Measure::slope;
  slope.factor = "x";
  slope.where = "variant == 'stream'";
  CHECK(judged(slope, builder.results()).passed);
  slope.where.clear();
  CHECK_FALSE(judged(slope, builder.results()).passed);

  Expectation crossing = falls_to(0);
  crossing.of = Measure::crossover;
  crossing.over = "x";
  crossing.min = 2.2;
  crossing.max = 2.8;
  CHECK(judged(crossing, builder.results()).passed);
  crossing.max = 2.4;
  CHECK_FALSE(judged(crossing, builder.results()).passed);
  crossing.min.reset();
  crossing.max.reset();
  CHECK(judged(crossing, builder.results()).passed);
  crossing.of = Measure::no_crossover;
  CHECK_FALSE(judged(crossing, builder.results()).passed);
  crossing.where = "x < 3";
  CHECK(judged(crossing, builder.results()).passed);
  crossing.of = Measure::crossover;
  CHECK_THAT(judged(crossing, builder.results()).judgements[0].text,
             ContainsSubstring("found no crossover"));
}

TEST_CASE("a crossover that is proven is named before one that is not", "[study]") {
  ResultsBuilder builder({"variant", "x"});
  // stream less generic: a touch below zero by chance, then proven above, then proven below.
  const std::vector<std::vector<double>> differences = {
      {-1, 0.9, -0.2}, {1, 1.1, 1.05}, {1, 1.1, 1.05}, {-1, -1.1, -1.05}};
  for (std::size_t i = 0; i < differences.size(); ++i) {
    const int x = static_cast<int>(i);
    builder.point({word("variant", "generic"), number("x", x)}, {0, 0, 0});
    builder.point({word("variant", "stream"), number("x", x)}, differences[i]);
  }
  Expectation none = falls_to(0);
  none.of = Measure::no_crossover;
  none.over = "x";
  none.max.reset();
  const std::string text = judged(none, builder.results()).judgements.at(0).text;
  CHECK_THAT(text, ContainsSubstring("found a crossover at 2.5"));
  const std::size_t proven = text.find(", proven");
  const std::size_t unproven = text.find(", not proven at 95 %");
  CHECK(proven < unproven);
  CHECK(unproven != std::string::npos);
  CHECK_THAT(text, ContainsSubstring("; and one at 0.") && ContainsSubstring("; allowed: none"));
}

TEST_CASE("what has no result fails, and says so", "[study]") {
  ResultsBuilder builder = contention();
  builder.failed({word("variant", "stream"), number("mtu", 576)}, "timeout");
  builder.failed({word("variant", "generic"), number("mtu", 576)}, "crashed");
  const JudgedExpectation item = judged(falls_to(0.5), builder.results());
  CHECK_FALSE(item.passed);
  CHECK_THAT(item.judgements.back().text, ContainsSubstring("1 run failed (crashed)"));

  Expectation nowhere = value_at_least(0);
  nowhere.where = "mtu == 1";
  CHECK_THAT(judged(nowhere, contention().results()).problem,
             ContainsSubstring("no point to judge"));
  Expectation unknown = value_at_least(0);
  unknown.metric = "n";
  CHECK_THAT(judged(unknown, contention().results()).judgements[0].text,
             ContainsSubstring("no such number"));

  cli::Study more = study_with(value_at_least(0), contention().results());
  more.points.emplace_back().hash = "not run";
  CHECK_THAT(cli::judge(more, contention().results()).at(0).problem,
             ContainsSubstring("1 of 5 points have not been run"));
}

TEST_CASE("verdicts are lines and JUnit cases", "[study]") {
  ResultsBuilder builder = contention();
  cli::Study study = study_with(falls_to(0.2), builder.results());
  study.expect.push_back(value_at_least(1));
  study.expect.back().name = "something <happens>";
  const std::vector<JudgedExpectation> all = cli::judge(study, builder.results());
  const std::string text = cli::verdict_text(all);
  CHECK_THAT(text, ContainsSubstring("FAIL  ratio of m from generic to stream at most 0.2\n"));
  CHECK_THAT(text, ContainsSubstring("      at mtu=9000: found 0.249 ["));
  CHECK_THAT(text, ContainsSubstring("allowed: at most 0.2, for the whole interval\n"));
  CHECK_THAT(text, ContainsSubstring("PASS  something <happens>: at all 4 places\n"));

  builder.failed({word("variant", "generic"), number("mtu", 1)}, "timeout");
  const std::vector<cli::TestCase> cases = cli::junit_cases(all, builder.results());
  REQUIRE(cases.size() == 3);
  CHECK(cases[1].failure.empty());
  CHECK_THAT(cases[2].failure,
             ContainsSubstring("variant=generic, mtu=1 (replication 0): timeout") &&
                 ContainsSubstring("rerun: sockbufsim run x"));
  std::ostringstream out;
  cli::write_junit_suite(out, study.name, cases, "sweep");
  CHECK_THAT(out.str(), ContainsSubstring("tests=\"3\" failures=\"2\"") &&
                            ContainsSubstring("name=\"something &lt;happens&gt;\"/>") &&
                            ContainsSubstring("<failure message=\"at mtu=9000: found 0.249"));
}
