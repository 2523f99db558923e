// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/replay.hpp"

#include <fmt/format.h>

#include "sim/explore/execution.hpp"

namespace sim {
namespace {

struct Recorded {
  Footprint footprint;
  Op op;
};

/// The latest step of another thread that the last one conflicts with: the end of what it uses,
/// else a change of the same memory, else any use of the same lock.
std::optional<std::size_t> opponent(const std::vector<ReplayedStep>& steps,
                                    const std::vector<Recorded>& recorded) {
  const std::size_t last = steps.size() - 1;
  const Footprint& mine = recorded[last].footprint;
  const auto latest = [&](auto fits) -> std::optional<std::size_t> {
    for (std::size_t i = last; i-- > 0;) {
      if (steps[i].thread != steps[last].thread && fits(recorded[i])) return i;
    }
    return std::nullopt;
  };
  if (auto found = latest([&](const Recorded& step) {
        return step.op == Op::destroy && (step.footprint.locks & mine.locks) != 0;
      })) {
    return found;
  }
  if (auto found = latest([&](const Recorded& step) {
        return step.footprint.changed_any_of(mine.memory()) ||
               mine.changed_any_of(step.footprint.memory());
      })) {
    return found;
  }
  return latest([&](const Recorded& step) { return step.footprint.conflicts(mine); });
}

std::string misfit_at(const Execution& execution, std::size_t step, std::size_t thread,
                      std::string_view name) {
  if (execution.finished(thread)) {
    return fmt::format("step {}: {} has finished already", step + 1, name);
  }
  return fmt::format("step {}: {} cannot go on, it waits to {}", step + 1, name,
                     to_string(execution.next(thread)));
}

}  // namespace

Replayed replay(Program& program, Turns& turns, const Schedule& schedule) {
  Replayed result;
  Execution execution(program, turns);
  execution.keep_notes(true);
  execution.begin();
  std::vector<Recorded> recorded;
  recorded.reserve(schedule.size());
  for (const ScheduleStep step : schedule) {
    const std::size_t index = result.steps.size();
    if (execution.finding()) {
      result.misfit = fmt::format("step {} follows step {}, which met the violation {}", index + 1,
                                  index, execution.finding()->kind);
      return result;
    }
    if (step.thread >= execution.threads()) {
      result.misfit = fmt::format("step {} is thread {}'s, and there are {} threads", index + 1,
                                  static_cast<char>('a' + step.thread), execution.threads());
      return result;
    }
    if ((execution.enabled() & bit_of(step.thread)) == 0) {
      result.misfit = misfit_at(execution, index, step.thread, program.thread_name(step.thread));
      return result;
    }
    const Operation operation = execution.next(step.thread);
    ReplayedStep& replayed = result.steps.emplace_back();
    replayed.thread = step.thread;
    replayed.operation = to_string(operation);
    replayed.choice = operation.op == Op::choice;
    replayed.outcome = step.outcome != 0;
    if (step.outcome != 0 && !replayed.choice) {
      result.misfit = fmt::format("step {}: nature has no choice in \"{}\" of {}", index + 1,
                                  replayed.operation, program.thread_name(step.thread));
      return result;
    }
    recorded.push_back({execution.step(step.thread, step.outcome).footprint, operation.op});
  }
  if (!execution.finding() && execution.enabled() == 0) execution.judge();
  for (const StepNote& note : execution.notes()) {
    if (note.step >= result.steps.size()) continue;
    std::string text = note.what;
    if (note.object != nullptr) text += fmt::format(" ({})", note.object);
    if (note.amount != 0) text += fmt::format(": {}", note.amount);
    result.steps[note.step].notes.push_back(std::move(text));
  }
  result.finding = execution.finding();
  result.thread = execution.finding_thread_name();
  if (!result.thread.empty() && !result.steps.empty()) {
    if (const auto other = opponent(result.steps, recorded)) {
      result.steps.back().racing = result.steps[*other].racing = true;
    }
  }
  return result;
}

}  // namespace sim
