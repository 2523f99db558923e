// SPDX-License-Identifier: BSD-2-Clause
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "sim/base/assert.hpp"
#include "sim/observe/json_text.hpp"
#include "sim/observe/timeline.hpp"
#include "tests/support/catch.hpp"

using nlohmann::json;
using sim::Timeline;

namespace {

std::string text_of(const Timeline& timeline) {
  std::ostringstream out;
  timeline.write(out);
  return out.str();
}

/// The events of one phase ("X", "C", ...), in the order of the file.
std::vector<json> events_of(const Timeline& timeline, const std::string& phase) {
  const json document = json::parse(text_of(timeline));
  std::vector<json> result;
  for (const json& event : document.at("traceEvents")) {
    if (event.at("ph") == phase) {
      result.push_back(event);
    }
  }
  return result;
}

Timeline::Options window(sim::Picoseconds from, sim::Picoseconds to) {
  Timeline::Options options;
  options.from = from;
  options.to = to;
  return options;
}

}  // namespace

TEST_CASE("JSON strings escape what must be escaped and repair what is not UTF-8", "[observe]") {
  CHECK(sim::json_string("so_rcv") == "\"so_rcv\"");
  CHECK(sim::json_string("a\"b\\c\n\t\x01") == "\"a\\\"b\\\\c\\n\\t\\u0001\"");
  CHECK(sim::json_string("\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80") ==
        "\"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80\"");
  // Stray continuation, overlong, surrogate, above U+10FFFF, cut off: all must parse.
  for (const char* bad : {"\x80", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "x\xE2\x82"}) {
    const std::string text = sim::json_string(bad);
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring("\\ufffd"));
    CHECK(json::accept(text));
  }
  CHECK(json::parse(sim::json_string(std::string("a\0b", 3))) == std::string("a\0b", 3));
}

TEST_CASE("an empty timeline is a valid file", "[observe]") {
  const json document = json::parse(text_of(Timeline()));
  CHECK(document.at("displayTimeUnit") == "ns");
  CHECK(document.at("traceEvents").size() == 2);  // name and place of the counters
  CHECK(document.at("otherData").at("timeline").at("truncated") == false);
  CHECK(document.at("otherData").at("timeline").at("window_to_us").is_null());
}

TEST_CASE("tracks are named and ordered as registered", "[observe]") {
  Timeline timeline;
  timeline.add_track("cores", "core 0");
  timeline.add_track("threads", "reader \"0\"");
  timeline.add_track("cores", "core 1");
  std::map<std::string, std::vector<int>> tracks;
  std::map<std::string, int> processes;
  for (const json& event : events_of(timeline, "M")) {
    if (event.at("name") == "process_name") {
      processes[event.at("args").at("name")] = event.at("pid");
    } else if (event.at("name") == "thread_name") {
      tracks[event.at("args").at("name")] = {event.at("pid"), event.at("tid")};
    }
  }
  REQUIRE(processes.size() == 3);
  CHECK(tracks.at("core 0") == std::vector<int>{processes.at("cores"), 1});
  CHECK(tracks.at("core 1") == std::vector<int>{processes.at("cores"), 2});
  CHECK(tracks.at("reader \"0\"") == std::vector<int>{processes.at("threads"), 1});
}

TEST_CASE("slices nest, come in order of time and are exact", "[observe]") {
  Timeline timeline;
  const auto core = timeline.add_track("cores", "core 0");
  timeline.slice(core, "later", "copy", 50'000'001, 50'000'003);
  timeline.begin(core, "outer", 12'345'678, "protocol");
  timeline.begin(core, "inner", 12'345'678);
  timeline.end(core, 20'000'000);
  timeline.end(core, 20'000'001);
  const auto slices = events_of(timeline, "X");
  REQUIRE(slices.size() == 3);
  CHECK(slices[0].at("name") == "outer");
  CHECK(slices[0].at("cat") == "protocol");
  CHECK(slices[1].at("name") == "inner");
  CHECK_FALSE(slices[1].contains("cat"));
  CHECK(slices[2].at("name") == "later");
  const std::string text = text_of(timeline);
  using Catch::Matchers::ContainsSubstring;
  CHECK_THAT(text, ContainsSubstring("\"ts\":12.345678,\"name\":\"outer\",\"dur\":7.654323"));
  CHECK_THAT(text, ContainsSubstring("\"ts\":50.000001,\"name\":\"later\",\"dur\":0.000002"));
}

