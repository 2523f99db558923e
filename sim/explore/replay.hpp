// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sim/explore/program.hpp"
#include "sim/explore/schedule.hpp"
#include "sim/explore/turns.hpp"

namespace sim {

/// One step of a replayed schedule, in words.
struct ReplayedStep {
  std::size_t thread = 0;
  bool choice = false;
  bool outcome = false;            ///< of a choice
  std::string operation;           ///< "lock so_rcv at uipc_socket.c:1669"
  std::vector<std::string> notes;  ///< the model's remarks: what the step means
  bool racing = false;             ///< one of the two steps whose order makes the violation
};

struct Replayed {
  std::vector<ReplayedStep> steps;
  std::optional<Finding> finding;
  std::string thread;                 ///< who met it; empty when the end was judged
  std::optional<std::string> misfit;  ///< the schedule does not fit the program: where and why
};

/// Executes `schedule`, and the judgement of the end when nothing can go on after it.
Replayed replay(Program& program, Turns& turns, const Schedule& schedule);

}  // namespace sim
