// SPDX-License-Identifier: BSD-2-Clause
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "models/scenario/check.hpp"
#include "models/scenario/load.hpp"
#include "tests/support/bad_scenarios.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using models::LoadedScenario;
using models::Scenario;
using tests::bytes_of;

namespace {

LoadedScenario load_text(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return models::load_scenario_text(text, "text.json", ".", overrides);
}

/// A scenario whose every part is given, and unlike its default where it can be.
const char* const kFull = R"({
  "schema": "sockbufsim/scenario/1", "name": "full", "description": "all of it", "seed": 9007199254740991,
  "duration_ms": 12.5, "warmup_ms": 0.25, "replications": 3, "tie_break": "shuffle",
  "machine": {"profile": "modern-x86", "cores": 4, "preemption": false, "lock_discipline": "sleep",
    "time_slice_ms": 1.5, "cost_cv": 0.1, "costs": {"mutex_acquire_cycles": 0, "copy_cold_ns_per_byte": 0.5},
    "topology": [{}, {"cache": 1}, {"package": 1, "cache": 2}, {"package": 1, "cache": 2}]},
  "nic": {"mtu": 9000, "timestamps": false, "rx_ring": 64, "mbufs_per_frame": 3, "queues": 2,
    "interrupt_core": 1, "queue_cores": [1, 2], "coalesce": {"kind": "count", "delay_us": 50, "frames": 8},
    "poll_budget": 5, "lro": {"enabled": true, "entries": 4, "max_bytes": 30000}, "dma_latency_ns": 800,
    "dispatch": "netisr", "netisr_queue_limit": 99, "netisr_core": 3},
  "traffic": {"kind": "burst", "link_gbps": 1, "payload_bytes": 1000, "rate_pps": 1000,
    "burst_frames": {"choice": [[1, 2], [5, 0.5]]}, "off_us": {"lognormal": {"mean": 10, "cv": 0.5}},
    "randomise_phase": false, "start_us": 1, "stop_us": 9000, "bytes": 123456789012},
  "sockets": [{"count": 2, "receive_buffer_bytes": 262144, "low_water": 1000, "queue": 1, "autosize": true,
      "autosize_increment_bytes": 1, "autosize_max_bytes": 524288,
      "readers": [{"name": "r", "count": 2, "core": 0, "read_bytes": 10, "blocking": false, "poll_us": 0.5,
        "peek": true, "process_ns": {"uniform": [1, 2]}, "process_ns_per_byte": 0.1, "max_reads": 7,
        "start_us": 3, "file_ref": false}]}],
  "receive": {"algorithm": "stream_inplace", "era": "2007_05", "sblock": "none"},
  "disturb": [{"do": "copy_fault", "probability": 0.5},
    {"do": "second_reader", "when": {"event": "nth_append", "n": 4, "after_us": 5, "delay_ns": 6}, "socket": 1,
     "core": 2, "read_bytes": 5, "blocking": false, "peek": true, "max_reads": 2}],
  "locks": [{"name": "T", "kind": "ticket", "holder_slowdown_per_waiter": 0.5, "handoff_ns_per_waiter": 2},
            {"name": "U"}],
  "threads": [{"name": "open", "count": 2, "lock": "T", "arrivals_per_s": 1000.5, "batch": 3, "queue_limit": 7,
      "work_ns": 5, "hold_ns": {"exponential": 10}, "loops": 100, "core": 1, "priority": "kernel"},
    {"lock": "U", "think_ns": 5, "start_phase": "zero"}],
  "expect": [{"verdict": "violation", "kind": "bytes_lost"}, {"metric": "a.b", "min": -1, "max": 2.5}],
  "observe": {"quantiles": [0.25], "wait_over_ns": [1, 5], "number_at_least": [5], "lock_instances": true,
    "histograms": true, "timeline": {"from_us": 1, "to_us": 2, "max_events": 10}}
})";

