// SPDX-License-Identifier: BSD-2-Clause
#include <string>

#include "cli/study/load.hpp"
#include "cli/study/study_fields.hpp"
#include "models/scenario/markdown_writer.hpp"
#include "models/scenario/schema_writer.hpp"

namespace cli {
namespace {

constexpr std::string_view kIntroduction = R"(# Study files

<!-- Generated from the field table, cli/study/study_fields.hpp. A test compares; do not edit. -->

A study is a JSON file (comments allowed) that varies one scenario. Each combination of its factors' values is a
point: a scenario of its own, run several times. `sockbufsim check STUDY` checks it and all its points,
`sockbufsim sweep STUDY --dry-run` lists them.

```json
)";

constexpr std::string_view kRules = R"(```

* **Factors** are an object, whose members say what is varied: an array of values or a range
  (`{"from": 4096, "to": 65536, "steps": 3}`) by the path of the field; or an object with the fields of
  `factors[]` below, in which `path`, or the `name` of `together` and `variants`, is the member's name unless it is
  given. They may also be an array of such objects.
* **Paths** are those of `--set`: `sockets.0.readers.0.read_bytes`, `0` being an index. File names among the values
  (`traffic.file`, `machine.profile`) are relative to the study file.
* **Order.** Where several set one field, the last of these wins: the base, `set`, the command line's `--set`. A
  factor's field can be set by nothing else; a variant's may also stand in `set`.
* **Expressions** (`constraint`, `dependent[].expression`, `expect[].where`) know numbers, `"strings"` and
  `true`/`false`, which never turn into one another. From loosest to tightest: `c ? a : b`, `||`, `&&`, `== !=`,
  `< <= > >=`, `+ -`, `* / %`, `- !`. Functions: `min max abs floor ceil round sqrt log log2 exp pow`. A name is a
  column, a field that the study sets, or any number, string or truth value of the base, by its dotted path;
  `expect[].where` knows columns only. A column with blanks in its name stands between backquotes.
* **The hash of a point** covers its effective scenario and the contents of the files that it names, without seed,
  replications, name, description and `expect`: the same point has the same hash in every study.
* **Common random numbers.** With `seed_policy` `common`, replication 3 of every point has the same arrivals, and
  differences are taken replication by replication: their intervals are narrower. With `independent` they are
  Welch's. Intervals are 95 %, by Student's t; of ratios by Fieller's theorem.
* **`precision`** runs a point `min` times, then as often as its half-width so far says is needed, at most twice as
  often in one step, until it is narrow enough or has had `max` runs. Only the first runs decide about the next, so
  that the number depends on nothing else. Stopping at a narrow interval makes its real coverage a little less than
  95 %; `min` of 5 or more keeps that small. A point that `max` stops before it is narrow enough is no failure: a sweep
  names it at its end, with the half-width that was reached. Of a mean that is over nothing in some runs the others
  decide; a point of which no run has it stays at `min`.
* **Expectations of the base.** A sweep judges the study's `expect` alone. What the base scenario's `expect` says of
  metrics is not judged (`run` does that); what it says of the `verdict` decides whether a violation or deadlock is an
  incident: one that the base does not expect is exit code 3. One that it expects and that does not come is not told.
)";

}  // namespace

std::string study_json_schema() { return models::json_schema_text<StudyFile>("sockbufsim study"); }

std::string study_example() {
  return R"json({
  "schema": "sockbufsim/study/1",
  "name": "read-size",
  "description": "How often does so_rcv make somebody wait, and how far do small reads matter?",
  "base": {
    "schema": "sockbufsim/scenario/1", "name": "10g", "seed": 1, "duration_ms": 20, "warmup_ms": 5,
    "machine": { "profile": "woodcrest-2007", "cores": 4 },
    "traffic": { "kind": "tcp" },
    "sockets": [ { "readers": [ { "core": 1 } ] } ]
  },
  "factors": {
    "variant": { "variants": [ { "name": "generic", "set": { "receive.algorithm": "generic" } },
                               { "name": "stream", "set": { "receive.algorithm": "stream_inplace" } } ] },
    "nic.mtu": [ 1500, 9000 ],
    "sockets.0.readers.0.read_bytes": { "name": "read",
      "range": { "from": 4096, "to": 65536, "steps": 3, "scale": "log" } }
  },
  // A buffer of four reads, 64 KiB at least.
  "dependent": [ { "path": "sockets.0.receive_buffer_bytes", "expression": "max(4 * read, 65536)" } ],
  "constraint": "nic.mtu == 9000 || read >= 8192",
  "replications": 5,
  "expect": [
    { "metric": "throughput.goodput_gbps", "min": 0.1 },
    { "name": "contention falls by at least 5 times", "metric": "locks.so_rcv.contended_fraction",
      "of": "ratio", "factor": "variant", "from": "generic", "to": "stream", "max": 0.2,
      "where": "nic.mtu == 1500" }
  ]
}
)json";
}

std::string study_markdown() {
  std::string text(kIntroduction);
  text += study_example();
  text += kRules;
  StudyFile defaults;
  models::MarkdownWriter writer("");
  describe(writer, defaults);
  return text + writer.take("The study", "");
}

}  // namespace cli
