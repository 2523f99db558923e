// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "models/simulation.hpp"

namespace test {

/// What --set would be given, in order; a later one wins.
using Overrides = std::vector<std::string>;

inline Overrides operator+(Overrides a, const Overrides& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// The algorithms that the mail compares.
inline constexpr std::array kMailAlgorithms = {"generic", "stream_inplace", "stream_putback"};

/// Path of a shipped scenario.
inline std::string shipped(const std::string& name) {
  return std::string(SOCKBUFSIM_SOURCE_DIR) + "/scenarios/" + name + ".json";
}

/// Runs a shipped scenario with overrides; its expectations do not matter.
inline models::Report run(const std::string& name, const Overrides& overrides) {
  const models::LoadedScenario loaded = models::load_scenario(shipped(name), overrides);
  return models::simulate({&loaded}).report;
}

/// Null when no lock of that class was registered.
inline const models::LockReport* find_lock(const models::Report& report, std::string_view name) {
  for (const models::LockReport& lock : report.locks) {
    if (lock.name == name) return &lock;
  }
  return nullptr;
}

/// Acquisitions of `lock` at `point`; 0 when there was none.
inline double acquisitions(const models::Report& report, std::string_view lock,
                           std::string_view point) {
  const models::LockReport* found = find_lock(report, lock);
  if (found == nullptr) return 0.0;
  for (const models::LockPartReport& part : found->points) {
    if (part.name == point) return part.figures.acquisitions;
  }
  return 0.0;
}

/// Acquisitions of so_rcv by tcp_input.
inline double by_lower_half(const models::Report& report) {
  return acquisitions(report, "so_rcv", "tcp_input.c:1201") +
         acquisitions(report, "so_rcv", "tcp_input.c:2260");
}

/// Acquisitions of so_rcv by everybody else.
inline double by_reader(const models::Report& report) {
  return find_lock(report, "so_rcv")->figures.acquisitions - by_lower_half(report);
}

}  // namespace test
