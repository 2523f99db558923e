// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cmath>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "models/scenario/distribution_spec.hpp"
#include "models/scenario/field.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/nearest.hpp"
#include "models/scenario/profile.hpp"

/// What a field may hold, in words: for error messages and for the documentation alike.
namespace models {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsMap : std::false_type {};
template <class T>
struct IsMap<std::map<std::string, T>> : std::true_type {};

template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool>;
template <class T>
concept Enumeration = std::is_enum_v<T>;
/// A type of values that have a form of their own, and say so beside the type, where
/// argument-dependent lookup finds it: `bool read_value(const Json&, T&)` (false: not allowed),
/// `Json to_json(const T&)`, `Json schema_of_value(const T*)` and `std::string allowed_value(const
/// T*)`.
template <class T>
concept SelfDescribed = requires(const Json& node, T& value) {
  { read_value(node, value) } -> std::same_as<bool>;
};
/// A struct of its own table of fields.
template <class T>
concept Struct =
    std::is_class_v<T> && !SelfDescribed<T> && !IsOptional<T>::value && !IsVector<T>::value &&
    !IsMap<T>::value && !std::same_as<T, std::string> && !std::same_as<T, DistributionSpec>;

/// A struct whose arrays may also be written as objects, as in `{"nic.mtu": [1500, 9000]}`. Beside
/// the type stand `Json spell_out(const T*, const std::string& key, const Json& member)`, the
/// element that the member stands for, or null when it is none; `std::string allowed_member(const
/// T*)` and `allowed_keyed(const T*)`, what a member and such an object may be; `Json
/// schema_of_member(const T*, const Json& element)`; and the type has a `Place place`.
template <class T>
concept Keyed = requires(const T* type, const std::string& key, const Json& member) {
  { spell_out(type, key, member) } -> std::same_as<Json>;
};

template <Enumeration E>
std::vector<std::string> enum_names() {
  std::vector<std::string> names;
  for (const EnumEntry<E>& entry : enum_entries(E{})) names.emplace_back(entry.name);
  return names;
}

/// "from 68 to 16110 bytes", "above 0 frames/s", or empty.
inline std::string range_text(const Field& f) {
  std::string text;
  if (std::isfinite(f.min) && std::isfinite(f.max)) {
    text = f.above_min ? " above " + number_text(f.min) + " up to " + number_text(f.max)
                       : " from " + number_text(f.min) + " to " + number_text(f.max);
  } else if (std::isfinite(f.min)) {
    text = f.above_min ? " above " + number_text(f.min) : " of at least " + number_text(f.min);
  }
  if (!f.unit.empty()) text += (text.empty() ? " in " : " ") + std::string(f.unit);
  return text;
}

template <class T>
std::string allowed_text(const Field& f) {
  if constexpr (IsOptional<T>::value) {
    return allowed_text<typename T::value_type>(f);
  } else if constexpr (IsVector<T>::value) {
    const std::string items =
        f.max_items == 4096 ? "" : " of at most " + std::to_string(f.max_items) + " items";
    std::string array = "an array" + items + ", each " + allowed_text<typename T::value_type>(f);
    if constexpr (Keyed<typename T::value_type>) {
      return array + "; or " + allowed_keyed(static_cast<const typename T::value_type*>(nullptr));
    } else {
      return array;
    }
  } else if constexpr (std::same_as<T, bool>) {
    return "true or false";
  } else if constexpr (Integer<T>) {
    return "an integer" + range_text(f);
  } else if constexpr (std::same_as<T, double>) {
    return "a number" + range_text(f);
  } else if constexpr (std::same_as<T, std::string>) {
    if (!f.choices.empty()) return (f.choices.size() > 1 ? "one of " : "") + join_names(f.choices);
    if (f.pattern == kIdentifier)
      return "a name of 1 to 64 characters, without dots, not only digits";
    return "a string";
  } else if constexpr (std::same_as<T, DistributionSpec>) {
    return "a distribution (a number, {\"exponential\": mean}, {\"uniform\": [a, b]}, "
           "{\"lognormal\": "
           "{\"mean\": m, \"cv\": c}} or {\"choice\": [[value, weight], ...]}) of values" +
           range_text(f);
  } else if constexpr (Enumeration<T>) {
    return "one of " + join_names(enum_names<T>());
  } else if constexpr (IsMap<T>::value) {
    return "an object of constants by name";
  } else if constexpr (SelfDescribed<T>) {
    return allowed_value(static_cast<const T*>(nullptr));
  } else {
    return f.shorthand.empty()
               ? "an object"
               : "an object, or true or false for its \"" + std::string(f.shorthand) + "\"";
  }
}

}  // namespace models
