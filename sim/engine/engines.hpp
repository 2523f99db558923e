// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>

#include "sim/engine/engine.hpp"

namespace sim {

/// What runs the simulated threads. The results are the same; the speed is not.
enum class EngineKind : std::uint8_t {
  simgrid,  ///< actors of SimGrid: the default
  fiber     ///< fibers of Boost.Context
};

/// See simgrid_engine.hpp and fiber_engine.hpp for what each demands of its surroundings.
std::unique_ptr<Engine> make_engine(EngineKind kind, const Engine::Options& options);

}  // namespace sim
