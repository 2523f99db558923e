// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/costs.hpp"
#include "models/scenario/errors.hpp"
#include "models/scenario/scenario.hpp"

namespace models {

/// In what a constant of a profile is given.
enum class CostUnit : std::uint8_t { cycles, ns, ns_per_byte };

/// How far a constant may be trusted.
enum class Evidence : std::uint8_t {
  measured,    ///< by the project, on a machine named in the source
  published,   ///< by the source
  derived,     ///< computed from published values
  calibrated,  ///< fitted, within its range, to the published result that the source names
  assumed      ///< nothing better was found
};

std::span<const EnumEntry<CostUnit>> enum_entries(CostUnit);
std::span<const EnumEntry<Evidence>> enum_entries(Evidence);

/// One row of the only list of constants: what a profile must define and a scenario may override.
struct ConstantInfo {
  std::string_view name;  ///< with its unit last: mutex_acquire_cycles
  CostUnit unit;
  double max;  ///< allowed: 0..max
  std::string_view doc;
  sim::Picoseconds sim::MachineCosts::*machine;  ///< where it goes: exactly one of these
  sim::Picoseconds NetCosts::*net;
  double NetCosts::*net_per_byte;
};
std::span<const ConstantInfo> profile_constants();

/// A constant of one profile.
struct Constant {
  double value = 0.0;
  CostUnit unit = CostUnit::cycles;
  std::vector<double> range;  ///< two: what a sensitivity sweep covers, around `value`
  Evidence kind = Evidence::assumed;
  std::string source;
};

/// A machine: scenarios/machines/NAME.json.
struct Profile {
  std::string schema;
  std::string name;
  std::string description;
  double clock_ghz = 1.0;
  int packages = 1;
  int cores_per_package = 1;
  int cores_per_cache = 1;       ///< cores that share a last-level cache; divides cores_per_package
  bool unlimited_cores = false;  ///< every thread gets a core of its own (`ideal`)
  std::map<std::string, Constant> constants;  ///< all of profile_constants()

  int cores() const { return packages * cores_per_package; }
};

inline constexpr const char* kProfileSchema = "sockbufsim/machine/1";

/// The names of the profiles inside the program, sorted.
std::vector<std::string> profile_names();

/// Whether a profile's name is that of a file.
bool is_profile_path(const std::string& name);

/// The profile called `name_or_path`: one inside the program, or a file when it contains '/' or
/// ends in
/// ".json" (relative to `directory`). Throws ScenarioErrors; that of a missing profile stands where
/// `named_by` says.
Profile load_profile(const std::string& name_or_path, const std::string& directory = ".",
                     const ScenarioError& named_by = {});

/// Cycles of a clock as simulated time, rounded to nearest: the only place where cycles become
/// time.
sim::Picoseconds cycles_to_picoseconds(double cycles, double clock_ghz);

/// The constants in picoseconds, with `machine.costs` and `machine.time_slice_ms` in place of the
/// profile's.
Costs compile_costs(const Profile& profile, const Machine& machine);

/// Where each core sits: `machine.topology`, else the profile's layout repeated for
/// `machine.cores`. Empty when cores are unlimited.
std::vector<CorePlace> compile_topology(const Profile& profile, const Machine& machine);

}  // namespace models
