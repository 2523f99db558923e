// SPDX-License-Identifier: BSD-2-Clause
//
// From a study file to its points.
#include "cli/study/load.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "cli/study/dry_run.hpp"
#include "models/scenario/load.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/study_file.hpp"

using Catch::Matchers::ContainsSubstring;
using cli::Point;
using cli::Study;
using nlohmann::json;
using test::load_rest;

namespace {

/// The column's text in every point.
std::vector<std::string> column(const Study& study, std::size_t index) {
  std::vector<std::string> texts;
  texts.reserve(study.points.size());
  for (const Point& point : study.points) texts.push_back(point.settings.at(index).text);
  return texts;
}

json scenario_of(const Point& point) { return json::parse(point.scenario); }

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a study without factors is its base", "[study]") {
  const Study study = load_rest("");
  REQUIRE(study.points.size() == 1);
  CHECK(study.name == "study");
  CHECK(study.base.empty());
  CHECK(study.replications == 3);
  CHECK(study.points[0].seed == 7);
  CHECK(study.points[0].overrides.empty());
  CHECK(study.points[0].hash.size() == 16);
  CHECK(scenario_of(study.points[0])["duration_ms"] == 1);
}

TEST_CASE("points are all combinations, the last factor fastest", "[study]") {
  const Study study = load_rest(R"(, "set": {"nic.rx_ring": 64}, "factors": [
      {"path": "nic.mtu", "values": [1500, 9000]},
      {"path": "receive.algorithm", "values": ["generic", "stream_inplace"]}])");
  CHECK(study.factors == Texts{"nic.mtu", "receive.algorithm"});
  CHECK(column(study, 0) == Texts{"1500", "1500", "9000", "9000"});
  CHECK(column(study, 1) == Texts{"generic", "stream_inplace", "generic", "stream_inplace"});
  CHECK(study.points[2].settings[0].number == 9000.0);
  CHECK_FALSE(study.points[2].settings[1].number.has_value());
  CHECK(study.points[3].overrides ==
        Texts{"nic.rx_ring=64", "nic.mtu=9000", "receive.algorithm=stream_inplace"});
  CHECK(scenario_of(study.points[3])["nic"]["mtu"] == 9000);
  CHECK(scenario_of(study.points[3])["nic"]["rx_ring"] == 64);
  CHECK(scenario_of(study.points[3])["receive"]["algorithm"] == "stream_inplace");
}

TEST_CASE("factors are an object of values by path, or an array of factors", "[study]") {
  const Study by_path = load_rest(R"(, "factors": {
      "nic.mtu": [1500, 9000],
      "traffic.rtt_us": {"from": 50, "to": 150, "steps": 3},
      "way": {"variants": [{"name": "a", "set": {"receive.algorithm": "generic"}},
                           {"name": "b", "set": {"receive.algorithm": "stream_inplace"}}]},
      "nic.rx_ring": {"name": "ring", "values": [64]},
      "both": {"together": [{"path": "nic.queues", "values": [1, 2]},
                            {"path": "nic.poll_budget", "values": [8, 16]}]}})");
  const Study listed = load_rest(R"(, "factors": [
      {"path": "nic.mtu", "values": [1500, 9000]},
      {"path": "traffic.rtt_us", "range": {"from": 50, "to": 150, "steps": 3}},
      {"name": "way", "variants": [{"name": "a", "set": {"receive.algorithm": "generic"}},
                                   {"name": "b", "set": {"receive.algorithm": "stream_inplace"}}]},
      {"name": "ring", "path": "nic.rx_ring", "values": [64]},
      {"name": "both", "together": [{"path": "nic.queues", "values": [1, 2]},
                                    {"path": "nic.poll_budget", "values": [8, 16]}]}])");
  CHECK(by_path.factors == Texts{"nic.mtu", "traffic.rtt_us", "way", "ring", "both"});
  CHECK(listed.factors == by_path.factors);
  REQUIRE(by_path.points.size() == 24);
  REQUIRE(listed.points.size() == 24);
  for (std::size_t i = 0; i < 24; ++i) {
    CHECK(by_path.points[i].hash == listed.points[i].hash);
    CHECK(by_path.points[i].settings == listed.points[i].settings);
  }
}

