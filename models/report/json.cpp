// SPDX-License-Identifier: BSD-2-Clause
#include "models/report/json.hpp"

#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "models/report/archive.hpp"
#include "models/scenario/json_text.hpp"
#include "sim/base/fnv.hpp"

namespace models {
namespace {

class JsonWriter {
 public:
  template <class T>
  void field(std::string_view name, const T& value, const ReportField& f) {
    if constexpr (requires { value.empty(); }) {
      if (f.if_any && value.empty()) return;
    }
    object_[std::string(name)] = json_of(value);
  }
  Json take() { return std::move(object_); }

 private:
  static Json json_of(double value) {
    const bool whole =
        value ==
        static_cast<double>(static_cast<std::int64_t>(std::abs(value) < kMaxWhole ? value : 0.5));
    return whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
  }
  static Json json_of(bool value) { return value; }
  static Json json_of(std::int64_t value) { return value; }
  static Json json_of(Verdict value) { return std::string(enum_name(value)); }
  static Json json_of(const std::string& value) { return value; }
  static Json json_of(const std::optional<double>& value) {
    return value ? json_of(*value) : Json(nullptr);
  }
  static Json json_of(const BucketReport& bucket) {
    return Json::array({json_of(bucket.lower_ns), json_of(bucket.upper_ns), json_of(bucket.count)});
  }
  template <class T>
  static Json json_of(const std::vector<T>& values) {
    Json array = Json::array();
    for (const T& value : values) array.push_back(json_of(value));
    return array;
  }
  template <ReportStruct T>
  static Json json_of(const T& value) {
    JsonWriter writer;
    visit(writer, value);
    return writer.take();
  }

  static constexpr double kMaxWhole = 9007199254740992.0;  // 2^53
  Json object_ = Json::object();
};

Json to_tree(const Report& report) {
  JsonWriter writer;
  visit(writer, report);
  return writer.take();
}

std::string dump(const Json& tree) {
  return tree.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Turns a struct's fields into a JSON Schema of its objects.
class SchemaWriter {
 public:
  template <class T>
  void field(std::string_view name, const T&, const ReportField& f) {
    Json schema = schema_of(static_cast<const T*>(nullptr));
    std::string description(f.doc);
    if (!f.unit.empty()) description += " Unit: " + std::string(f.unit) + ".";
    schema["description"] = description;
    if (f.if_any) schema["minItems"] = 1;
    properties_[std::string(name)] = schema;
    if (!f.if_any) required_.emplace_back(name);
  }
  Json take() { return {{"type", "object"}, {"properties", properties_}, {"required", required_}}; }

 private:
  /// Null stands for NaN.
  static Json schema_of(const double*) { return {{"type", Json::array({"number", "null"})}}; }
  static Json schema_of(const std::optional<double>*) {
    return schema_of(static_cast<const double*>(nullptr));
  }
  static Json schema_of(const bool*) { return {{"type", "boolean"}}; }
  static Json schema_of(const std::int64_t*) { return {{"type", "integer"}}; }
  static Json schema_of(const std::string*) { return {{"type", "string"}}; }
  static Json schema_of(const Verdict*) {
    Json names = Json::array();
    for (const auto& entry : enum_entries(Verdict{})) names.push_back(std::string(entry.name));
    return {{"enum", names}};
  }
  static Json schema_of(const BucketReport*) {
    return {{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 3}, {"maxItems", 3}};
  }
  template <class T>
  static Json schema_of(const std::vector<T>*) {
    return {{"type", "array"}, {"items", schema_of(static_cast<const T*>(nullptr))}};
  }
  template <ReportStruct T>
  static Json schema_of(const T*) {
    SchemaWriter writer;
    visit(writer, T{});
    return writer.take();
  }

  Json properties_ = Json::object();
  std::vector<std::string> required_;
};

}  // namespace

std::string report_json(const Report& report) { return dump(to_tree(report)); }

std::string report_fingerprint(const Report& report) {
  Json tree = to_tree(report);
  for (const char* part : {"expectations", "simulator", "provenance"}) tree.erase(part);
  for (const char* label : {"scenario", "description", "replications"}) tree["run"].erase(label);
  return fmt::format("{:016x}", sim::fnv1a(dump(tree)));
}

std::string report_json_schema() {
  SchemaWriter writer;
  visit(writer, Report{});
  Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"title", "sockbufsim report"}};
  schema.update(writer.take());
  return dump(schema);
}

}  // namespace models
