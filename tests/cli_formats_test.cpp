// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include "cli/junit.hpp"
#include "cli/report/csv.hpp"
#include "cli/report/formats.hpp"
#include "cli/report/table.hpp"
#include "cli/report/units.hpp"
#include "models/report/summarise.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_report.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

std::string written(void (*write)(std::ostream&, const cli::ReportView&),
                    const models::Report& report, bool colour = false) {
  std::ostringstream out;
  write(out, {report, nullptr, colour});
  return out.str();
}

/// A row with the kernel's own format string (kern/subr_lock.c).
std::string kernel_row(std::uintmax_t max, std::uintmax_t wait_max, std::uintmax_t total,
                       std::uintmax_t wait_total, std::uintmax_t count, std::uintmax_t avg,
                       std::uintmax_t wait_avg, std::uintmax_t contested, const char* file,
                       int line, const char* name) {
  char text[256];
  std::snprintf(text, sizeof text,
                "%8ju %9ju %11ju %11ju %11ju %6ju %6ju %2ju %6ju %s:%d (%s:%s)\n", max, wait_max,
                total, wait_total, count, avg, wait_avg, std::uintmax_t{0}, contested, file, line,
                "sleep mutex", name);
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("lockprof has the kernel's header, widths, truncation and order", "[cli]") {
  char header[256];
  std::snprintf(header, sizeof header, "\n%8s %9s %11s %11s %11s %6s %6s %2s %6s %s\n", "max",
                "wait_max", "total", "wait_total", "count", "avg", "wait_avg", "cnt_hold",
                "cnt_lock", "name");
  // Hold times: 2500.5 ns each, 1234567.8 ns at most; the longest wait is 71999 ns.
  const std::string expected =
      header + kernel_row(1234, 71, 1000, 3000, 400, 2, 7, 200, "uipc_socket.c", 1669, "so_rcv") +
      kernel_row(1234, 71, 1500, 1000, 600, 2, 1, 50, "tcp_input.c", 1201, "so_rcv") +
      kernel_row(1234, 71, 25, 0, 10, 2, 0, 0, "tcp_input.c", 600, "tcp");
  CHECK(written(cli::write_lockprof, tests::sample_report()) == expected);
}

TEST_CASE("lockprof averages as the kernel does, from nanoseconds", "[cli]") {
  models::Report report = tests::sample_report();
  report.locks.resize(1);
  auto& f = report.locks[0].points[0].figures;
  f.acquisitions = 3;
  f.hold_ns.total = 11999.9;  // 3999 ns each
  f.wait_ns.total = 999;
  CHECK_THAT(written(cli::write_lockprof, report),
             ContainsSubstring(kernel_row(1234, 71, 11, 0, 3, 3, 0, 0, "tcp_input.c", 600, "tcp")));
}

TEST_CASE("lockstat has a table each for spinning, blocking and holding", "[cli]") {
  const std::string text = written(cli::write_lockstat, tests::sample_report());
  const std::string rule(79, '-');
  CHECK(text ==
        "\nAdaptive mutex spin: 250 events in 0.010 seconds (25000 events/sec)\n\n"
        "Count indv cuml rcnt     nsec Lock                   Caller\n" +
            rule +
            "\n  200  80%  80% 1.00    10000 so_rcv                 uipc_socket.c:1669\n"
            "   50  20% 100% 1.00    20000 so_rcv                 tcp_input.c:1201\n" +
            rule +
            "\n\nAdaptive mutex block: 200 events in 0.010 seconds (20000 events/sec)\n\n"
            "Count indv cuml rcnt     nsec Lock                   Caller\n" +
            rule + "\n  200 100% 100% 1.00     5000 so_rcv                 uipc_socket.c:1669\n" +
            rule +
            "\n\nAdaptive mutex hold: 1010 events in 0.010 seconds (101000 events/sec)\n\n"
            "Count indv cuml rcnt     nsec Lock                   Caller\n" +
            rule +
            "\n  600  59%  59% 1.00     2500 so_rcv                 tcp_input.c:1201\n"
            "  400  40%  99% 1.00     2500 so_rcv                 uipc_socket.c:1669\n"
            "   10   1% 100% 1.00     2500 tcp                    tcp_input.c:600\n" +
            rule + "\n");
  CHECK(written(cli::write_lockstat, models::Report{}) == "No lock events.\n");
}

TEST_CASE("CSV quotes what needs it", "[cli]") {
  CHECK(cli::csv_field("plain.path") == "plain.path");
  CHECK(cli::csv_field("a,b") == "\"a,b\"");
  CHECK(cli::csv_field("say \"x\"") == "\"say \"\"x\"\"\"");
  CHECK(cli::csv_field("two\nlines") == "\"two\nlines\"");
}

TEST_CASE("CSV has a row a metric, and intervals with replications", "[cli]") {
  const models::Report report = tests::sample_report();
  const auto plain = lines_of(written(cli::write_csv, report));
  CHECK(plain[0] == "metric,value");
  CHECK(plain[1] == "throughput.goodput_gbps,9.25");
  CHECK(std::count(plain.begin(), plain.end(),
                   "locks.so_rcv.points.uipc_socket.c:1669.acquisitions,400") == 1);
  CHECK(std::count(plain.begin(), plain.end(), "\"readers.log.0, \"\"tail\"\".reads\",3") == 1);
  models::Report other = report;
  other.throughput.goodput_gbps = 9.75;
  const auto merged = lines_of(written(cli::write_csv, models::summarise({report, other})));
  CHECK(merged[0] == "metric,value,half_width,n");
  CHECK(merged[1].starts_with("throughput.goodput_gbps,9.5,3.1765"));
  CHECK(merged[1].ends_with(",2"));
  CHECK(merged.size() == plain.size());
}

TEST_CASE("numbers for people have three digits and a unit that fits", "[cli]") {
  CHECK(cli::time_text(0) == "0");
  CHECK(cli::time_text(0.45) == "450 ps");
  CHECK(cli::time_text(12.34) == "12.3 ns");
  CHECK(cli::time_text(999.96) == "1.00 us");
  CHECK(cli::time_text(1.2e6) == "1.20 ms");
  CHECK(cli::time_text(12e9) == "12.0 s");
  CHECK(cli::count_text(99999) == "99999");
  CHECK(cli::count_text(1234567) == "1.23 M");
  CHECK(cli::count_text(12.5) == "12.5");
  CHECK(cli::rate_text(812743.8) == "813 k/s");
  CHECK(cli::bytes_text(512) == "512 B");
  CHECK(cli::bytes_text(65536) == "64.0 KiB");
  CHECK(cli::percent_text(0.1234) == "12.3 %");
  CHECK(cli::percent_text(0.0001) == "<0.1 %");
  CHECK(cli::percent_text(0) == "0.0 %");
}

TEST_CASE("tables align, whatever alphabet the names are in", "[cli]") {
  cli::Table table({{"name", cli::Table::Align::left}, {"n"}});
  table.add({"\xC3\xA9t\xC3\xA9", "1"});
  table.add({"longer", "1000"});
  CHECK(table.text(cli::Style(false)) ==
        "  name       n\n"
        "  \xC3\xA9t\xC3\xA9        1\n"
        "  longer  1000\n");
}

TEST_CASE("the text report names the worst waits, the cores and the verdict", "[cli]") {
  const std::string text = written(cli::write_text, tests::sample_report());
  CHECK_THAT(text, ContainsSubstring("machine    woodcrest-2007, 2 cores at 3 GHz\n"));
  CHECK_THAT(text, ContainsSubstring("verdict    completed\n"));
  CHECK_THAT(text, ContainsSubstring("goodput    9.2500 Gb/s (11.0 MiB to applications)\n"));
  CHECK_THAT(text, ContainsSubstring("10 dropped: ring full 10\n"));
  CHECK_THAT(text,
             ContainsSubstring("1. reader0 waited 3.00 ms in all, 200 times, for so_rcv while "
                               "irq0 held it, mostly at uipc_socket.c:1669 (held from "
                               "tcp_input.c:1201).\n"));
  CHECK_THAT(text, ContainsSubstring("2. irq0 waited 1.00 ms"));
  CHECK_THAT(text, ContainsSubstring("  0  iiiiiiiiiipppppppppp....................  "));
  CHECK(text.find("so_rcv (adaptive)") < text.find("tcp (adaptive)"));
  CHECK_THAT(text, ContainsSubstring("Run again: sockbufsim run sample.json --seed 7\n"));
  for (const std::string& line : lines_of(text)) {
    CAPTURE(line);
    CHECK((line.empty() || line.back() != ' '));
  }
}

TEST_CASE("the text report shows violations, warnings and failed expectations", "[cli]") {
  models::Report report = tests::sample_report();
  report.verdict = models::Verdict::violation;
  report.violations.push_back({"destroyed_lock",
                               "panic: mtx_lock() of destroyed mutex",
                               1.5e6,
                               "reader0",
                               0,
                               {"1 us reader0 lock so_rcv"}});
  report.warmup = {1.0, 2.5, false, true, "goodput_gbps", 0.1, {}};
  models::ExpectationReport item;
  item.message = "throughput.goodput_gbps: 9.25, expected at least 9.5";
  report.expectations.push_back(item);
  const std::string text = written(cli::write_text, report);
  CHECK_THAT(text, ContainsSubstring("verdict    violation: destroyed_lock\n"));
  CHECK_THAT(text, ContainsSubstring("panic: mtx_lock() of destroyed mutex\n  at 1.50 ms, in "
                                     "reader0\n"));
  CHECK_THAT(text, ContainsSubstring("    1 us reader0 lock so_rcv\n"));
  CHECK_THAT(text, ContainsSubstring("the warm-up of 1.00 ms is too short"));
  CHECK_THAT(text, ContainsSubstring("warmup_ms to at least 2.5"));
  CHECK_THAT(text, ContainsSubstring("FAILED  throughput.goodput_gbps: 9.25"));
}

TEST_CASE("colour only on request, and nothing else changes", "[cli]") {
  const models::Report report = tests::sample_report();
  const std::string plain = written(cli::write_text, report);
  std::string painted = written(cli::write_text, report, true);
  CHECK(plain.find('\033') == std::string::npos);
  REQUIRE(painted.find("\033[1m") != std::string::npos);
  for (std::size_t at = painted.find('\033'); at != std::string::npos; at = painted.find('\033')) {
    painted.erase(at, painted.find('m', at) - at + 1);
  }
  CHECK(painted == plain);
}

TEST_CASE("JUnit has a case an expectation", "[cli]") {
  models::Report report = tests::sample_report();
  report.run.scenario = "a<b>";
  models::ExpectationReport good;
  good.metric = "throughput.goodput_gbps";
  good.passed = true;
  models::ExpectationReport bad;
  bad.metric = "cpus.0.idle";
  bad.message = "cpus.0.idle: 0.5, expected \"less\"";
  report.expectations = {good, bad};
  std::ostringstream out;
  cli::write_junit(out, report, false);
  CHECK(out.str() ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuite name=\"a&lt;b&gt;\" tests=\"3\" failures=\"1\">\n"
        "  <testcase classname=\"a&lt;b&gt;\" name=\"throughput.goodput_gbps\"/>\n"
        "  <testcase classname=\"a&lt;b&gt;\" name=\"cpus.0.idle\">\n"
        "    <failure message=\"cpus.0.idle: 0.5, expected &quot;less&quot;\"/>\n"
        "  </testcase>\n"
        "  <testcase classname=\"a&lt;b&gt;\" name=\"no unexpected incident\"/>\n"
        "  <system-out>sockbufsim run sample.json --seed 7</system-out>\n"
        "</testsuite>\n");
}
