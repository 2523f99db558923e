// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>

#include "sim/engine/engine.hpp"

namespace sim {

/// The default engine: every task is an s4u actor, one SimGrid second is one picosecond.
///
/// Actors take turns by `this_actor::yield`, and by suspend/resume when a turn is long in coming;
/// the SimGrid clock follows the engine's own at a bounded lag and is equal to it when the run
/// ends. SimGrid allows one platform a process: several engines may be made one after the other,
/// never at once.
std::unique_ptr<Engine> make_simgrid_engine(const Engine::Options& options);

}  // namespace sim
