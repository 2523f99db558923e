// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/study/expectation.hpp"
#include "cli/study/study.hpp"
#include "models/scenario/field.hpp"

/// A study file as plain data: what it says, with defaults filled in. The meaning of each field
/// stands once, in study_fields.hpp; docs/study.md is generated from there. Nothing here has been
/// checked.
namespace cli {

/// Where the scenario comes from.
struct BaseSpec {
  std::string file;             ///< relative to the study file; empty: inline
  std::string inline_scenario;  ///< JSON text

  bool operator==(const BaseSpec&) const = default;
};

/// `{"nic.mtu": 9000, "receive.algorithm": "generic"}`, in the file's order.
struct Assignments {
  struct Item {
    std::string path;
    Literal value;
    bool operator==(const Item&) const = default;
  };
  std::vector<Item> items;

  bool operator==(const Assignments&) const = default;
};

struct RangeSpec {
  double from = 0.0;
  double to = 0.0;
  std::optional<int> steps;  ///< absent: continuous, for samples only
  Scale scale = Scale::linear;
};

/// One of several fields that move together.
struct MemberSpec {
  std::string path;
  std::vector<Literal> values;
  std::optional<RangeSpec> range;
};

struct VariantSpec {
  std::string name;
  Assignments set;
};

/// What is varied: a field (`path` with `values` or `range`), several that move together, or named
/// variants.
struct FactorSpec {
  std::string name;  ///< of the column; empty: `path`, the first member's path, or `variant`
  std::string path;
  std::vector<Literal> values;
  std::optional<RangeSpec> range;
  std::vector<MemberSpec> together;
  std::vector<VariantSpec> variants;
  models::Place place;
};

struct DependentSpec {
  std::string path;
  std::string expression;
};

enum class SampleMethod : std::uint8_t { random, latin_hypercube };

struct SampleSpec {
  SampleMethod method = SampleMethod::random;
  int count = 0;
  std::int64_t seed = 1;
};

struct StudyFile {
  std::string schema;
  std::string name;
  std::string description;
  BaseSpec base;
  Assignments set;
  std::vector<FactorSpec> factors;
  std::vector<DependentSpec> dependent;
  std::string constraint;  ///< empty: every point
  std::optional<SampleSpec> sample;
  std::optional<int> replications;
  std::optional<Precision> precision;
  std::optional<std::int64_t> seed;
  SeedPolicy seed_policy = SeedPolicy::common;
  std::vector<Expectation> expect;
};

}  // namespace cli
