// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/explore/program.hpp"
#include "sim/explore/schedule.hpp"

namespace sim {

/// Which interleavings of a program are executed.
struct Strategy {
  enum class Kind : std::uint8_t {
    exhaustive,   ///< all, one of each class of equivalent ones (ReducedSearch)
    all,          ///< every single one, without reduction: for checking the reduction
    preemptions,  ///< all with at most `bound` preemptions: switches away from a thread that could
                  ///< go on (M. Musuvathi, S. Qadeer, PLDI 2007)
    delays,       ///< all that a round-robin scheduler makes when it skips a thread at most `bound`
                  ///< times (M. Emmi, S. Qadeer, Z. Rakamaric, POPL 2011)
    pct,          ///< drawn: random priorities with `bound` - 1 change points; finds a bug of depth
                  ///< `bound` with a guaranteed probability (S. Burckhardt et al., ASPLOS 2010)
    random,       ///< drawn: any thread that can go on, at every step
    urw           ///< drawn: threads by the operations they have left, so that all interleavings
                  ///< are about equally likely (H. Zhao et al., ASPLOS 2025)
  };
  Kind kind = Kind::exhaustive;
  int bound = 0;  ///< preemptions, delays: >= 0; pct: >= 1

  /// Whether it ends by itself.
  bool finite() const { return kind < Kind::pct; }
  /// Whether it leaves no interleaving out, when it comes to its end.
  bool covers_all() const { return kind == Kind::exhaustive || kind == Kind::all; }
};

/// "exhaustive", "preemptions:2", "pct:3"; nothing when it is none of them.
std::optional<Strategy> parse_strategy(std::string_view text);
std::string to_string(const Strategy& strategy);
/// What --strategy may say, for messages.
inline constexpr std::string_view kStrategies =
    "exhaustive, all, preemptions:N, delays:N, pct:D, random, urw";

/// One kind of violation and the first way to it.
struct FoundViolation {
  Finding finding;
  std::string thread;               ///< who met it; empty when the end of the execution was judged
  Schedule schedule;                ///< up to the violation
  std::uint64_t interleavings = 0;  ///< how many of those executed ended with this kind
};

/// Where a search stands.
struct SearchProgress {
  std::uint64_t interleavings = 0;
  std::size_t kinds_found = 0;
  double share = 0.0;  ///< of the search that is done, estimated; 0..1
};

/// Executions of a strategy that draws, when nothing else is said.
inline constexpr std::uint64_t kDrawnByDefault = 10'000;

struct SearchOptions {
  Strategy strategy;
  std::uint64_t seed = 1;  ///< of the strategies that draw
  /// Executions at most; kDrawnByDefault for strategies that draw, when absent, else no limit.
  std::optional<std::uint64_t> max_schedules;
  /// Asked every thousand executions or so: true ends the search. May be empty.
  std::function<bool(const SearchProgress&)> stop;
  bool stop_at_first_violation = false;
};

struct SearchResult {
  bool complete = false;  ///< all that the strategy covers was executed
  bool too_long = false;  ///< ended by an interleaving of more than kMaxInterleavingSteps
  std::uint64_t interleavings = 0;
  std::uint64_t redundant = 0;       ///< begun, and cut short as equivalent to another one
  std::uint64_t steps = 0;           ///< operations executed in the interleavings
  std::uint64_t final_states = 0;    ///< distinct ones
  bool final_states_counted = true;  ///< false: there are more, the count stopped at its limit
  std::vector<FoundViolation> violations;  ///< by kind, in the order of their first occurrence

  /// Every interleaving of the program is covered: complete, and the strategy leaves none out.
  bool exhaustive = false;
};

/// Most distinct final states that are told apart.
inline constexpr std::size_t kMaxFinalStates = 1'000'000;

/// Executes interleavings of `program`, in this process and thread. Deterministic: the same
/// program, strategy and seed give the same result, unless `stop` ended it.
SearchResult search(Program& program, const SearchOptions& options);

}  // namespace sim