/// Members of `given` that `dumped` does not have with the same value.
std::vector<std::string> differences(const nlohmann::json& given, const nlohmann::json& dumped) {
  std::vector<std::string> result;
  const nlohmann::json flat = given.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    const nlohmann::json::json_pointer at(pointer);
    if (value.is_null() || value.empty()) continue;
    if (!dumped.contains(at) || dumped.at(at) != value) result.push_back(pointer);
  }
  return result;
}

}  // namespace

TEST_CASE("Every field of a scenario is read and written back", "[scenario]") {
  const LoadedScenario full = load_text(kFull);
  CHECK(differences(nlohmann::json::parse(kFull), nlohmann::json::parse(full.canonical())).empty());
}

TEST_CASE("Scenarios that ask for no histograms keep their hashes", "[scenario]") {
  const std::string canonical = load_text(tests::good_scenario()).canonical();
  CHECK(canonical.find("lock_instances") != std::string::npos);
  CHECK(canonical.find("histograms") == std::string::npos);
}

TEST_CASE("A dumped scenario loads to the same scenario", "[scenario]") {
  for (const std::string& text :
       {std::string(kFull), tests::good_scenario(), models::scenario_example()}) {
    const LoadedScenario first = load_text(text);
    CHECK(load_text(first.canonical()).canonical() == first.canonical());
    CHECK(load_text(models::dump_scenario(first.scenario, 2)).canonical() == first.canonical());
  }
}

TEST_CASE("A value of --set is read by the type of its field", "[scenario]") {
  const auto with = [](const std::string& assignment) {
    return load_text(kFull, {assignment}).scenario;
  };
  CHECK(with("receive.era=2006").receive.era == models::Era::y2006);
  CHECK(with("receive.era=\"2006\"").receive.era == models::Era::y2006);
  CHECK(with("receive.sblock=flag").receive.effective_sblock() == models::Sblock::flag);
  CHECK(with("name=2007").name == "2007");
  CHECK(with("description=true").description == "true");
  CHECK(with("description=[1, 2]").description == "[1, 2]");
  CHECK(with("description=null").description.empty());
  CHECK(with("sockets.0.readers.0.name=5a").sockets[0].readers[0].name == "5a");
  // Numbers and booleans stay what they are.
  CHECK(with("nic.mtu=1500").nic.mtu == 1500);
  CHECK(with("nic.lro=true").nic.lro.enabled);
}

TEST_CASE("A distribution is a value: another one replaces it", "[scenario]") {
  using Kind = models::DistributionSpec::Kind;
  const LoadedScenario set = load_text(
      kFull, {R"(threads.0.hold_ns={"uniform":[1,2]})", R"(traffic.off_us={"exponential":3})",
              R"(sockets.0.readers.0.process_ns={"lognormal":{"mean":1,"cv":2}})"});
  CHECK(set.scenario.threads[0].hold_ns.kind == Kind::uniform);
  CHECK(set.scenario.traffic.off_us.kind == Kind::exponential);
  CHECK(set.scenario.sockets[0].readers[0].process_ns.kind == Kind::lognormal);
  // In a file that extends another, too; objects that are no distributions are merged.
  const tests::TempDir dir;
  dir.write("base.json", kFull);
  dir.write("top.json", R"({"extends": "base.json", "traffic": {"off_us": {"uniform": [1, 2]}}})");
  const Scenario top = models::load_scenario(dir.file("top.json")).scenario;
  CHECK(top.traffic.off_us.kind == Kind::uniform);
  CHECK(top.traffic.burst_frames.has_value());
}

TEST_CASE("The canonical form depends on meaning, not on writing", "[scenario]") {
  const std::string start = R"({"schema": "sockbufsim/scenario/1", "threads": [{"think_ns": 5}], )";
  const auto canonical = [&](const std::string& rest) {
    return load_text(start + rest + "}").canonical();
  };
  CHECK(canonical(R"("seed": 7, "duration_ms": 50)") ==
        canonical(R"("duration_ms": 50.0, "seed": 7)"));
  CHECK(canonical(R"("nic": {"lro": true})") == canonical(R"("nic": {"lro": {"enabled": true}})"));
  CHECK(canonical(R"("seed": 7)") != canonical(R"("seed": 8)"));
}

