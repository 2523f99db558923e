// SPDX-License-Identifier: BSD-2-Clause
//
// What can be said of HTML reports without a browser; tests/browser/ has the rest.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/html/assets.hpp"
#include "cli/html/html.hpp"
#include "cli/html/page.hpp"
#include "cli/html/sweep_metrics.hpp"
#include "cli/html/worst_wait.hpp"
#include "cli/report/formats.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/html_page.hpp"
#include "tests/support/sample_report.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

cli::Run run_of(const std::string& point, int replication,
                std::vector<std::pair<std::string, double>> metrics) {
  cli::Run run;
  run.point = point;
  run.settings = {{"nic.mtu", point, 1500.0}};
  run.replication = replication;
  run.status = metrics.empty() ? "crashed" : "ok";
  run.fingerprint = metrics.empty() ? "" : "f";
  run.metrics = std::move(metrics);
  return run;
}

cli::Results two_points() {
  cli::Results results;
  results.study = "two";
  results.factors = {"nic.mtu"};
  results.runs = {
      run_of("a", 0, {{"locks.L.blame.x.count", 1}, {"nic.interrupts", 7}, {"tcp.acks", 1}}),
      run_of("a", 1, {{"locks.L.blame.x.count", 2}, {"nic.interrupts", 7}, {"tcp.acks", 3}}),
      run_of("b", 0, {{"locks.L.blame.x.count", 1}, {"nic.interrupts", 7}, {"tcp.acks", 5}}),
      run_of("b", 1, {}),
  };
  return results;
}

}  // namespace

TEST_CASE("base 64 of hexadecimal digits is that of RFC 4648", "[html]") {
  CHECK(cli::base64_of_hex("").empty());
  CHECK(cli::base64_of_hex("66") == "Zg==");
  CHECK(cli::base64_of_hex("666F") == "Zm8=");
  CHECK(cli::base64_of_hex("666f6f") == "Zm9v");
  CHECK(cli::base64_of_hex("666f6f626172") == "Zm9vYmFy");
  CHECK(cli::base64_of_hex("fbff") == "+/8=");
}

TEST_CASE("embedded files come with their digests", "[html]") {
  REQUIRE(cli::embedded_page_parts().size() >= 8);
  for (const models::EmbeddedFile& file : cli::embedded_page_parts()) {
    INFO(file.name);
    CHECK(file.sha256.size() == 64);
    CHECK(file.text.size() > 100);
    // Either would end or confuse the element that the part stands in.
    CHECK(file.text.find("</script") == std::string_view::npos);
    CHECK(file.text.find("<!--") == std::string_view::npos);
    CHECK(file.text.find("sourceMappingURL") == std::string_view::npos);
  }
}

TEST_CASE("text of a report cannot leave its place in the page", "[html]") {
  models::Report report = tests::sample_report();
  const std::string attack = "</script><!--<script>alert(\"1\")</script>&\'";
  report.run.scenario = attack;
  std::ostringstream out;
  cli::write_html(out, {report, nullptr, false, R"({"name":"</script>"})"});
  const std::string page = out.str();
  CHECK(page.find("<!--") == std::string::npos);
  CHECK(page.find("alert(\"1\")") == std::string::npos);
  CHECK_THAT(page,
             ContainsSubstring("<title>&lt;/script&gt;&lt;!--&lt;script&gt;alert(&quot;1&quot;)"
                               "&lt;/script&gt;&amp;&#39; - sockbufsim run</title>"));
  const json data = tests::page_data(page);
  CHECK(data.at("report").at("run").at("scenario") == attack);
  CHECK(data.at("scenario").at("name") == "</script>");
  CHECK(data.at("worst_wait").is_null());
}

TEST_CASE("the worst wait is the longest, with its holder and what happened meanwhile", "[html]") {
  sim::Timeline timeline;
  const auto a = timeline.add_track("threads", "a");
  const auto b = timeline.add_track("threads", "b");
  const auto a_waits = timeline.add_track("lock waits", "a");
  timeline.slice(a_waits, "waits for L", "lock", 1'000, 2'000);
  timeline.flow(b, 1'000, a_waits, 1'999, "lets go");
  timeline.slice(a_waits, "waits for M", "lock", 5'000'000, 5'900'000);
  timeline.flow(b, 5'000'000, a_waits, 5'899'999, "lets go");
  timeline.slice(b, "copy", "work", 4'000'000, 5'100'000);
  timeline.slice(b, "lock", "work", 5'100'000, 5'900'000);
  timeline.slice(a, "copy", "work", 8'000'000, 9'000'000);
  const auto wait = cli::worst_wait(timeline);
  REQUIRE(wait);
  CHECK(wait->waiter == "a");
  CHECK(wait->holder == "b");
  CHECK(wait->what == "waits for M");
  CHECK(wait->start == 5'000'000);
  CHECK(wait->end == 5'900'000);
  CHECK(wait->from == 4'775'000);
  CHECK(wait->to == 6'125'000);
  REQUIRE(wait->slices.size() == 3);
  CHECK(wait->slices[0].name == "copy");
  CHECK(wait->slices[0].start == wait->from);  // clipped
}

