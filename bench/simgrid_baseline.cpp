// SPDX-License-Identifier: BSD-2-Clause
#include "bench/simgrid_baseline.hpp"

#include <chrono>

#include "sim/base/random.hpp"
#include "sim/engine/simgrid_compat.hpp"
#include "sim/engine/simgrid_engine.hpp"

namespace bench {
namespace {

namespace sg4 = simgrid::s4u;

constexpr int kActors = 2;

/// Runs `body(index)` in each of two actors on SimGrid's one platform.
double time_actors(const std::function<void(int)>& body) {
  sim::make_simgrid_engine({});  // makes the platform on first use
  sg4::Engine& engine = *sg4::Engine::get_instance();
  for (int i = 0; i < kActors; ++i) {
    sim::simgrid_compat::spawn(engine, "baseline", engine.get_all_hosts().front(),
                               [&body, i] { body(i); });
  }
  const auto start = std::chrono::steady_clock::now();
  engine.run();
  const std::chrono::duration<double, std::nano> wall = std::chrono::steady_clock::now() - start;
  return wall.count();
}

}  // namespace

double simgrid_sleep_for_ns(std::int64_t calls) {
  return time_actors([calls](int index) {
    for (std::int64_t i = 0; i < calls / kActors; ++i) {
      sg4::this_actor::sleep_for(1000.0 + index);
    }
  });
}

double simgrid_lock_loop_ns(std::int64_t rounds) {
  const sg4::MutexPtr mutex = sg4::Mutex::create();
  return time_actors([&mutex, rounds](int index) {
    sim::Stream stream(1, 0, index == 0 ? "first" : "second");
    for (std::int64_t i = 0; i < rounds / kActors; ++i) {
      sg4::this_actor::sleep_for(stream.exponential(1'000'000.0));
      mutex->lock();
      sg4::this_actor::sleep_for(stream.exponential(250'000.0));
      mutex->unlock();
    }
  });
}

}  // namespace bench
