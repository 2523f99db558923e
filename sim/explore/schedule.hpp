// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// One step of a schedule: who goes next, and what nature answers if that step is a choice.
struct ScheduleStep {
  std::uint8_t thread = 0;
  std::uint8_t outcome = 0;  ///< 0 or 1
  friend bool operator==(const ScheduleStep&, const ScheduleStep&) = default;
};

/// An interleaving: together with its program it determines an execution.
using Schedule = std::vector<ScheduleStep>;

/// Most steps of an interleaving that is searched.
inline constexpr std::size_t kMaxInterleavingSteps = 32'767;

/// An interleaving has more than kMaxInterleavingSteps: the program does too much, or never ends.
class InterleavingTooLong : public std::exception {
 public:
  const char* what() const noexcept override {
    return "an interleaving is too long to be searched";
  }
};

/// Throws InterleavingTooLong when so many steps cannot be followed by another one.
inline void check_length(std::size_t steps) {
  if (steps >= kMaxInterleavingSteps) throw InterleavingTooLong();
}

/// One line: threads as letters from `a`, repetitions as counts, `!` after a step in which nature
/// says yes: "a5b2a!3c7" is five steps of thread a, two of b, a choice of a answered with yes,
/// three more of a, seven of c.
std::string to_string(const Schedule& schedule);
/// Nothing when `text` is no such line. At most 100,000 steps.
std::optional<Schedule> parse_schedule(std::string_view text);

/// How often the thread changes from one step to the next.
std::size_t context_switches(const Schedule& schedule);

}  // namespace sim
