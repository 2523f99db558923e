// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "cli/study/expression.hpp"
#include "cli/study/study.hpp"

namespace cli {

/// `nic.mtu=9000, variant=stream`; `the base scenario` when there are none.
std::string settings_text(const std::vector<Setting>& settings);

/// `nic.mtu [bytes]`, for an axis. The name alone where that tells the unit (`traffic.rtt_us`) or
/// there is none.
std::string factor_label(const std::string& factor, const std::string& unit);

/// The same of a factor that has the name of a scenario field, with this field's unit.
std::string factor_label(const std::string& factor);

/// The hint of an error that concerns one point only: says which, unless there are no settings.
std::string hint_of_point(const std::string& hint, const std::vector<Setting>& settings);

/// Whether the settings meet a condition on the columns. Throws ExpressionError.
bool settings_meet(const Expression& condition, const std::vector<Setting>& settings);

}  // namespace cli
