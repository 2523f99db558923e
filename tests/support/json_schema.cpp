// SPDX-License-Identifier: BSD-2-Clause
#include "tests/support/json_schema.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <regex>

namespace tests {
namespace {

using Json = nlohmann::ordered_json;
using Errors = std::vector<std::string>;

void append(Errors& errors, const Errors& more) {
  errors.insert(errors.end(), more.begin(), more.end());
}

bool has_type(const Json& value, const Json& type) {
  if (type.is_array()) {
    return std::any_of(type.begin(), type.end(),
                       [&](const Json& one) { return has_type(value, one); });
  }
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  return type == value.type_name();
}

Errors member_errors(const Json& value, const Json& schema, const std::string& at) {
  Errors errors;
  if (!value.is_object()) return errors;
  const Json properties = schema.value("properties", Json::object());
  const Json others = schema.value("additionalProperties", Json(false));
  for (const auto& [name, member] : value.items()) {
    const std::string inner = at + "/" + name;
    if (properties.contains(name)) {
      append(errors, schema_errors(member, properties.at(name), inner));
    } else if (others.is_object()) {
      append(errors, schema_errors(member, others, inner));
    } else if (others == false) {
      errors.push_back(inner + ": unknown member");
    }
  }
  return errors;
}

Errors item_errors(const Json& value, const Json& schema, const std::string& at) {
  Errors errors;
  if (!value.is_array()) return errors;
  const Json first = schema.value("prefixItems", Json::array());
  const Json rest = schema.value("items", Json(true));
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string inner = at + "/" + std::to_string(i);
    const Json& item = i < first.size() ? first[i] : rest;
    if (item.is_object()) append(errors, schema_errors(value[i], item, inner));
    if (item == false) errors.push_back(inner + ": one item too many");
  }
  return errors;
}

bool lists_all(const Json& required, const Json& value) {
  return std::all_of(required.begin(), required.end(),
                     [&](const Json& name) { return value.contains(name.get<std::string>()); });
}

using Holds = std::function<bool(const Json& value, const Json& argument)>;

/// Keywords that say something of the value itself, and nothing of values of another type.
const std::map<std::string, Holds>& assertions() {
  static const std::map<std::string, Holds> kAll{
      {"type", has_type},
      {"const", [](const Json& v, const Json& a) { return v == a; }},
      {"enum",
       [](const Json& v, const Json& a) { return std::find(a.begin(), a.end(), v) != a.end(); }},
      {"minimum", [](const Json& v, const Json& a) { return !v.is_number() || v >= a; }},
      {"maximum", [](const Json& v, const Json& a) { return !v.is_number() || v <= a; }},
      {"exclusiveMinimum", [](const Json& v, const Json& a) { return !v.is_number() || v > a; }},
      {"minItems", [](const Json& v, const Json& a) { return !v.is_array() || v.size() >= a; }},
      {"maxItems", [](const Json& v, const Json& a) { return !v.is_array() || v.size() <= a; }},
      {"maxProperties",
       [](const Json& v, const Json& a) { return !v.is_object() || v.size() <= a; }},
      {"pattern",
       [](const Json& v, const Json& a) {
         return !v.is_string() ||
                std::regex_search(v.get<std::string>(), std::regex(a.get<std::string>()));
       }},
      {"required", [](const Json& v, const Json& a) { return !v.is_object() || lists_all(a, v); }},
      {"anyOf", [](const Json& v, const Json& a) {
         return std::any_of(a.begin(), a.end(),
                            [&](const Json& one) { return schema_errors(v, one).empty(); });
       }}};
  return kAll;
}

bool is_known(const std::string& keyword) {
  static const std::vector<std::string> kOthers{"$schema",     "title",      "description",
                                                "default",     "properties", "additionalProperties",
                                                "prefixItems", "items"};
  return std::find(kOthers.begin(), kOthers.end(), keyword) != kOthers.end();
}

}  // namespace

Errors schema_errors(const Json& value, const Json& schema, const std::string& at) {
  Errors errors;
  for (const auto& [keyword, argument] : schema.items()) {
    const auto assertion = assertions().find(keyword);
    if (assertion == assertions().end()) {
      if (!is_known(keyword)) errors.push_back(at + ": unknown keyword " + keyword);
    } else if (!assertion->second(value, argument)) {
      errors.push_back(at + ": " + keyword + " " + argument.dump() + ", found " + value.dump());
    }
  }
  if (schema.contains("anyOf")) return errors;  // has looked into the value
  append(errors, member_errors(value, schema, at));
  append(errors, item_errors(value, schema, at));
  return errors;
}

Errors schema_gaps(const Json& schema, const std::string& except, const std::string& at) {
  if (at == except) return {};
  Errors gaps;
  if (!schema.contains("type") && !schema.contains("enum")) gaps.push_back(at + ": no type");
  if (schema.contains("items")) append(gaps, schema_gaps(schema["items"], except, at + "/-"));
  if (!schema.contains("properties")) return gaps;
  const auto required = schema.value("required", std::vector<std::string>());
  std::vector<std::string> names;  // that have to be there
  for (const auto& [name, member] : schema["properties"].items()) {
    const bool may_lack = member.value("minItems", 0) > 0 &&
                          std::find(required.begin(), required.end(), name) == required.end();
    if (!may_lack) names.push_back(name);
    const std::string inner = at + "/" + name;
    if (member.value("description", "").empty()) gaps.push_back(inner + ": no description");
    append(gaps, schema_gaps(member, except, inner));
  }
  if (required != names) gaps.push_back(at + ": required is not all members");
  return gaps;
}

}  // namespace tests
