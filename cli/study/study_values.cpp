// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/study_values.hpp"

#include <array>

namespace cli {

using models::EnumEntry;
using models::Json;

std::string Literal::text() const {
  const Json value = Json::parse(json);
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return models::number_text(value.get<double>());
  return json;
}

std::optional<double> Literal::number() const {
  const Json value = Json::parse(json);
  if (!value.is_number()) return std::nullopt;
  return value.get<double>();
}

bool read_value(const Json& node, Literal& value) {
  if (node.is_null()) return false;
  value.json = node.dump();
  return true;
}

Json to_json(const Literal& value) { return value.json.empty() ? Json() : Json::parse(value.json); }

Json schema_of_value(const Literal*) {
  return {{"type", Json::array({"number", "string", "boolean", "array", "object"})}};
}

std::string allowed_value(const Literal*) { return "a value that the field may have"; }

bool read_value(const Json& node, BaseSpec& value) {
  value = {};
  if (node.is_string() && !node.get_ref<const std::string&>().empty()) {
    value.file = node.get<std::string>();
    return true;
  }
  if (!node.is_object()) return false;
  value.inline_scenario = node.dump();
  return true;
}

Json to_json(const BaseSpec& value) {
  return value.inline_scenario.empty() ? Json(value.file) : Json::parse(value.inline_scenario);
}

Json schema_of_value(const BaseSpec*) {
  return {{"anyOf",
           Json::array({Json{{"type", "string"}, {"minLength", 1}}, Json{{"type", "object"}}})}};
}

std::string allowed_value(const BaseSpec*) { return "the name of a scenario file, or a scenario"; }

bool read_value(const Json& node, Assignments& value) {
  value.items.clear();
  if (!node.is_object()) return false;
  for (const auto& [path, member] : node.items()) {
    value.items.push_back({path, {member.dump()}});
  }
  return true;
}

Json to_json(const Assignments& value) {
  Json object = Json::object();
  for (const Assignments::Item& item : value.items)
    object[item.path] = Json::parse(item.value.json);
  return object;
}

Json schema_of_value(const Assignments*) { return {{"type", "object"}}; }

std::string allowed_value(const Assignments*) {
  return "an object of values by dotted path, like {\"nic.mtu\": 9000}";
}

Json spell_out(const FactorSpec*, const std::string& key, const Json& member) {
  if (member.is_array()) return {{"path", key}, {"values", member}};
  if (!member.is_object()) return {};
  if (member.contains("from") || member.contains("to")) return {{"path", key}, {"range", member}};
  Json factor = member;
  const bool group = member.contains("together") || member.contains("variants");
  const char* const named = group ? "name" : "path";
  if (!factor.contains(named)) factor[named] = key;
  return factor;
}

std::string allowed_member(const FactorSpec*) {
  return "an array of values, a range {\"from\": a, \"to\": b, \"steps\": n}, or an object with "
         "`together` or `variants`";
}

std::string allowed_keyed(const FactorSpec*) {
  return "an object, whose members are arrays of values or ranges by the path that is varied, or "
         "objects with `together` or `variants` by the column's name";
}

Json schema_of_member(const FactorSpec*, const Json& element) {
  return {
      {"anyOf", Json::array({Json{{"type", "array"}},
                             Json{{"type", "object"}, {"required", Json::array({"from", "to"})}},
                             element})}};
}

std::span<const EnumEntry<Scale>> enum_entries(Scale) {
  static constexpr std::array<EnumEntry<Scale>, 2> kEntries{{
      {Scale::linear, "linear", "by equal differences"},
      {Scale::log, "log", "by equal ratios"},
  }};
  return kEntries;
}

std::span<const EnumEntry<Measure>> enum_entries(Measure) {
  static constexpr std::array<EnumEntry<Measure>, 7> kEntries{{
      {Measure::value, "value", "the mean of each point"},
      {Measure::difference, "difference", "`to` less `from`, all other columns being equal"},
      {Measure::ratio, "ratio", "`to` over `from`: 0.2 is a fall to a fifth"},
      {Measure::relative_difference, "relative_difference",
       "`to` less `from`, over the amount of `from`"},
      {Measure::slope, "slope", "the change of the metric per unit of `factor`, by least squares"},
      {Measure::crossover, "crossover",
       "the value of `over` at which `from` and `to` change places; there must be one"},
      {Measure::no_crossover, "no_crossover", "`from` and `to` never change places along `over`"},
  }};
  return kEntries;
}

std::span<const EnumEntry<SampleMethod>> enum_entries(SampleMethod) {
  static constexpr std::array<EnumEntry<SampleMethod>, 2> kEntries{{
      {SampleMethod::random, "random", "each factor drawn on its own, no point twice"},
      {SampleMethod::latin_hypercube, "latin_hypercube",
       "each factor's values used equally often, in random company"},
  }};
  return kEntries;
}

std::span<const EnumEntry<SeedPolicy>> enum_entries(SeedPolicy) {
  static constexpr std::array<EnumEntry<SeedPolicy>, 2> kEntries{{
      {SeedPolicy::common, "common",
       "one seed for all points: the same arrivals for all variants, paired differences"},
      {SeedPolicy::independent, "independent",
       "a seed of its own for every point, derived from the study's seed and the point's hash"},
  }};
  return kEntries;
}

}  // namespace cli
