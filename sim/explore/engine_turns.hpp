// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>

#include "sim/engine/engine.hpp"
#include "sim/explore/turns.hpp"

namespace sim {

/// Runs `engine`, and in it one task that calls `conduct` with turns whose threads are tasks of the
/// engine: so a schedule can be replayed on actors of SimGrid. No simulated time passes. What
/// leaves `conduct` is rethrown here. The engine must not have run before. Executions made on the
/// turns must not outlive `conduct`.
void conduct_on(Engine& engine, const std::function<void(Turns&)>& conduct);

}  // namespace sim
