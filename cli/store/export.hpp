// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>

#include "cli/store/results.hpp"

namespace cli {

/// One row a run, in the order of the study's points, then by replication: `point`, one column a
/// factor, `replication`, `seed`, `status`, `reason`, one column a metric (sorted; empty where a
/// run lacks it), `fingerprint`, `rerun`.
void write_results_csv(std::ostream& out, const Results& results);

/// The same as JSON Lines: one object a run, with `settings` and `metrics` as objects in it.
void write_results_jsonl(std::ostream& out, const Results& results);

}  // namespace cli
