// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "models/scenario/field.hpp"
#include "models/scenario/profile.hpp"

/// The field table of machine profiles. The constants have a table of their own:
/// profile_constants().
namespace models {

/// What a scenario may give for `constant`.
inline Field constant_field(const ConstantInfo& constant) {
  return {.doc = constant.doc, .unit = enum_name(constant.unit), .min = 0, .max = constant.max};
}

template <class Archive>
void describe(Archive& a, Constant& c) {
  a.field("value", c.value,
          {.doc = "What the machine has.", .min = 0, .max = 1e9, .required = true});
  a.field("unit", c.unit, {.doc = "As the name's last part says.", .required = true});
  a.field("range", c.range,
          {.doc = "What a sensitivity sweep covers: two numbers around `value`.",
           .min = 0,
           .max = 1e9,
           .required = true,
           .max_items = 2,
           .min_items = 2});
  a.field("kind", c.kind, {.doc = "How far the value may be trusted.", .required = true});
  a.field("source", c.source, {.doc = "Where it is from.", .required = true});
}

template <class Archive>
void describe(Archive& a, Profile& p) {
  a.directive("$schema", "Ignored: where an editor finds the schema.");
  a.field("schema", p.schema,
          {.doc = "Format of the file.", .required = true, .choices = {kProfileSchema}});
  a.field("name", p.name,
          {.doc = "Name of the machine.", .required = true, .pattern = kIdentifier});
  a.field("description", p.description, {.doc = "Which machine, and what its numbers rest on."});
  a.field("clock_ghz", p.clock_ghz,
          {.doc = "Clock.", .unit = "GHz", .min = 0.01, .max = 100, .required = true});
  a.field("packages", p.packages, {.doc = "Packages (sockets of the board).", .min = 1, .max = 64});
  a.field("cores_per_package", p.cores_per_package,
          {.doc = "Cores of a package.", .min = 1, .max = 256});
  a.field("cores_per_cache", p.cores_per_cache,
          {.doc = "Cores that share a last-level cache.", .min = 1, .max = 256});
  a.field(
      "unlimited_cores", p.unlimited_cores,
      {.doc =
           "Whether every thread has a core of its own, unless a scenario gives `machine.cores`."});
  a.field("constants", p.constants, {.doc = "All constants, by name.", .required = true});
}

}  // namespace models