TEST_CASE("a point's scenario is what its overrides make of the base", "[study]") {
  const tests::TempDir dir;
  const std::string base = dir.write("base.json", test::kStudyBase);
  const Study study = cli::load_study(
      dir.write("study.json", R"({"schema": "sockbufsim/study/1", "base": "base.json",
        "factors": [{"path": "traffic.rtt_us", "values": [50, 100.5]},
                    {"path": "receive.era", "values": [2006, "2007_05"]}]})"));
  REQUIRE(study.points.size() == 4);
  CHECK(study.base == base);
  for (const Point& point : study.points) {
    const models::LoadedScenario loaded = models::load_scenario(study.base, point.overrides);
    json expected = json::parse(loaded.canonical());
    expected["replications"] = 1;
    CHECK(scenario_of(point) == expected);
    CHECK_NOTHROW(models::load_scenario_text(point.scenario, "point", study.directory));
  }
}

TEST_CASE("ranges are linear or logarithmic, and integers stay integers", "[study]") {
  const auto values = [](const std::string& factor) {
    return column(load_rest(R"(, "factors": [)" + factor + "]"), 0);
  };
  CHECK(values(R"({"path": "duration_ms", "range": {"from": 0.5, "to": 2.5, "steps": 5}})") ==
        Texts{"0.5", "1", "1.5", "2", "2.5"});
  CHECK(values(R"({"path": "sockets.0.readers.0.read_bytes",
                   "range": {"from": 4096, "to": 65536, "steps": 5, "scale": "log"}})") ==
        Texts{"4096", "8192", "16384", "32768", "65536"});
  CHECK(values(R"({"path": "nic.rx_ring", "range": {"from": 10, "to": 20, "steps": 4}})") ==
        Texts{"10", "13", "17", "20"});
}

TEST_CASE("fields of a group move together", "[study]") {
  const Study study = load_rest(R"(, "factors": [{"name": "place", "together": [
      {"path": "nic.interrupt_core", "values": [0, 1, 2]},
      {"path": "sockets.0.readers.0.core", "range": {"from": 1, "to": 3, "steps": 3}}]}])");
  CHECK(study.factors == Texts{"place"});
  CHECK(column(study, 0) == Texts{"0", "1", "2"});
  CHECK(scenario_of(study.points[2])["nic"]["interrupt_core"] == 2);
  CHECK(scenario_of(study.points[2])["sockets"][0]["readers"][0]["core"] == 3);
}

TEST_CASE("variants set several fields at once", "[study]") {
  const Study study = load_rest(R"(, "factors": [{"variants": [
      {"name": "plain", "set": {}},
      {"name": "jumbo stream", "set": {"nic.mtu": 9000, "receive.algorithm": "stream_inplace",
                                       "sockets.0.readers.0.process_ns": {"exponential": 5}}}]}])");
  CHECK(study.factors == Texts{"variant"});
  CHECK(column(study, 0) == Texts{"plain", "jumbo stream"});
  CHECK(scenario_of(study.points[0])["nic"]["mtu"] == 1500);
  CHECK(scenario_of(study.points[1])["nic"]["mtu"] == 9000);
  CHECK(scenario_of(study.points[1])["sockets"][0]["readers"][0]["process_ns"]["exponential"] == 5);
}

TEST_CASE("dependent fields follow factors, the base and one another", "[study]") {
  const Study study = load_rest(R"(, "set": {"nic.queues": 2},
      "factors": [{"name": "read", "path": "sockets.0.readers.0.read_bytes", "values": [1000, 2000]}],
      "dependent": [{"path": "nic.rx_ring", "expression": "sockets.0.low_water * nic.queues"},
                    {"path": "sockets.0.low_water", "expression": "read / 10 + nic.interrupt_core"}])");
  CHECK(study.factors == Texts{"read"});
  CHECK(scenario_of(study.points[1])["sockets"][0]["low_water"] == 200);
  CHECK(scenario_of(study.points[1])["nic"]["rx_ring"] == 400);
  CHECK(study.points[1].overrides.back() == "nic.rx_ring=400");
}

TEST_CASE("a base may need its factors to be a scenario", "[study]") {
  const tests::TempDir dir;
  const Study study = cli::load_study(dir.write("study.json", R"({"schema": "sockbufsim/study/1",
      "base": {"schema": "sockbufsim/scenario/1", "locks": [{"name": "L"}],
               "threads": [{"lock": "M", "think_ns": 10}]},
      "factors": [{"path": "threads.0.lock", "values": ["L"]},
                  {"path": "threads.0.count", "values": [1, 2, 3]}],
      "constraint": "threads.0.count < threads.0.think_ns - 7"})"));
  CHECK(column(study, 1) == Texts{"1", "2"});
}

