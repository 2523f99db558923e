// SPDX-License-Identifier: BSD-2-Clause
#include "cli/report/units.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <span>
#include <string_view>

namespace cli {
namespace {

struct Unit {
  double size;
  std::string_view name;
};

/// Three significant digits before the unit: 1.23, 12.3, 123.
std::string three_digits(double value) {
  const double size = std::fabs(value);
  if (size < 9.995) return fmt::format("{:.2f}", value);
  if (size < 99.95) return fmt::format("{:.1f}", value);
  return fmt::format("{:.0f}", value);
}

/// `units` from small to large; a value that rounds to 1000 of one goes to the next.
std::string with_unit(double value, std::span<const Unit> units) {
  const Unit* chosen = &units.front();
  for (const Unit& unit : units) {
    if (std::fabs(value) >= unit.size * 0.9995) chosen = &unit;
  }
  return fmt::format("{} {}", three_digits(value / chosen->size), chosen->name);
}

}  // namespace

std::string time_text(double ns) {
  static constexpr std::array<Unit, 5> kUnits = {
      {{1e-3, "ps"}, {1.0, "ns"}, {1e3, "us"}, {1e6, "ms"}, {1e9, "s"}}};
  return ns == 0.0 ? "0" : with_unit(ns, kUnits);
}

std::string count_text(double n) {
  static constexpr std::array<Unit, 4> kUnits = {{{1.0, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}}};
  if (std::fabs(n) < 100000.0) {
    return n == std::floor(n) ? fmt::format("{:.0f}", n) : three_digits(n);
  }
  return with_unit(n, kUnits);
}

std::string rate_text(double per_s) {
  static constexpr std::array<Unit, 4> kUnits = {
      {{1.0, "/s"}, {1e3, "k/s"}, {1e6, "M/s"}, {1e9, "G/s"}}};
  return per_s == 0.0 ? "0 /s" : with_unit(per_s, kUnits);
}

std::string bytes_text(double bytes) {
  static constexpr std::array<Unit, 4> kUnits = {
      {{1.0, "B"}, {1024.0, "KiB"}, {1048576.0, "MiB"}, {1073741824.0, "GiB"}}};
  return bytes < 1024.0 ? fmt::format("{:.0f} B", bytes) : with_unit(bytes, kUnits);
}

std::string percent_text(double share) {
  if (share > 0.0 && share < 0.0005) return "<0.1 %";
  return fmt::format("{:.1f} %", share * 100.0);
}

}  // namespace cli
