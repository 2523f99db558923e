// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <utility>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/machine/costs.hpp"

namespace sim {

/// How far two cores are from each other.
enum class Distance { same_core, shared_cache, package, remote };

/// Where a core sits. Cores with equal `cache` share a last-level cache, with equal `package` a
/// socket.
struct CorePlace {
  int package = 0;
  int cache = 0;
};

/// The cores of a machine and the distances between them.
class Topology {
 public:
  Topology() = default;
  explicit Topology(std::vector<CorePlace> cores) : cores_(std::move(cores)) {}

  const CorePlace& place(int core) const { return cores_[static_cast<std::size_t>(core)]; }
  int size() const { return static_cast<int>(cores_.size()); }
  /// Adds a core, returns its number.
  int add(CorePlace place) {
    cores_.push_back(place);
    return size() - 1;
  }

  Distance distance(int a, int b) const {
    if (a == b) return Distance::same_core;
    const CorePlace& left = cores_[static_cast<std::size_t>(a)];
    const CorePlace& right = cores_[static_cast<std::size_t>(b)];
    if (left.package != right.package) return Distance::remote;
    return left.cache == right.cache ? Distance::shared_cache : Distance::package;
  }

 private:
  std::vector<CorePlace> cores_;
};

/// The cost of bringing a modified cache line over a distance.
constexpr Picoseconds transfer_cost(const MachineCosts& costs, Distance distance) {
  switch (distance) {
    case Distance::same_core:
      return 0;
    case Distance::shared_cache:
      return costs.line_transfer_shared_cache_ps;
    case Distance::package:
      return costs.line_transfer_package_ps;
    case Distance::remote:
      return costs.line_transfer_remote_ps;
  }
  return 0;
}

}  // namespace sim