TEST_CASE("slices that overlap without nesting are an internal error", "[observe]") {
  Timeline timeline;
  const auto a = timeline.add_track("cores", "core 0");
  const auto b = timeline.add_track("cores", "core 1");
  timeline.slice(a, "first", "", 0, 10);
  timeline.slice(a, "touching", "", 10, 20);
  timeline.slice(a, "empty", "", 20, 20);
  timeline.slice(b, "elsewhere", "", 5, 15);
  CHECK_NOTHROW(text_of(timeline));
  timeline.slice(a, "crossing", "", 5, 15);
  CHECK_THROWS_WITH(text_of(timeline),
                    Catch::Matchers::ContainsSubstring("slice crossing on track core 0"));
}

TEST_CASE("an open slice ends at the last date seen", "[observe]") {
  Timeline timeline;
  const auto track = timeline.add_track("threads", "reader");
  timeline.begin(track, "blocked", 1'000'000);
  timeline.counter("sb_cc", 5'000'000, 1);
  const auto slices = events_of(timeline, "X");
  REQUIRE(slices.size() == 1);
  CHECK(slices[0].at("dur") == 4.0);
  timeline.end(track, 7'000'000);  // writing did not close it
  CHECK(events_of(timeline, "X")[0].at("dur") == 6.0);
}

TEST_CASE("flows pair up by id, from holder to waiter", "[observe]") {
  Timeline timeline;
  const auto holder = timeline.add_track("threads", "ithread");
  const auto waiter = timeline.add_track("threads", "reader");
  timeline.slice(holder, "hold", "", 0, 3'000'000);
  timeline.slice(waiter, "spin", "", 1'000'000, 3'000'000);
  timeline.flow(holder, 1'000'000, waiter, 1'000'000, "so_rcv");
  timeline.flow(holder, 1'500'000, waiter, 2'500'000, "so_rcv");
  const auto starts = events_of(timeline, "s");
  const auto ends = events_of(timeline, "f");
  REQUIRE(starts.size() == 2);
  REQUIRE(ends.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(starts[i].at("id") == ends[i].at("id"));
    CHECK(starts[i].at("tid") == 1);
    CHECK(ends[i].at("tid") == 2);
    CHECK(ends[i].at("bp") == "e");
    CHECK(starts[i].at("name") == "so_rcv");
  }
  CHECK(starts[0].at("id") != starts[1].at("id"));
  CHECK(ends[1].at("ts") == 2.5);
}

TEST_CASE("all events are sorted by time, equal dates in order of recording", "[observe]") {
  Timeline timeline;
  const auto track = timeline.add_track("cores", "core 0");
  timeline.instant(track, "second", 2'000'000);
  timeline.counter("ring", 2'000'000, 7);
  timeline.instant(track, "third", 2'000'000);
  timeline.slice(track, "slice", "", 2'000'000, 3'000'000);
  timeline.instant(track, "first", 1'000'000);
  const json document = json::parse(text_of(timeline));
  std::vector<std::string> order;
  double last = -1.0;
  for (const json& event : document.at("traceEvents")) {
    if (event.at("ph") != "M") {
      REQUIRE(event.at("ts").get<double>() >= last);
      last = event.at("ts");
      order.push_back(event.at("name"));
    }
  }
  CHECK(order == std::vector<std::string>{"first", "slice", "second", "ring", "third"});
}

