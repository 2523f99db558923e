// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/scenario/field_writer.hpp"
#include "models/scenario/fields_profile.hpp"

/// JSON Schema from a field table. Include after the tables. Only from .cpp files.
namespace models {

/// The archive that turns a struct's fields into a JSON Schema of its objects.
class SchemaWriter {
 public:
  template <class T>
  void field(std::string_view name, const T& value, const Field& f) {
    Json schema = schema_of(static_cast<const T*>(nullptr), f);
    std::string description(f.doc);
    if (!f.unit.empty()) description += " Unit: " + std::string(f.unit) + ".";
    if (!f.applies_when.empty()) description += " Only when " + std::string(f.applies_when) + ".";
    if (!f.absent.empty()) description += " Not given: " + std::string(f.absent) + ".";
    schema["description"] = description;
    if constexpr (!IsOptional<T>::value) {
      if (!f.required) schema["default"] = to_json(value);
    }
    properties_[std::string(name)] = schema;
    if (f.required) required_.emplace_back(name);
  }

  void directive(std::string_view name, std::string_view doc) {
    properties_[std::string(name)] = {{"type", "string"}, {"description", std::string(doc)}};
  }

  Json take() {
    Json schema{{"type", "object"}, {"properties", properties_}, {"additionalProperties", false}};
    if (!required_.empty()) schema["required"] = required_;
    return schema;
  }

 private:
  static Json number(const char* type, const Field& f) {
    Json schema{{"type", type}};
    if (std::isfinite(f.min)) schema[f.above_min ? "exclusiveMinimum" : "minimum"] = to_json(f.min);
    if (std::isfinite(f.max)) schema["maximum"] = to_json(f.max);
    return schema;
  }

  static Json pair_of(const Json& first, const Json& second) {
    return {{"type", "array"},
            {"prefixItems", Json::array({first, second})},
            {"items", false},
            {"minItems", 2}};
  }

  static Json only_member(const char* name, const Json& schema) {
    return {{"type", "object"},
            {"properties", {{name, schema}}},
            {"required", Json::array({name})},
            {"additionalProperties", false}};
  }

  static Json schema_of(const bool*, const Field&) { return {{"type", "boolean"}}; }
  static Json schema_of(const double*, const Field& f) { return number("number", f); }
  template <Integer T>
  static Json schema_of(const T*, const Field& f) {
    return number("integer", f);
  }
  static Json schema_of(const std::string*, const Field& f) {
    if (!f.choices.empty()) return {{"enum", f.choices}};
    Json schema{{"type", "string"}};
    if (f.pattern == kIdentifier) {
      schema["pattern"] = (f.required ? "" : "^$|") + std::string(kIdentifierRegex);
    }
    return schema;
  }
  template <Enumeration E>
  static Json schema_of(const E*, const Field&) {
    return {{"enum", enum_names<E>()}};
  }
  template <SelfDescribed T>
  static Json schema_of(const T* value, const Field&) {
    return schema_of_value(value);
  }
  static Json schema_of(const DistributionSpec*, const Field& f) {
    const Json value = number("number", f);
    const Json positive{{"type", "number"}, {"exclusiveMinimum", 0}};
    const Json lognormal{
        {"type", "object"},
        {"properties", {{"mean", value}, {"cv", {{"type", "number"}, {"minimum", 0}}}}},
        {"required", Json::array({"mean", "cv"})},
        {"additionalProperties", false}};
    const Json choice{{"type", "array"}, {"minItems", 1}, {"items", pair_of(value, positive)}};
    return {{"anyOf",
             Json::array({value, only_member("exponential", value),
                          only_member("uniform", pair_of(value, value)),
                          only_member("lognormal", lognormal), only_member("choice", choice)})}};
  }
  static Json schema_of(const std::map<std::string, double>*, const Field&) {
    SchemaWriter writer;
    for (const ConstantInfo& constant : profile_constants()) {
      writer.field(constant.name, std::optional<double>(), constant_field(constant));
    }
    return writer.take();
  }
  template <class T>
  static Json schema_of(const std::optional<T>*, const Field& f) {
    return schema_of(static_cast<const T*>(nullptr), f);
  }
  template <class T>
  static Json schema_of(const std::vector<T>*, const Field& f) {
    const T* type = nullptr;
    const Json item = schema_of(type, f);
    Json array{{"type", "array"}, {"items", item}, {"maxItems", f.max_items}};
    if constexpr (Keyed<T>) {
      const Json object{{"type", "object"},
                        {"additionalProperties", schema_of_member(type, item)},
                        {"maxProperties", f.max_items}};
      return {{"anyOf", Json::array({object, array})}};
    } else {
      return array;
    }
  }
  template <Struct T>
  static Json schema_of(const T*, const Field& f) {
    T value{};
    SchemaWriter writer;
    describe(writer, value);
    if (f.shorthand.empty()) return writer.take();
    return {{"anyOf", Json::array({Json{{"type", "boolean"}}, writer.take()})}};
  }

  Json properties_ = Json::object();
  std::vector<std::string> required_;
};

/// The schema of a document that is one T.
template <Struct T>
std::string json_schema_text(const std::string& title) {
  T defaults;
  SchemaWriter writer;
  describe(writer, defaults);
  Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}};
  schema.update(writer.take());
  return schema.dump(2) + "\n";
}

}  // namespace models
