// SPDX-License-Identifier: BSD-2-Clause
#include "sim/engine/engines.hpp"

#include "sim/engine/fiber_engine.hpp"
#include "sim/engine/simgrid_engine.hpp"

namespace sim {

std::unique_ptr<Engine> make_engine(EngineKind kind, const Engine::Options& options) {
  return kind == EngineKind::fiber ? make_fiber_engine(options) : make_simgrid_engine(options);
}

}  // namespace sim
