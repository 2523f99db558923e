// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <string>

#include "cli/study/study_file.hpp"
#include "models/scenario/enums.hpp"
#include "models/scenario/field.hpp"
#include "models/scenario/json_text.hpp"

/// The values of study files that have a form of their own: how they are read, written and
/// described (models::SelfDescribed), and the names of the enumerations. Include before
/// models/scenario/field_reader.hpp and its like. Only from .cpp files.
namespace cli {

bool read_value(const models::Json& node, Literal& value);
models::Json to_json(const Literal& value);
models::Json schema_of_value(const Literal*);
std::string allowed_value(const Literal*);

bool read_value(const models::Json& node, BaseSpec& value);
models::Json to_json(const BaseSpec& value);
models::Json schema_of_value(const BaseSpec*);
std::string allowed_value(const BaseSpec*);

bool read_value(const models::Json& node, Assignments& value);
models::Json to_json(const Assignments& value);
models::Json schema_of_value(const Assignments*);
std::string allowed_value(const Assignments*);

/// Factors may stand in an object (models::Keyed). The member's name is the path that is varied,
/// or, of a group and of variants, the column's name.
models::Json spell_out(const FactorSpec*, const std::string& key, const models::Json& member);
std::string allowed_member(const FactorSpec*);
std::string allowed_keyed(const FactorSpec*);
models::Json schema_of_member(const FactorSpec*, const models::Json& element);

std::span<const models::EnumEntry<Scale>> enum_entries(Scale);
std::span<const models::EnumEntry<Measure>> enum_entries(Measure);
std::span<const models::EnumEntry<SampleMethod>> enum_entries(SampleMethod);
std::span<const models::EnumEntry<SeedPolicy>> enum_entries(SeedPolicy);

}  // namespace cli
