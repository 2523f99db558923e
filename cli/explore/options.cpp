// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explore/options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/errors.hpp"
#include "cli/seconds.hpp"
#include "cli/shell.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/nearest.hpp"

namespace cli {
namespace {

constexpr std::int64_t kMaxJobs = 256;
constexpr std::int64_t kMaxRuns = 100'000;

bool takes_bound(const std::string& name) {
  return name == "preemptions" || name == "delays" || name == "pct";
}

void check_range(const char* option, std::optional<std::int64_t> value, std::int64_t least,
                 std::int64_t most) {
  if (!value || (*value >= least && *value <= most)) return;
  throw UsageError(
      fmt::format("{}: found {}; allowed: an integer from {} to {}", option, *value, least, most));
}

void forbid(bool given, const char* option, const char* where) {
  if (given) throw UsageError(fmt::format("{}: has no meaning {}", option, where));
}

/// What may stand where a strategy of this name, or of no known one, was refused.
std::string allowed_instead_of(const std::string& name) {
  const std::vector<std::string> known = {"exhaustive", "all",    "preemptions", "delays",
                                          "pct",        "random", "urw"};
  if (name == "pct") return "pct:D, D from 1 to 1000";
  if (takes_bound(name)) return name + ":N, N from 0 to 1000";
  if (std::find(known.begin(), known.end(), name) != known.end())
    return name + ", without a number";
  return fmt::format("{}; N from 0 to 1000, D from 1 to 1000{}", sim::kStrategies,
                     models::suggestion(name, known));
}

}  // namespace

sim::Strategy strategy_of(const ExploreOptions& options) {
  std::string text = options.strategy;
  const std::string name = text.substr(0, text.find(':'));
  const bool has_number = text.find(':') != std::string::npos;
  if (options.bound) {
    if (has_number) {
      throw UsageError(
          fmt::format("--bound: found {}, and --strategy {} says one already; "
                      "allowed: one of them",
                      *options.bound, text));
    }
    if (!takes_bound(name)) {
      throw UsageError(
          fmt::format("--bound: found {} with the strategy {}; allowed: with "
                      "preemptions, delays and pct",
                      *options.bound, models::quote(text)));
    }
    text += ':' + std::to_string(*options.bound);
  } else if (takes_bound(name) && !has_number) {
    throw UsageError(
        fmt::format("--strategy: found {} without its bound; allowed: {}:N, or {} "
                    "with --bound N",
                    text, text, text));
  }
  if (const auto strategy = sim::parse_strategy(text)) return *strategy;
  throw UsageError(fmt::format("--strategy: found {}; allowed: {}", models::quote(text),
                               allowed_instead_of(name)));
}

void check_options(const ExploreOptions& options) {
  check_range("--max-schedules", options.max_schedules, 1, std::int64_t{1} << 53);
  check_range("--jobs", options.jobs, 1, kMaxJobs);
  check_range("--steps", options.steps, 1, kMaxRuns);
  check_range("--replications", options.replications, 1, kMaxRuns);
  check_seconds("--max-seconds", options.max_seconds);
  if (options.matrix && options.timed_search) {
    throw UsageError("--matrix and --timed-search: allowed: one of them");
  }
  if (options.matrix) {
    forbid(!options.schedule.empty(), "--schedule", "with --matrix, which has many");
    forbid(!options.junit.empty(), "--junit", "with --matrix");
    forbid(!options.checkpoint.empty(), "--checkpoint", "with --matrix");
  } else {
    forbid(!options.algorithms.empty(), "--algorithms", "without --matrix");
    if (options.scenarios.size() != 1) {
      throw UsageError(fmt::format("found {} scenarios; allowed: one, or several with --matrix",
                                   options.scenarios.size()));
    }
  }
  if (options.timed_search) {
    const char* const where = "with --timed-search, which simulates and does not explore";
    forbid(!options.schedule.empty(), "--schedule", where);
    forbid(!options.junit.empty(), "--junit", where);
    forbid(!options.checkpoint.empty(), "--checkpoint", where);
    forbid(options.first, "--first", where);
    forbid(options.jobs != 1, "--jobs", where);
    forbid(options.max_seconds.has_value(), "--max-seconds", where);
    forbid(options.max_schedules.has_value(), "--max-schedules", where);
    forbid(options.bound.has_value() || options.strategy != "exhaustive", "--strategy", where);
  } else {
    forbid(options.steps.has_value(), "--steps", "without --timed-search");
    forbid(options.replications.has_value(), "--replications", "without --timed-search");
  }
}

std::string explore_command_line(const ExploreOptions& options) {
  std::string command = "sockbufsim explore";
  if (options.matrix) command += " --matrix";
  if (options.timed_search) command += " --timed-search";
  for (const std::string& scenario : options.scenarios) command += ' ' + shell_word(scenario);
  for (const std::string& item : options.overrides) command += " --set " + shell_word(item);
  if (!options.timed_search) command += " --strategy " + sim::to_string(strategy_of(options));
  if (options.seed) command += fmt::format(" --seed {}", *options.seed);
  if (options.max_schedules) command += fmt::format(" --max-schedules {}", *options.max_schedules);
  if (options.max_seconds) command += fmt::format(" --max-seconds {}", *options.max_seconds);
  if (options.first) command += " --first";
  if (options.steps) command += fmt::format(" --steps {}", *options.steps);
  if (options.replications) command += fmt::format(" --replications {}", *options.replications);
  for (std::size_t i = 0; i < options.algorithms.size(); ++i) {
    command += (i == 0 ? " --algorithms " : ",") + options.algorithms[i];
  }
  return command;
}

}  // namespace cli
