// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/schedule.hpp"

#include <charconv>

#include "sim/explore/program.hpp"

namespace sim {
namespace {

constexpr std::size_t kMaxSteps = 100'000;

}  // namespace

std::string to_string(const Schedule& schedule) {
  std::string text;
  for (std::size_t i = 0; i < schedule.size();) {
    const ScheduleStep step = schedule[i];
    std::size_t run = 1;
    while (step.outcome == 0 && i + run < schedule.size() && schedule[i + run] == step) ++run;
    text += static_cast<char>('a' + step.thread);
    if (step.outcome != 0) text += '!';
    if (run > 1) text += std::to_string(run);
    i += run;
  }
  return text;
}

std::optional<Schedule> parse_schedule(std::string_view text) {
  Schedule schedule;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if (*at < 'a' || *at >= static_cast<char>('a' + kMaxExploredThreads)) return std::nullopt;
    ScheduleStep step;
    step.thread = static_cast<std::uint8_t>(*at++ - 'a');
    if (at != end && *at == '!') {
      step.outcome = 1;
      ++at;
    }
    std::size_t run = 1;
    if (at != end && *at >= '0' && *at <= '9') {
      const auto [next, error] = std::from_chars(at, end, run);
      if (error != std::errc() || run == 0) return std::nullopt;
      at = next;
    }
    if (run > kMaxSteps - schedule.size()) return std::nullopt;
    schedule.insert(schedule.end(), run, step);
  }
  return schedule;
}

std::size_t context_switches(const Schedule& schedule) {
  std::size_t switches = 0;
  for (std::size_t i = 1; i < schedule.size(); ++i) {
    if (schedule[i].thread != schedule[i - 1].thread) ++switches;
  }
  return switches;
}

}  // namespace sim
