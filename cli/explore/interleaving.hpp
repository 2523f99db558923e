// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "cli/report/table.hpp"
#include "sim/explore/replay.hpp"
#include "sim/observe/timeline.hpp"

namespace cli {

/// A counterexample as a table: one column a thread, one line an operation, the model's remarks
/// under their step, the racing pair marked with `*`, the violation last. Every step is there.
std::string interleaving_table(const sim::Replayed& replayed,
                               const std::vector<std::string>& threads, const Style& style);

/// One line a step: "3 a reader: lock so_rcv at uipc_socket.c:1669; remark".
std::vector<std::string> interleaving_lines(const sim::Replayed& replayed,
                                            const std::vector<std::string>& threads);

/// One step as the table says it: "choice: copy_fault: yes".
std::string step_text(const sim::ReplayedStep& step);

/// "a reader"
std::string letter_and_name(std::size_t thread, const std::string& name);

/// Draws the steps, a microsecond each, with an arrow between the racing pair.
void draw_interleaving(sim::Timeline& timeline, const sim::Replayed& replayed,
                       const std::vector<std::string>& threads);

}  // namespace cli
