// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/profile.hpp"

#include <fmt/format.h>
#include <filesystem>

#include "models/scenario/embedded.hpp"
#include "models/scenario/field_reader.hpp"
#include "models/scenario/fields_profile.hpp"

namespace models {
namespace {

const EmbeddedFile* find_embedded(const std::string& name) {
  for (const EmbeddedFile& file : embedded_profiles()) {
    if (file.name == name) return &file;
  }
  return nullptr;
}

void check_constants(const Document& document, const Profile& profile, ErrorList& errors) {
  for (const ConstantInfo& info : profile_constants()) {
    const auto it = profile.constants.find(std::string(info.name));
    if (it == profile.constants.end()) continue;
    const Constant& constant = it->second;
    const std::string at = child_pointer("/constants", info.name);
    if (constant.unit != info.unit) {
      errors.add(document.error_at(at + "/unit", quote(enum_name(constant.unit)),
                                   quote(enum_name(info.unit)) + ", as the name says"));
    }
    if (constant.value > info.max) {
      errors.add(document.error_at(at + "/value", number_text(constant.value),
                                   allowed_text<double>(constant_field(info))));
    }
    if (constant.range.size() == 2 &&
        (constant.range[0] > constant.value || constant.value > constant.range[1])) {
      errors.add(document.error_at(
          at + "/range",
          fmt::format("{} to {}", number_text(constant.range[0]), number_text(constant.range[1])),
          fmt::format("two numbers, the first at most and the second at least the value {}",
                      number_text(constant.value))));
    }
  }
}

Profile read_profile(const Document& document) {
  constexpr int kMaxCores = 256;
  ErrorList errors;
  Profile profile;
  read_struct(document, errors, profile);
  errors.throw_if_any();
  check_constants(document, profile, errors);
  if (profile.cores_per_package % profile.cores_per_cache != 0) {
    errors.add(document.error_at(
        "/cores_per_cache", std::to_string(profile.cores_per_cache),
        fmt::format("a divisor of cores_per_package, which is {}", profile.cores_per_package)));
  }
  if (profile.cores() > kMaxCores) {
    errors.add(document.error_at("/packages", fmt::format("{} cores in all", profile.cores()),
                                 "at most 256 cores"));
  }
  errors.throw_if_any();
  return profile;
}

}  // namespace

bool is_profile_path(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".json");
}

std::vector<std::string> profile_names() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_profiles()) names.emplace_back(file.name);
  return names;
}

Profile load_profile(const std::string& name_or_path, const std::string& directory,
                     const ScenarioError& named_by) {
  if (is_profile_path(name_or_path)) {
    const bool as_is = name_or_path.front() == '/' || directory == ".";
    const std::string path =
        as_is ? name_or_path : (std::filesystem::path(directory) / name_or_path).string();
    return read_profile(Document::plain(read_text_file(path, named_by), path));
  }
  if (const EmbeddedFile* const file = find_embedded(name_or_path)) {
    return read_profile(
        Document::plain(std::string(file->text), std::string(file->name) + " (built in)"));
  }
  ScenarioError error = named_by;
  error.found = quote(name_or_path);
  error.allowed =
      join_names(profile_names()) + ", or the path of a profile file (with a / or ending in .json)";
  error.hint = suggest(name_or_path, profile_names());
  throw ScenarioErrors({error});
}

sim::Picoseconds cycles_to_picoseconds(double cycles, double clock_ghz) {
  return sim::round_to_ps(cycles * 1000.0 / clock_ghz);
}

Costs compile_costs(const Profile& profile, const Machine& machine) {
  Costs costs;
  for (const ConstantInfo& info : profile_constants()) {
    const std::string name(info.name);
    const auto replaced = machine.costs.find(name);
    const double value =
        replaced != machine.costs.end() ? replaced->second : profile.constants.at(name).value;
    if (info.net_per_byte != nullptr) {
      costs.net.*info.net_per_byte = value * 1000.0;
      continue;
    }
    const sim::Picoseconds cost = info.unit == CostUnit::cycles
                                      ? cycles_to_picoseconds(value, profile.clock_ghz)
                                      : sim::from_ns(value);
    if (info.machine != nullptr) {
      costs.machine.*info.machine = cost;
    } else {
      costs.net.*info.net = cost;
    }
  }
  if (machine.time_slice_ms) costs.machine.time_slice_ps = sim::from_ms(*machine.time_slice_ms);
  return costs;
}

std::vector<CorePlace> compile_topology(const Profile& profile, const Machine& machine) {
  if (!machine.topology.empty()) return machine.topology;
  if (profile.unlimited_cores && !machine.cores) return {};
  std::vector<CorePlace> places;
  const int cores = machine.cores.value_or(profile.cores());
  places.reserve(static_cast<std::size_t>(cores));
  for (int core = 0; core < cores; ++core) {
    places.push_back({core / profile.cores_per_package, core / profile.cores_per_cache});
  }
  return places;
}

}  // namespace models
