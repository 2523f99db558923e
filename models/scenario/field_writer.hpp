// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "models/scenario/value_text.hpp"

namespace models {

inline Json to_json(bool value) { return value; }
inline Json to_json(const std::string& value) { return value; }

/// Integers as integers, so that 50 and 50.0 are the same text.
inline Json to_json(double value) {
  if (value == std::floor(value) && std::fabs(value) <= kMaxExactInteger) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

template <Integer T>
Json to_json(T value) {
  return static_cast<std::int64_t>(value);
}

template <Enumeration E>
Json to_json(E value) {
  return std::string(enum_name(value));
}

inline Json to_json(const DistributionSpec& d) {
  switch (d.kind) {
    case DistributionSpec::Kind::constant:
      break;
    case DistributionSpec::Kind::exponential:
      return {{"exponential", to_json(d.a)}};
    case DistributionSpec::Kind::uniform:
      return {{"uniform", Json::array({to_json(d.a), to_json(d.b)})}};
    case DistributionSpec::Kind::lognormal:
      return {{"lognormal", {{"mean", to_json(d.a)}, {"cv", to_json(d.b)}}}};
    case DistributionSpec::Kind::choice: {
      Json items = Json::array();
      for (const auto& choice : d.choices) {
        items.push_back(Json::array({to_json(choice.value), to_json(choice.weight)}));
      }
      return {{"choice", items}};
    }
  }
  return to_json(d.a);
}

inline Json to_json(const std::map<std::string, double>& values) {
  Json object = Json::object();
  for (const auto& [name, value] : values) object[name] = to_json(value);
  return object;
}

template <Struct T>
Json to_json(const T& value);

template <class T>
Json to_json(const std::vector<T>& values) {
  Json array = Json::array();
  for (const T& value : values) array.push_back(to_json(value));
  return array;
}

/// The archive that writes a struct: fields that apply, in the order of the table, absent ones left
/// out.
class FieldWriter {
 public:
  explicit FieldWriter(Json& object) : object_(object) {}

  template <class T>
  void field(std::string_view name, const T& value, const Field& f) {
    if (!f.applies) return;
    if constexpr (IsOptional<T>::value) {
      if (value) object_[std::string(name)] = to_json(*value);
    } else {
      object_[std::string(name)] = to_json(value);
    }
  }
  void directive(std::string_view /*name*/, std::string_view /*doc*/) {}

 private:
  Json& object_;
};

template <Struct T>
Json to_json(const T& value) {
  Json object = Json::object();
  FieldWriter writer(object);
  T copy = value;  // describe() is written for readers, which need to change it
  describe(writer, copy);
  return object;
}

}  // namespace models