TEST_CASE("Names that are not given are filled in", "[scenario]") {
  const Scenario scenario =
      load_text(
          R"({"schema": "sockbufsim/scenario/1", "threads": [{"think_ns": 5}, {"think_ns": 5}]})")
          .scenario;
  CHECK(scenario.name == "text");
  CHECK(scenario.threads[1].name == "threads1");
}

TEST_CASE("A scenario extends another", "[scenario]") {
  const tests::TempDir dir;
  dir.write("base/good.json", tests::good_scenario());
  dir.write("middle.json",
            R"({"extends": "base/good.json", "name": "middle", "nic": {"mtu": 9000}})");
  const std::string top = dir.write(
      "top/top.json", R"({"extends": "../middle.json", "seed": 5, "traffic": {"kind": "line_rate"},
                          "threads": [], "locks": null})");
  const Scenario scenario = models::load_scenario(top).scenario;
  CHECK(scenario.name == "middle");
  CHECK(scenario.seed == 5);
  CHECK(scenario.nic.mtu == 9000);
  CHECK(scenario.nic.coalesce.delay_us == 30);
  CHECK(scenario.threads.empty());
  CHECK(scenario.locks.empty());
  // The base's rtt_us belonged to the kind that the extending file has replaced.
  CHECK(scenario.traffic.kind == models::TrafficKind::line_rate);
}

TEST_CASE("extends in a circle is refused", "[scenario]") {
  const tests::TempDir dir;
  dir.write("a.json", R"({"extends": "b.json"})");
  dir.write("b.json", R"({"extends": "c.json"})");
  dir.write("c.json", R"({"extends": "./a.json"})");
  try {
    models::load_scenario(dir.file("a.json"));
    FAIL("not refused");
  } catch (const models::ScenarioErrors& errors) {
    CHECK(errors.errors().front().file == dir.file("c.json"));
    CHECK(errors.errors().front().pointer == "/extends");
  }
}

TEST_CASE("Overrides change one value each, the last one last", "[scenario]") {
  const std::vector<std::string> overrides = {"nic.mtu=1501",
                                              "nic.mtu=9000",
                                              "receive.algorithm=stream_inplace",
                                              "sockets.0.readers.0.core=2",
                                              "nic.coalesce={\"delay_us\": 7}",
                                              "description=two words",
                                              "nic.lro=true",
                                              "machine.costs.syscall_cycles=3",
                                              "traffic.rtt_us=null",
                                              "expect=[]"};
  const LoadedScenario loaded = load_text(tests::good_scenario(), overrides);
  CHECK(loaded.scenario.nic.mtu == 9000);
  CHECK(loaded.scenario.receive.algorithm == "stream_inplace");
  CHECK(loaded.scenario.sockets[0].readers[0].core == 2);
  CHECK(loaded.scenario.nic.coalesce.kind == models::CoalesceKind::timer);
  CHECK(loaded.scenario.nic.coalesce.delay_us == 7);
  CHECK(loaded.scenario.description == "two words");
  CHECK(loaded.scenario.nic.lro.enabled);
  CHECK(loaded.costs.net.syscall_ps == 1000);
  CHECK(loaded.scenario.traffic.rtt_us == 100);
  CHECK(loaded.scenario.expect.empty());
}

TEST_CASE("An override of a kind drops what the file said of the old kind", "[scenario]") {
  const Scenario scenario =
      load_text(tests::good_scenario(), {"nic.coalesce.kind=none", "traffic.kind=line_rate"})
          .scenario;
  CHECK(scenario.nic.coalesce.kind == models::CoalesceKind::none);
  CHECK(models::dump_scenario(scenario).find("delay_us\":30") == std::string::npos);
}

