// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "models/scenario/scenario.hpp"
#include "sim/explore/program.hpp"
#include "sim/explore/schedule.hpp"

namespace models {

inline constexpr const char* kScheduleSchema = "sockbufsim/schedule/1";

/// A counterexample as a file: all that is needed to see the same violation again.
struct ScheduleFile {
  Scenario scenario;                 ///< effective, with nothing left to look up
  std::vector<std::string> threads;  ///< by letter: a, b, ...
  sim::Schedule schedule;            ///< up to the violation
  sim::Finding expected;             ///< the violation that it leads to
  std::string thread;                ///< who meets it; empty: the end is judged
  std::string strategy;              ///< that found it
  std::string version;               ///< of the program that wrote it
  std::string commit;                ///< of the same; may be empty
};

/// JSON, with a line break at its end. Files that the scenario refers to get absolute paths.
std::string dump_schedule_file(const ScheduleFile& file);

/// JSON Schema (2020-12) of the same.
std::string schedule_json_schema();

/// Reads one; `path` names it in errors. Throws ScenarioErrors and nothing else: with the pointer,
/// what was found and what is allowed. What it returns is bounded: at most 100,000 steps, at most
/// kMaxExploredThreads threads and as many sockets.
ScheduleFile parse_schedule_file(const std::string& text, const std::string& path);

}  // namespace models
