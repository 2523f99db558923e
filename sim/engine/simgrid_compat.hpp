// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// The differences between SimGrid 3.32 (Debian 12) and 4.x (Debian 13), in one place.

#include <functional>
#include <string>
#include <vector>

// version.h needs what s4u.hpp brings.
// clang-format off
#include <simgrid/s4u.hpp>
#include <simgrid/version.h>
// clang-format on

namespace sim::simgrid_compat {

namespace sg4 = simgrid::s4u;

/// One host is enough: cores, run queues and locks are the machine's own.
inline sg4::Host* make_host(sg4::Engine& engine) {
#if SIMGRID_VERSION >= 40000
  return engine.get_netzone_root()->add_host("machine", 1e9);
#else
  (void)engine;
  auto* zone = sg4::create_full_zone("zone");
  auto* host = zone->create_host("machine", 1e9);
  zone->seal();
  return host;
#endif
}

inline sg4::ActorPtr spawn(sg4::Engine& engine, const std::string& name, sg4::Host* host,
                           const std::function<void()>& body) {
#if SIMGRID_VERSION >= 40100
  (void)engine;
  return host->add_actor(name, body);
#elif SIMGRID_VERSION >= 40000
  return engine.add_actor(name, host, body);
#else
  (void)engine;
  return sg4::Actor::create(name, host, body);
#endif
}

/// Dates are integers, so that the precision of comparisons may be far below one.
inline const char* precision_option() {
#if SIMGRID_VERSION >= 33400
  return "precision/timing:1e-9";
#else
  return "surf/precision:1e-9";
#endif
}

}  // namespace sim::simgrid_compat
