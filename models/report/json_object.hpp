// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "models/scenario/json_text.hpp"

/// JSON objects of documents that are written and described from one list of members. Include only
/// from .cpp files.
namespace models {

/// What a value of a C++ type is in JSON Schema. Numbers are finite; what may be absent is
/// std::optional, and null then; std::nullptr_t is null always.
inline Json value_schema(const std::nullptr_t*) { return {{"type", "null"}}; }
inline Json value_schema(const bool*) { return {{"type", "boolean"}}; }
inline Json value_schema(const double*) { return {{"type", "number"}}; }
inline Json value_schema(const std::string*) { return {{"type", "string"}}; }
template <std::signed_integral T>
Json value_schema(const T*) {
  return {{"type", "integer"}};
}
template <std::unsigned_integral T>
Json value_schema(const T*) {
  return {{"type", "integer"}, {"minimum", 0}};
}
template <class T>
Json value_schema(const std::optional<T>*) {
  Json schema = value_schema(static_cast<const T*>(nullptr));
  schema["type"] = Json::array({schema["type"], "null"});
  return schema;
}
template <class T>
Json value_schema(const std::vector<T>*) {
  return {{"type", "array"}, {"items", value_schema(static_cast<const T*>(nullptr))}};
}
template <class T>
Json value_schema(const std::map<std::string, T>*) {
  return {{"type", "object"},
          {"additionalProperties", value_schema(static_cast<const T*>(nullptr))}};
}

/// A value as it is written.
template <class T>
Json value_json(const T& value) {
  return value;
}
template <class T>
Json value_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// The members of an object that is made from a T, in the order in which they are written. Each
/// has its name, its meaning and a function from a T to its value; the type that the function
/// returns is the type in the schema. All members are always there.
template <class T>
class JsonObject {
 public:
  /// The same text in every object: the `schema` of a document.
  JsonObject& constant(const char* name, const std::string& value, const char* doc) {
    return add(name, {{"type", "string"}, {"const", value}}, doc,
               [value](const T&) { return value; });
  }

  template <class Get>
  JsonObject& member(const char* name, const char* doc, Get get) {
    using Value = std::remove_cvref_t<std::invoke_result_t<Get, const T&>>;
    return add(name, value_schema(static_cast<const Value*>(nullptr)), doc,
               [get](const T& from) { return value_json(get(from)); });
  }

  /// A text that is one of `choices`.
  template <class Get>
  JsonObject& choice(const char* name, const std::vector<std::string>& choices, const char* doc,
                     Get get) {
    return add(name, {{"type", "string"}, {"enum", choices}}, doc, get);
  }

  /// An object made from the U that `get` returns.
  template <class U, class Get>
  JsonObject& object(const char* name, const char* doc, const JsonObject<U>& inner, Get get) {
    return add(name, inner.schema(), doc,
               [inner, get](const T& from) { return inner.json(get(from)); });
  }

  /// An array of objects, made from the Us that `get` returns.
  template <class U, class Get>
  JsonObject& objects(const char* name, const char* doc, const JsonObject<U>& inner, Get get) {
    return add(name, {{"type", "array"}, {"items", inner.schema()}}, doc,
               [inner, get](const T& from) { return inner.array(get(from)); });
  }

  /// A value with a schema of its own; `get` returns what is written.
  template <class Get>
  JsonObject& described(const char* name, Json schema, const char* doc, Get get) {
    return add(name, std::move(schema), doc, get);
  }

  /// Other members are errors: objects that the program reads again.
  JsonObject& closed() {
    closed_ = true;
    return *this;
  }

  Json json(const T& from) const {
    Json object = Json::object();
    for (const Member& member : members_) object[member.name] = member.json(from);
    return object;
  }

  template <class Range>
  Json array(const Range& all) const {
    Json result = Json::array();
    for (const T& from : all) result.push_back(json(from));
    return result;
  }

  /// JSON Schema of the object.
  Json schema() const {
    Json properties = Json::object();
    std::vector<std::string> required;
    for (const Member& member : members_) {
      properties[member.name] = member.schema;
      required.push_back(member.name);
    }
    Json result{{"type", "object"}, {"properties", properties}, {"required", required}};
    if (closed_) result["additionalProperties"] = false;
    return result;
  }

  /// JSON Schema (2020-12) of a document that is such an object, with a line break at its end.
  std::string schema_text(const std::string& title) const {
    Json result{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}};
    result.update(schema());
    return result.dump(2) + "\n";
  }

 private:
  struct Member {
    std::string name;
    Json schema;
    std::function<Json(const T&)> json;
  };

  JsonObject& add(const char* name, Json schema, const char* doc,
                  std::function<Json(const T&)> json) {
    schema["description"] = doc;
    members_.push_back({name, std::move(schema), std::move(json)});
    return *this;
  }

  std::vector<Member> members_;
  bool closed_ = false;
};

}  // namespace models
