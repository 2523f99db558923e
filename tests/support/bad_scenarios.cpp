// SPDX-License-Identifier: BSD-2-Clause
#include "tests/support/bad_scenarios.hpp"

namespace tests {

std::string good_scenario() {
  return R"({
  "schema": "sockbufsim/scenario/1", "name": "good", "duration_ms": 2, "warmup_ms": 1,
  "machine": {"profile": "woodcrest-2007"},
  "nic": {"coalesce": {"kind": "timer", "delay_us": 30}},
  "traffic": {"kind": "tcp", "rtt_us": 100},
  "sockets": [{"readers": [{"core": 1}]}],
  "locks": [{"name": "L", "kind": "fifo"}],
  "threads": [{"lock": "L", "think_ns": {"exponential": 1000}, "hold_ns": 250}],
  "expect": [{"verdict": "completed"}]
})";
}

namespace {

std::string nested(int levels, const char* open, const char* close) {
  std::string text;
  for (int i = 0; i < levels; ++i) text += open;
  text += "1";
  for (int i = 0; i < levels; ++i) text += close;
  return text;
}

std::vector<BadScenario> bad_texts() {
  const auto whole = [](std::string text, std::string pointer, std::string found,
                        std::string allowed) {
    return BadScenario{std::move(text), std::move(pointer), std::move(found), std::move(allowed),
                       false};
  };
  return {
      whole("", "", "an empty file", "a JSON object"),
      whole(" \n\t ", "", "an empty file", "a JSON object"),
      whole("// only a comment", "", "end of the file", "rest of the document"),
      whole("[]", "", "an empty array", "an object"),
      whole("\"text\"", "", "\"text\" (a string)", "an object"),
      whole("null", "", "null", "an object"),
      whole("{\"schema\": \"sockbufsim/scenario/1\"", "", "end of the file",
            "rest of the document"),
      whole("{\"nic\": {\"mtu\": 15", "/nic", "end of the file", "rest of the document"),
      whole("{\"name\": \"ab", "/name", "end of the file", "rest of the document"),
      whole("{\"seed\": 1} {\"seed\": 2}", "", "a syntax error", "end of input"),
      whole("{\"seed\": 1,}", "", "a syntax error", "string literal"),
      whole("{'seed': 1}", "", "a syntax error", ""),
      whole("{\"seed\": 01}", "", "a syntax error", ""),
      whole("{\"seed\": 0x10}", "", "a syntax error", ""),
      whole("{\"seed\" 1}", "/seed", "a syntax error", "':'"),
      whole("{\"duration_ms\": NaN}", "/duration_ms", "NaN", "a finite number"),
      whole("{\"duration_ms\": Infinity}", "/duration_ms", "Infinity", "a finite number"),
      whole("{\"duration_ms\": -Infinity}", "/duration_ms", "-Infinity", "a finite number"),
      whole("{\"duration_ms\": 1e999}", "/duration_ms", "1e999", "a number below 1.8e308"),
      whole("{\"name\": \"\xff\xfe\"}", "/name", "not UTF-8", "UTF-8 text"),
      whole("{\"name\": \"\xc3(\"}", "/name", "not UTF-8", "UTF-8 text"),
      whole("{\"name\": \"\xed\xa0\x80\"}", "/name", "not UTF-8", "UTF-8 text"),
      whole("{\"name\": \"a\nb\"}", "/name", "a syntax error", ""),
      whole("{\"seed\": 1, \"seed\": 2}", "/seed", "\"seed\" again", "once"),
      whole("{\"nic\": {\"mtu\": 1500, \"mtu\": 9000}}", "/nic/mtu", "\"mtu\" again", "once"),
      whole(nested(100000, "[", "]"), std::string(), "nesting deeper than 64", "at most 64 levels"),
      whole(nested(70, "{\"a\":", "}"), std::string(), "nesting deeper than 64",
            "at most 64 levels"),
      whole("{\"name\": \"x\"}", "/schema", "nothing", "sockbufsim/scenario/1"),
      whole("{\"schema\": \"sockbufsim/scenario/2\"}", "/schema", "scenario/2",
            "sockbufsim/scenario/1"),
      whole("{\"schema\": \"sockbufsim/scenario/1\"}", "", "neither sockets nor threads",
            "at least one"),
      whole("{\"extends\": 7}", "/extends", "7", "name of a scenario file"),
      whole("{\"extends\": \"missing.json\"}", "/extends", "no such file", "readable file"),
      whole("{\"extends\": \".\"}", "/extends", "a directory", "readable file"),
      whole("{\"extends\": \"case.json\"}", "/extends", "extends this file", "does not lead back"),
  };
}

std::vector<BadScenario> bad_types_and_ranges() {
  return {
      {R"("nick": {})", "/nick", "unknown field \"nick\"", "nic"},
      {R"("nic": {"mtuu": 1500})", "/nic/mtuu", "unknown field \"mtuu\"", "mtu"},
      {R"("nic": {"coalesce": {"delay": 3}})", "/nic/coalesce/delay", "unknown field", "delay_us"},
      {R"("nic": {"mtu": "jumbo"})", "/nic/mtu", "\"jumbo\" (a string)",
       "an integer from 68 to 16110 bytes"},
      {R"("nic": {"mtu": 1500.5})", "/nic/mtu", "1500.5", "an integer from 68"},
      {R"("nic": {"mtu": 67})", "/nic/mtu", "67", "from 68 to 16110"},
      {R"("nic": {"mtu": 1e300})", "/nic/mtu", "1e+300", "from 68 to 16110"},
      {R"("nic": {"mtu": 99999999999999999999999})", "/nic/mtu", "1e+23", "from 68 to 16110"},
      {R"("nic": {"mtu": -9223372036854775808})", "/nic/mtu", "-9223372036854775808", "from 68"},
      {R"("nic": {"mtu": true})", "/nic/mtu", "true (a boolean)", "an integer"},
      {R"("nic": {"mtu": [1500]})", "/nic/mtu", "an array of 1 item", "an integer"},
      {R"("nic": [])", "/nic", "an empty array", "an object"},
      {R"("nic": {"timestamps": 1})", "/nic/timestamps", "1 (a number)", "true or false"},
      {R"("nic": {"rx_ring": 0})", "/nic/rx_ring", "0", "from 1 to 65536"},
      {R"("nic": {"lro": 1})", "/nic/lro", "1 (a number)", "true or false"},
      {R"("nic": {"queue_cores": 1})", "/nic/queue_cores", "1 (a number)", "an array"},
      {R"("nic": {"queue_cores": ["a"]})", "/nic/queue_cores/0", "\"a\"", "an integer"},
      {R"("seed": -1)", "/seed", "-1", "from 0 to 9007199254740991"},
      {R"("seed": 18446744073709551616)", "/seed", "e+19", "from 0 to 9007199254740991"},
      {R"("duration_ms": 0)", "/duration_ms", "0", "above 0"},
      {R"("duration_ms": 1e10)", "/duration_ms", "10000000000", "3600000"},
      {R"("tie_break": "random")", "/tie_break", "\"random\"", "fifo or shuffle"},
      {R"("machine": {"cores": 257})", "/machine/cores", "257", "from 1 to 256"},
      {R"("machine": {"cost_cv": 1.5})", "/machine/cost_cv", "1.5", "from 0 to 0.5"},
      {R"("machine": {"profile": "woodcrest"})", "/machine/profile", "\"woodcrest\"",
       "woodcrest-2007"},
      {R"("machine": {"profile": "./none.json"})", "/machine/profile", "no such file",
       "readable file"},
      {R"("machine": {"costs": {"mutex_acquire": 1}})", "/machine/costs/mutex_acquire",
       "unknown constant", "mutex_acquire_cycles"},
      {R"("machine": {"costs": {"syscall_cycles": -1}})", "/machine/costs/syscall_cycles", "-1",
       "cycles"},
      {R"("traffic": {"kind": "udp"})", "/traffic/kind", "\"udp\"", "line_rate"},
      {R"("sockets": {})", "/sockets", "an empty object", "an array"},
      {R"("sockets": [{"readers": [{"core": "one"}]}])", "/sockets/0/readers/0/core", "\"one\"",
       "an integer"},
      {R"("sockets": [{"readers": [7]}])", "/sockets/0/readers/0", "7", "an object"},
      {R"("receive": {"algorithm": "stream_inplac"})", "/receive/algorithm", "stream_inplac",
       "stream_inplace"},
      {R"("receive": {"era": 2006})", "/receive/era", "2006 (a number)", "one of 2006"},
      {R"("threads": [{"think_ns": "1000"}])", "/threads/0/think_ns", "\"1000\"", "a distribution"},
      {R"("threads": [{"think_ns": {"exponental": 1}}])", "/threads/0/think_ns", "exponental",
       "exponential"},
      {R"("threads": [{"think_ns": {"uniform": [2, 1]}}])", "/threads/0/think_ns", "uniform",
       "distribution"},
      {R"("threads": [{"think_ns": {"uniform": [1]}}])", "/threads/0/think_ns", "uniform",
       "distribution"},
      {R"("threads": [{"think_ns": {"lognormal": {"mean": 1}}}])", "/threads/0/think_ns",
       "lognormal", "cv"},
      {R"("threads": [{"think_ns": {"choice": []}}])", "/threads/0/think_ns", "choice",
       "distribution"},
      {R"("threads": [{"think_ns": {"choice": [[1, -1]]}}])", "/threads/0/think_ns", "choice",
       "weight"},
      {R"("threads": [{"think_ns": -5}])", "/threads/0/think_ns", "-5", "from 0"},
      {R"("locks": [{"kind": "fifo"}])", "/locks/0/name", "nothing", "a name"},
      {R"("locks": [{"name": "a.b"}])", "/locks/0/name", "\"a.b\"", "without dots"},
      {R"("locks": [{"name": "L", "kind": "mutex"}])", "/locks/0/kind", "\"mutex\"",
       "adaptive, spin"},
      {R"("disturb": [{"at_us": 1}])", "/disturb/0/do", "nothing", "shutdown_rd"},
      {R"("disturb": [{"do": "explode", "at_us": 1}])", "/disturb/0/do", "\"explode\"",
       "shutdown_rd"},
      {R"("observe": {"quantiles": [1.5]})", "/observe/quantiles/0", "1.5", "from 0 to 1"},
      {R"("expect": [{"metric": "a.b", "min": "high"}])", "/expect/0/min", "\"high\"", "a number"},
  };
}

std::vector<BadScenario> contradictions() {
  return {
      {R"("warmup_ms": 2)", "/warmup_ms", "2 ms", "less than duration_ms"},
      {R"("sockets": [{"readers": [{"core": 4}]}])", "/sockets/0/readers/0/core", "core 4",
       "from 0 to 3"},
      {R"("machine": {"cores": 1})", "/sockets/0/readers/0/core", "core 1", "has one core"},
      {R"("machine": {"cores": 2, "topology": [{}]})", "/machine/topology", "1 entries", "2 cores"},
      {R"("machine": {"topology": [{}, {"package": 1}]})", "/machine/topology/1", "cache 0",
       "package 0"},
      {R"("nic": {"interrupt_core": 9})", "/nic/interrupt_core", "core 9", "from 0 to 3"},
      {R"("nic": {"queues": 2, "queue_cores": [0]})", "/nic/queue_cores", "1 entries", "2 queues"},
      {R"("nic": {"coalesce": {"frames": 3}})", "/nic/coalesce/frames", "3",
       "only when `kind` is count"},
      {R"("nic": {"coalesce": {"kind": "adaptive", "min_delay_us": 200}})",
       "/nic/coalesce/min_delay_us", "200 us", "at most max_delay_us"},
      {R"("nic": {"netisr_queue_limit": 9})", "/nic/netisr_queue_limit", "9",
       "only when `dispatch` is netisr"},
      {R"("nic": {"lro": {"entries": 9}})", "/nic/lro/entries", "9", "only when `enabled` is true"},
      {R"("nic": {"mtu": 100, "mbufs_per_frame": 64})", "/nic/mbufs_per_frame", "64", "at most 48"},
      {R"("traffic": {"kind": "poisson"})", "/traffic/rate_pps", "nothing", "a number above 0"},
      {R"("traffic": {"kind": "poisson", "rate_pps": 1e6})", "/traffic/rate_pps",
       "1000000 frames/s", "at most 812743.8"},
      {R"("traffic": {"kind": "line_rate", "rtt_us": 1})", "/traffic/rtt_us", "1",
       "only when `kind` is tcp"},
      {R"("traffic": {"kind": "burst"})", "/traffic", "neither on_us nor burst_frames",
       "exactly one"},
      {R"("traffic": {"kind": "burst", "on_us": 0})", "/traffic/on_us", "without length",
       "above 0"},
      {R"("traffic": {"kind": "pcap"})", "/traffic/file", "nothing", "name of a capture"},
      {R"("traffic": {"kind": "pcap", "file": "no.pcap"})", "/traffic/file", "no such file",
       "capture file"},
      {R"("traffic": {"payload_bytes": 1449})", "/traffic/payload_bytes", "1449", "at most 1448"},
      {R"("traffic": {"start_us": 9, "stop_us": 9})", "/traffic/stop_us", "9 us",
       "later than start_us"},
      {R"("traffic": {"start_us": 2000})", "/traffic/start_us", "2000 us", "before the end"},
      {R"("sockets": [])", "/sockets", "no socket", "at least one"},
      {R"("sockets": [{"queue": 1}])", "/sockets/0/queue", "1", "less than nic.queues"},
      {R"("sockets": [{"low_water": 65537}])", "/sockets/0/low_water", "65537",
       "at most receive_buffer_bytes"},
      {R"("sockets": [{"autosize": true, "autosize_max_bytes": 1}])",
       "/sockets/0/autosize_max_bytes", "1", "at least receive_buffer_bytes"},
      {R"("sockets": [{"readers": [{"poll_us": 1}]}])", "/sockets/0/readers/0/poll_us", "1",
       "only when `blocking` is false"},
      {R"("machine": {"profile": "ideal"}, "sockets": [{"readers": [{"blocking": false, "poll_us": 0}]}])",
       "/sockets/0/readers/0/poll_us", "0 us", "above 0"},
      {R"("disturb": [{"do": "close"}])", "/disturb/0", "neither at_us nor when", "exactly one"},
      {R"("disturb": [{"do": "close", "at_us": 1, "when": {"event": "first_read"}}])", "/disturb/0",
       "both at_us and when", "exactly one"},
      {R"("disturb": [{"do": "close", "at_us": 2000}])", "/disturb/0/at_us", "2000 us",
       "before the end"},
      {R"("disturb": [{"do": "close", "at_us": 1, "socket": 1}])", "/disturb/0/socket", "1",
       "one socket"},
      {R"("disturb": [{"do": "rst", "at_us": 1, "file_ref": true}])", "/disturb/0/file_ref", "true",
       "only when `do` is close"},
      {R"("disturb": [{"do": "copy_fault"}])", "/disturb/0", "neither offset_bytes nor probability",
       "offset_bytes or probability"},
      {R"("disturb": [{"do": "close", "when": {"event": "first_read", "n": 2}}])",
       "/disturb/0/when/n", "2", "only when `event`"},
      {R"("traffic": {"kind": "none", "rtt_us": null}, "sockets": [], "disturb": [{"do": "fin", "at_us": 1}])",
       "/disturb/0", "fin without a socket", "only with `sockets`"},
      {R"("locks": [{"name": "L"}, {"name": "L"}])", "/locks/1/name", "\"L\"", "/locks/0"},
      {R"("locks": [{"name": "L"}, {"name": "so_rcv"}])", "/locks/1/name", "so_rcv",
       "no lock of the kernel"},
      {R"("locks": [{"name": "L", "handoff_ns_per_waiter": 1}])", "/locks/0/handoff_ns_per_waiter",
       "1", "`kind` is ticket"},
      {R"("threads": [{"lock": "M", "think_ns": 1}])", "/threads/0/lock", "unknown lock \"M\"",
       "L"},
      {R"("threads": [{"think_ns": 1, "arrivals_per_s": 1}])", "/threads/0",
       "both think_ns and arrivals_per_s", "exactly one"},
      {R"("threads": [{"hold_ns": 1}])", "/threads/0", "neither think_ns nor arrivals_per_s",
       "exactly one"},
      {R"("threads": [{"think_ns": 0}])", "/threads/0", "no time, for ever", "or loops"},
      {R"("threads": [{"think_ns": 1, "queue_limit": 4}])", "/threads/0/queue_limit", "4",
       "`arrivals_per_s` is given"},
      {R"("threads": [{"name": "a", "think_ns": 1}, {"name": "a", "think_ns": 1}])",
       "/threads/1/name", "\"a\"", "/threads/0"},
      {R"("threads": [{"count": 4096, "core": 4, "think_ns": 1}])", "/threads/0/core", "core 4",
       "from 0 to 3"},
      {R"("expect": [{"min": 1}])", "/expect/0", "neither metric nor verdict", "exactly one"},
      {R"("expect": [{"metric": "a.b"}])", "/expect/0", "neither min nor max", "at least one"},
      {R"("expect": [{"metric": "a.b", "min": 2, "max": 1}])", "/expect/0", "min 2 above max 1",
       "at most"},
      {R"("expect": [{"metric": "a..b", "min": 2}])", "/expect/0/metric", "a..b", "dotted path"},
      {R"("expect": [{"verdict": "completed", "kind": "x"}])", "/expect/0/kind", "x",
       "`verdict` is violation"},
      {R"("expect": [{"verdict": "completed"}, {"verdict": "deadlock"}])", "/expect/1/verdict",
       "deadlock", "/expect/0"},
      {R"("observe": {"timeline": {"from_us": 5, "to_us": 5}})", "/observe/timeline/to_us", "5 us",
       "later than from_us"},
  };
}

}  // namespace

std::vector<BadScenario> bad_scenarios() {
  std::vector<BadScenario> all = bad_texts();
  for (auto part : {bad_types_and_ranges(), contradictions()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace tests
