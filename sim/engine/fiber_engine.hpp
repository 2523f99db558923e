// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>

#include "sim/engine/engine.hpp"

namespace sim {

/// The fast engine: every task is a Fiber with a stack of 256 KiB, and tasks switch straight to one
/// another. Several of them may exist at once, each in the thread that made it.
std::unique_ptr<Engine> make_fiber_engine(const Engine::Options& options);

}  // namespace sim
