// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/fields_load.hpp"
#include "models/scenario/load.hpp"
#include "models/scenario/markdown_writer.hpp"

namespace models {
namespace {

constexpr std::string_view kIntroduction = R"(# Scenario files

<!-- Generated from the field table, models/scenario/fields*.hpp. A test compares; do not edit. -->

A scenario is a JSON file (RFC 8259, UTF-8) in which `//` and `/* */` comments are allowed. It says what machine
there is, what arrives, who reads, and what is expected. Units are part of the names. An unknown field, a wrong
type, a value out of range or a contradiction is an error (exit code 2) that names the file, the place, what was
found and what is allowed.

```json
)";

constexpr std::string_view kRules = R"(```

* **`extends`** names a base file, relative to the file that says it. Objects are merged, `null` removes a field,
  arrays and all else are replaced (RFC 7386). Where the upper file changes a `kind`, fields of the base that the
  new kind does not have are dropped.
* **`--set a.b.0.c=VALUE`** on the command line does the same for one value, `0` being an index. `VALUE` is text
  for a field that holds text (`--set receive.era=2006`), else JSON (`--set nic.mtu=9000`), or text when it is none.
* A distribution is a value: another one replaces it, in a file that extends as in `--set`.
* **A distribution** is a number (constant), `{"exponential": mean}`, `{"uniform": [a, b]}`,
  `{"lognormal": {"mean": m, "cv": c}}` or `{"choice": [[value, weight], ...]}`, in the field's unit.
* A scenario may have synthetic threads alone, without NIC and sockets.
)";

}  // namespace

std::string scenario_example() {
  return R"({
  "schema": "sockbufsim/scenario/1",
  "name": "10g-generic",
  "seed": 1, "duration_ms": 50, "warmup_ms": 5,
  "machine": { "profile": "woodcrest-2007", "cores": 4 },
  "nic": { "mtu": 1500, "rx_ring": 1024, "mbufs_per_frame": 1, "interrupt_core": 0,
           "coalesce": { "kind": "timer", "delay_us": 30 } },
  "traffic": { "kind": "tcp", "rtt_us": 100 },
  "sockets": [ { "receive_buffer_bytes": 65536,
                 "readers": [ { "core": 1, "read_bytes": 65536 } ] } ],
  "receive": { "algorithm": "generic" },
  // The reader's process closes the socket while data is copied.
  "disturb": [ { "do": "close", "when": { "event": "first_copyout", "after_us": 20000 } } ],
  // Eight threads that contend for a lock of their own, on whatever core is free.
  "locks": [ { "name": "L", "kind": "fifo" } ],
  "threads": [ { "name": "background", "count": 8, "lock": "L",
                 "think_ns": { "exponential": 100000 }, "hold_ns": { "exponential": 250 } } ],
  "expect": [ { "verdict": "completed" },
              { "metric": "locks.L.contended_fraction", "max": 0.1 } ]
}
)";
}

std::string scenario_markdown() {
  std::string text(kIntroduction);
  text += scenario_example();
  text += kRules;
  Scenario defaults;
  MarkdownWriter writer("");
  describe(writer, defaults);
  return text + writer.take("The scenario", "");
}

}  // namespace models