TEST_CASE("a constraint leaves points out", "[study]") {
  const Study study = load_rest(R"(, "factors": [
      {"path": "nic.mtu", "values": [1500, 9000]},
      {"path": "receive.algorithm", "values": ["generic", "stream_inplace"]}],
      "constraint": "nic.mtu == 9000 || receive.algorithm == \"generic\"")");
  CHECK(column(study, 0) == Texts{"1500", "9000", "9000"});
}

TEST_CASE("random samples are distinct, seeded and as many as asked for", "[study]") {
  const auto sample = [](int seed) {
    return load_rest(R"(, "factors": [
      {"path": "nic.rx_ring", "range": {"from": 1, "to": 100, "steps": 100}},
      {"path": "traffic.rtt_us", "range": {"from": 1, "to": 1000, "scale": "log"}}],
      "constraint": "nic.rx_ring > 50",
      "sample": {"method": "random", "count": 40, "seed": )" +
                     std::to_string(seed) + "}");
  };
  const Study study = sample(1);
  REQUIRE(study.points.size() == 40);
  std::set<std::string> hashes;
  for (const Point& point : study.points) {
    hashes.insert(point.hash);
    CHECK(*point.settings[0].number > 50);
    CHECK(*point.settings[1].number >= 1);
    CHECK(*point.settings[1].number < 1000);
  }
  CHECK(hashes.size() == 40);
  CHECK(column(study, 1) == column(sample(1), 1));
  CHECK(column(study, 1) != column(sample(2), 1));
}

TEST_CASE("a Latin hypercube uses every value equally often", "[study]") {
  const Study study = load_rest(R"(, "factors": [
      {"path": "nic.mtu", "values": [576, 1500, 4352, 9000]},
      {"path": "traffic.rtt_us", "range": {"from": 0, "to": 20}}],
      "sample": {"method": "latin_hypercube", "count": 20})");
  REQUIRE(study.points.size() == 20);
  const Texts mtus = column(study, 0);
  for (const char* mtu : {"576", "1500", "4352", "9000"}) {
    CHECK(std::count(mtus.begin(), mtus.end(), mtu) == 5);
  }
  std::set<int> strata;
  for (const Point& point : study.points)
    strata.insert(static_cast<int>(*point.settings[1].number));
  CHECK(strata.size() == 20);
}

TEST_CASE("the hash covers what is simulated, and nothing else", "[study]") {
  const auto hash_of = [](const std::string& rest) { return load_rest(rest).points.at(0).hash; };
  const std::string plain = hash_of("");
  CHECK(hash_of(R"(, "seed": 99, "replications": 9, "name": "other")") == plain);
  CHECK(hash_of(R"(, "set": {"nic.mtu": 1500})") == plain);
  CHECK(hash_of(R"(, "factors": [{"path": "nic.mtu", "values": [1500]}])") == plain);
  CHECK(hash_of(R"(, "set": {"nic.mtu": 1501})") != plain);
  CHECK(hash_of(R"(, "set": {"tie_break": "shuffle"})") != plain);
}

TEST_CASE("the hash covers the contents of files, wherever they are", "[study]") {
  const auto hash_of = [](const std::string& capture, const std::string& name) {
    const tests::TempDir dir;
    dir.write(name, capture);
    return cli::load_study(
               dir.write("study.json",
                         test::study_text(R"(, "set": {"traffic.kind": "pcap", "traffic.file": ")" +
                                          name + "\"}")))
        .points.at(0)
        .hash;
  };
  CHECK(hash_of("one", "a.pcap") == hash_of("one", "sub/b.pcap"));
  CHECK(hash_of("one", "a.pcap") != hash_of("two", "a.pcap"));
}

TEST_CASE("seeds are common, or each point's own", "[study]") {
  const std::string factors = R"(, "factors": [{"path": "nic.mtu", "values": [1500, 9000]}])";
  const Study common = load_rest(factors);
  CHECK(common.points[0].seed == 7);
  CHECK(common.points[1].seed == 7);
  CHECK(load_rest(factors + R"(, "seed": 5)").points[1].seed == 5);
  const Study own = load_rest(factors + R"(, "seed_policy": "independent")");
  CHECK(own.points[0].seed != own.points[1].seed);
  CHECK(own.points[0].seed >= 0);
  CHECK(own.points[1].seed ==
        load_rest(factors + R"(, "seed_policy": "independent")").points[1].seed);
  CHECK(scenario_of(own.points[1])["seed"] == own.points[1].seed);
}