TEST_CASE("of a wait with too much in it the end is shown", "[html]") {
  sim::Timeline timeline;
  const auto b = timeline.add_track("threads", "b");
  const auto a_waits = timeline.add_track("lock waits", "a");
  timeline.slice(a_waits, "waits for L", "lock", 0, 1'000'000'000);
  for (sim::Picoseconds at = 0; at < 1'000'000'000; at += 1'000'000) {
    timeline.slice(b, "copy", "work", at, at + 900'000);
  }
  const auto wait = cli::worst_wait(timeline);
  REQUIRE(wait);
  CHECK(wait->holder.empty());
  CHECK(wait->slices.size() <= 200);
  CHECK(wait->slices.size() > 50);
  CHECK(wait->from > wait->start);
  CHECK(wait->from < wait->end);
  CHECK(wait->to > wait->end);
}

TEST_CASE("a run without a wait has no worst one", "[html]") {
  sim::Timeline timeline;
  timeline.slice(timeline.add_track("threads", "a"), "copy", "work", 0, 10);
  CHECK_FALSE(cli::worst_wait(timeline));
}

TEST_CASE("metrics of a sweep are means with Student's intervals", "[html]") {
  const cli::Results results = two_points();
  const auto points = cli::runs_by_point(results);
  REQUIRE(points.size() == 2);
  CHECK(points[1].with_results() == 1);
  const cli::SweepMetrics metrics = cli::sweep_metrics(points, 10'000);
  CHECK(json::parse(metrics.constant) == json({{"nic.interrupts", 7}}));
  CHECK(metrics.left_out.empty());
  const json varying = json::parse(metrics.varying);
  REQUIRE(varying.size() == 2);
  CHECK(varying[0].at("path") == "tcp.acks");  // before blame
  CHECK(varying[0].at("mean") == json({2, 5}));
  // 12.706 (t of one degree of freedom) * sqrt(2) / sqrt(2); one value has no interval
  CHECK(std::abs(varying[0].at("half_width")[0].get<double>() - 12.7) < 1e-9);
  CHECK(varying[0].at("half_width")[1].is_null());
}

TEST_CASE("metrics that do not fit are named, blame first", "[html]") {
  const cli::Results results = two_points();
  const cli::SweepMetrics metrics = cli::sweep_metrics(cli::runs_by_point(results), 70);
  CHECK(json::parse(metrics.varying).size() == 1);
  CHECK(metrics.left_out == std::vector<std::string>{"locks.L.blame.x.count"});
}

TEST_CASE("a sweep without runs, points or metrics is still a page", "[html]") {
  std::ostringstream out;
  cli::Results results;
  results.study = "nothing";
  cli::write_sweep_html(out, {}, results);
  const json data = tests::page_data(out.str());
  CHECK(data.at("points").empty());
  CHECK(data.at("scenario").is_null());
}

TEST_CASE("a sweep's page tells which points are less precise than wanted", "[html]") {
  std::ostringstream out;
  cli::write_sweep_html(out, {}, two_points(), {}, {"threads=4: known to 7 %, not 5 %"});
  const json data = tests::page_data(out.str());
  CHECK(data.at("imprecise") == json({"threads=4: known to 7 %, not 5 %"}));
}

TEST_CASE("failed runs of a sweep keep reason and command", "[html]") {
  cli::Results results = two_points();
  results.runs[3].reason = "signal 11";
  results.runs[3].rerun = "sockbufsim run x.json";
  std::ostringstream out;
  cli::write_sweep_html(out, {}, results, {{"e", false, {"too small"}}});
  const json data = tests::page_data(out.str());
  CHECK(data.at("points")[1].at("n") == 1);
  CHECK(data.at("points")[1].at("incidents")[0].at("reason") == "signal 11");
  CHECK(data.at("points")[1].at("incidents")[0].at("rerun") == "sockbufsim run x.json");
  CHECK_FALSE(data.at("points")[0].contains("incidents"));
  CHECK(data.at("expectations")[0].at("passed") == false);
  CHECK(data.at("expectations")[0].at("places") == json({"too small"}));
}