TEST_CASE("the window clips slices and drops the rest", "[observe]") {
  Timeline timeline(window(10'000'000, 20'000'000));
  const auto track = timeline.add_track("cores", "core 0");
  const auto other = timeline.add_track("cores", "core 1");
  timeline.begin(track, "outer", 1'000'000);
  timeline.begin(track, "gone", 2'000'000);
  timeline.end(track, 9'000'000);
  timeline.begin(track, "inner", 9'500'000);
  timeline.end(track, 12'000'000);
  timeline.begin(track, "open", 15'000'000);
  timeline.slice(other, "before", "", 0, 10'000'000);
  timeline.slice(other, "across", "", 5'000'000, 11'000'000);
  timeline.slice(other, "after", "", 20'000'000, 30'000'000);
  timeline.begin(other, "late", 25'000'000);
  timeline.end(other, 26'000'000);
  timeline.instant(other, "early", 9'999'999);
  timeline.instant(other, "inside", 10'000'000);
  timeline.flow(track, 9'000'000, other, 11'000'000, "cut");
  timeline.counter("sb_cc", 3'000'000, 1);
  timeline.counter("sb_cc", 8'000'000, 2);
  timeline.counter("sb_cc", 20'000'000, 3);

  std::map<std::string, std::pair<double, double>> slices;
  for (const json& event : events_of(timeline, "X")) {
    slices[event.at("name")] = {event.at("ts"), event.at("dur")};
  }
  CHECK(slices == std::map<std::string, std::pair<double, double>>{{"outer", {10.0, 10.0}},
                                                                   {"inner", {10.0, 2.0}},
                                                                   {"open", {15.0, 5.0}},
                                                                   {"across", {10.0, 1.0}}});
  REQUIRE(events_of(timeline, "i").size() == 1);
  CHECK(events_of(timeline, "i")[0].at("name") == "inside");
  CHECK(events_of(timeline, "s").empty());
  CHECK(events_of(timeline, "f").empty());
  const auto counters = events_of(timeline, "C");
  REQUIRE(counters.size() == 1);
  CHECK(counters[0].at("ts") == 10.0);
  CHECK(counters[0].at("args").at("value") == 2);
}

TEST_CASE("the cap on events is kept and told", "[observe]") {
  Timeline::Options options;
  options.max_events = 3;
  Timeline timeline(options);
  const auto track = timeline.add_track("cores", "core 0");
  timeline.begin(track, "long", 0);
  timeline.instant(track, "a", 1);
  timeline.flow(track, 1, track, 2, "arrow");  // two events do not fit: neither is kept
  timeline.instant(track, "b", 2);
  timeline.instant(track, "c", 3);
  timeline.begin(track, "d", 3);
  timeline.end(track, 4);
  timeline.end(track, 5);
  timeline.set_metadata("seed", "1");
  timeline.set_metadata("seed", "2");
  CHECK(timeline.events() == 3);
  CHECK(timeline.dropped() == 4);
  const auto slices = events_of(timeline, "X");
  REQUIRE(slices.size() == 1);
  CHECK(slices[0].at("name") == "long");
  CHECK(slices[0].at("dur") == 0.000005);
  CHECK(events_of(timeline, "s").empty());
  const json other = json::parse(text_of(timeline)).at("otherData");
  CHECK(other.at("seed") == "2");
  CHECK(other.at("timeline").at("truncated") == true);
  CHECK(other.at("timeline").at("dropped_events") == 4);
  CHECK(other.at("timeline").at("max_events") == 3);
}

TEST_CASE("misuse of a timeline is refused", "[observe]") {
  Timeline timeline;
  CHECK_THROWS_AS(timeline.begin(0, "no track", 0), sim::InternalError);
  const auto track = timeline.add_track("cores", "core 0");
  CHECK_THROWS_AS(timeline.end(track, 1), sim::InternalError);
  timeline.begin(track, "x", 5);
  CHECK_THROWS_AS(timeline.end(track, 4), sim::InternalError);
  CHECK_THROWS_AS(timeline.slice(track, "x", "", 2, 1), sim::InternalError);
  CHECK_THROWS_AS(timeline.flow(track, 2, track, 1, "x"), sim::InternalError);
  CHECK_THROWS_AS(timeline.set_metadata("timeline", "x"), sim::InternalError);
  CHECK_THROWS_AS(Timeline(window(2, 1)), sim::InternalError);
}