TEST_CASE("A capture is found beside the scenario that names it", "[scenario]") {
  const tests::TempDir dir;
  dir.write("base/a.pcap", "not read here");
  dir.write("base/base.json", R"({"schema": "sockbufsim/scenario/1", "sockets": [{}],
                                  "traffic": {"kind": "pcap", "file": "a.pcap"}})");
  const std::string top = dir.write("top.json", R"({"extends": "base/base.json"})");
  const LoadedScenario loaded = models::load_scenario(top);
  CHECK(bytes_of(loaded.scenario.traffic.file) == "not read here");
  CHECK(loaded.scenario.traffic.file_as_written == "a.pcap");
  CHECK(loaded.canonical().find("\"file\":\"a.pcap\"") != std::string::npos);
}

TEST_CASE("Frames on the wire have the sizes of 10 Gb/s Ethernet", "[scenario]") {
  models::Nic nic;
  CHECK(nic.mss() == 1448);
  CHECK(models::wire_bytes(nic, 1448) == 1538);
  CHECK(models::wire_bytes(nic, 1) == 91);
  nic.timestamps = false;
  CHECK(models::wire_bytes(nic, 1) == 84);
  CHECK(models::wire_bytes(nic, 6) == 84);
  nic.mtu = 9000;
  CHECK(models::wire_bytes(nic, nic.mss()) == 9038);
}

TEST_CASE("docs/scenario.md is what the field table says", "[scenario][docs]") {
  const std::string expected = models::scenario_markdown();
  const std::filesystem::path path =
      std::filesystem::path(SOCKBUFSIM_SOURCE_DIR) / "docs" / "scenario.md";
  if (bytes_of(path) == expected) {
    SUCCEED();
    return;
  }
  const std::filesystem::path fresh = std::filesystem::path(SOCKBUFSIM_BINARY_DIR) / "scenario.md";
  std::ofstream(fresh, std::ios::binary) << expected;
  FAIL("docs/scenario.md is out of date; copy " << fresh.string() << " over it");
}

TEST_CASE("The JSON Schema covers every field that a dump has", "[scenario]") {
  const nlohmann::json schema = nlohmann::json::parse(models::scenario_json_schema());
  const nlohmann::json dump = nlohmann::json::parse(load_text(kFull).canonical());
  for (const auto& [name, value] : dump.items()) CHECK(schema["properties"].contains(name));
  CHECK(schema["properties"]["nic"]["properties"]["mtu"]["minimum"] == 68);
  CHECK(schema["properties"]["nic"]["properties"]["mtu"]["default"] == 1500);
  CHECK(schema["additionalProperties"] == false);
  CHECK(schema["required"] == nlohmann::json::array({"schema"}));
}

TEST_CASE("The JSON Schema accepts good scenarios and refuses bad ones", "[scenario]") {
  if (std::system("python3 -c 'import jsonschema' 2>/dev/null") != 0) {
    SUCCEED("python3-jsonschema is not installed");
    return;
  }
  const tests::TempDir dir;
  const std::string schema = dir.write("schema.json", models::scenario_json_schema());
  const std::string script = dir.write("check.py", R"(
import json, sys, jsonschema
schema, scenario = (json.load(open(name)) for name in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
sys.exit(0 if jsonschema.Draft202012Validator(schema).is_valid(scenario) else 9)
)");
  const auto valid = [&](const std::string& text) {
    const std::string scenario = dir.write("scenario.json", text);
    return std::system(("python3 " + script + " " + schema + " " + scenario).c_str()) == 0;
  };
  CHECK(valid(kFull));
  CHECK(valid(load_text(kFull).canonical()));
  CHECK(valid(load_text(models::scenario_example()).canonical()));
  CHECK_FALSE(valid(R"({"schema": "sockbufsim/scenario/1", "nic": {"mtu": 67}})"));
  CHECK_FALSE(valid(R"({"schema": "sockbufsim/scenario/1", "nick": {}})"));
  CHECK_FALSE(
      valid(R"({"schema": "sockbufsim/scenario/1", "threads": [{"think_ns": {"uniform": [1]}}]})"));
}