TEST_CASE("the command line's overrides apply to every point", "[study]") {
  const Study study = load_rest(R"(, "set": {"nic.queues": 2},
      "factors": [{"path": "nic.mtu", "values": [1500, 9000]}])",
                                {"nic.queues=3"});
  for (const Point& point : study.points) CHECK(scenario_of(point)["nic"]["queues"] == 3);
}

TEST_CASE("longer and busier points cost more", "[study]") {
  const Study study = load_rest(R"(, "factors": [{"path": "duration_ms", "values": [1, 100]},
      {"path": "nic.mtu", "values": [1500, 9000]}])");
  CHECK(study.points[0].cost_s > study.points[1].cost_s);
  CHECK(study.points[2].cost_s > 50 * (study.points[0].cost_s - 2e-3));
}

TEST_CASE("a dry run lists points and totals", "[study]") {
  const Study study = load_rest(
      R"(, "factors": [{"path": "nic.mtu", "values": [1500, 9000]}], "replications": 10)");
  const std::string text = cli::dry_run_text(study);
  for (const Point& point : study.points) CHECK_THAT(text, ContainsSubstring(point.hash));
  CHECK_THAT(text, ContainsSubstring("nic.mtu\n"));
  CHECK_THAT(text, ContainsSubstring("study: 2 points, 10 replications"));
  CHECK_THAT(cli::dry_run_text(load_rest(R"(, "precision": {"metric": "throughput.goodput_gbps",
      "half_width_rel": 0.05, "min": 4, "max": 40})")),
             ContainsSubstring("1 point, 4 to 40 replications"));
  CHECK(cli::rough_time(0.25) == "250 ms");
  CHECK(cli::rough_time(3.2) == "3.2 s");
  CHECK(cli::rough_time(5400) == "90 min");
  CHECK(cli::rough_time(1e5) == "28 h");
  CHECK(cli::rough_time(1e6) == "12 days");
}

TEST_CASE("a file says whether it is a study", "[study]") {
  const tests::TempDir dir;
  CHECK(cli::is_study_file(dir.write("a.json", "// a study\n" + test::study_text(""))));
  CHECK_FALSE(cli::is_study_file(dir.write("b.json", test::kStudyBase)));
  CHECK_FALSE(cli::is_study_file(dir.write("c.json", "{")));
  CHECK_FALSE(cli::is_study_file(dir.file("missing.json")));
}

TEST_CASE("docs/study.md is what the table of study fields says", "[study][docs]") {
  const std::string expected = cli::study_markdown();
  if (tests::bytes_of(SOCKBUFSIM_SOURCE_DIR "/docs/study.md") == expected) {
    SUCCEED();
    return;
  }
  const std::filesystem::path fresh = std::filesystem::path(SOCKBUFSIM_BINARY_DIR) / "study.md";
  std::ofstream(fresh, std::ios::binary) << expected;
  FAIL("docs/study.md is out of date; copy " << fresh.string() << " over it");
}

TEST_CASE("the example of a study loads", "[study][docs]") {
  const tests::TempDir dir;
  CHECK(cli::load_study(dir.write("study.json", cli::study_example())).points.size() == 10);
}

TEST_CASE("the schema of studies accepts good ones and refuses bad ones", "[study]") {
  if (std::system("python3 -c 'import jsonschema' 2>/dev/null") != 0) {
    SUCCEED("python3-jsonschema is not installed");
    return;
  }
  const tests::TempDir dir;
  const std::string schema = dir.write("schema.json", cli::study_json_schema());
  const std::string script = dir.write("check.py", R"(
import json, sys, jsonschema
schema, study = (json.load(open(name)) for name in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
sys.exit(0 if jsonschema.Draft202012Validator(schema).is_valid(study) else 9)
)");
  const auto valid = [&](const std::string& text) {
    const std::string study =
        dir.write("study.json", json::parse(text, nullptr, true, true).dump());
    return std::system(("python3 " + script + " " + schema + " " + study).c_str()) == 0;
  };
  CHECK(valid(test::study_text("")));
  CHECK(valid(cli::study_example()));
  CHECK_FALSE(valid(test::study_text(R"(, "factor": [])")));
  CHECK_FALSE(valid(test::study_text(R"(, "factors": [{"path": "nic.mtu", "values": [null]}])")));
  CHECK_FALSE(valid(test::study_text(R"(, "precision": {"metric": "x"})")));
  CHECK_FALSE(valid(test::study_text(R"(, "expect": [{"metric": "x", "of": "mean"}])")));
  CHECK_FALSE(valid(R"({"schema": "sockbufsim/study/2", "base": {}})"));
}
