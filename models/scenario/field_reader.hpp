// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "models/scenario/document.hpp"
#include "models/scenario/value_text.hpp"

namespace models {

/// The archive that fills structs from a Document and reports everything that the field table does
/// not allow. One FieldReader reads one JSON object; use read_struct.
class FieldReader {
 public:
  FieldReader(const Document& document, ErrorList& errors, const Json& object, std::string pointer)
      : document_(document), errors_(errors), object_(object), pointer_(std::move(pointer)) {}

  template <class T>
  void field(std::string_view name, T& value, const Field& f) {
    known_.emplace_back(name);
    const std::string at = child_pointer(pointer_, name);
    const auto it = object_.find(name);
    if (it == object_.end()) {
      if (f.required) fail(at, "nothing", allowed_text<T>(f), "This field is required.");
      return;
    }
    if (!f.applies) {
      // A layer that changes what decides (`kind`) also drops what the layers below said of the old
      // one.
      const std::string decider = child_pointer(pointer_, f.decided_by);
      const bool decided_above = object_.contains(std::string(f.decided_by)) &&
                                 document_.layer_of(decider) > document_.layer_of(at);
      if (!decided_above) {
        fail(at, describe_found(*it), "this field only when " + std::string(f.applies_when));
      }
      return;
    }
    read(at, *it, value, f);
  }

  /// A member that is no field of the struct, and whose meaning is not the Reader's.
  void directive(std::string_view name, std::string_view /*doc*/) { known_.emplace_back(name); }

  /// Reports members that no field has claimed.
  void finish() {
    for (const auto& [name, value] : object_.items()) {
      bool known = false;
      for (const std::string& candidate : known_) known = known || candidate == name;
      if (known) continue;
      fail(child_pointer(pointer_, name), "the unknown field " + quote(name),
           join_names(known_, "and"), suggest(name, known_));
    }
  }

 private:
  void fail(std::string at, std::string found, std::string allowed, std::string hint = {}) {
    if (!elided_.empty() && at.starts_with(elided_)) {
      at.erase(elided_.rfind('/'), elided_.size() - elided_.rfind('/'));
    }
    errors_.add(document_.error_at(at, std::move(found), std::move(allowed), std::move(hint)));
  }

  template <class T>
  void mismatch(const std::string& at, const Json& node, const Field& f,
                const std::string& hint = {}) {
    fail(at, describe_found(node), allowed_text<T>(f), hint);
  }

  static bool in_range(double value, const Field& f) {
    return std::isfinite(value) && value <= f.max && (f.above_min ? value > f.min : value >= f.min);
  }

  void read(const std::string& at, const Json& node, bool& value, const Field& f) {
    if (!node.is_boolean()) return mismatch<bool>(at, node, f);
    value = node.get<bool>();
  }

  template <Integer T>
  void read(const std::string& at, const Json& node, T& value, const Field& f) {
    const double number = node.is_number() ? node.get<double>() : 0.0;
    if (!node.is_number() || !in_range(number, f) || number != std::floor(number) ||
        std::fabs(number) > kMaxExactInteger) {
      return mismatch<T>(at, node, f);
    }
    value = static_cast<T>(number);
  }

  void read(const std::string& at, const Json& node, double& value, const Field& f) {
    if (!node.is_number() || !in_range(node.get<double>(), f)) return mismatch<double>(at, node, f);
    value = node.get<double>();
  }

  void read(const std::string& at, const Json& node, std::string& value, const Field& f);
  void read(const std::string& at, const Json& node, DistributionSpec& value, const Field& f);
  void read(const std::string& at, const Json& node, std::map<std::string, double>& value,
            const Field& f);
  void read(const std::string& at, const Json& node, std::map<std::string, Constant>& value,
            const Field& f);

  template <SelfDescribed T>
  void read(const std::string& at, const Json& node, T& value, const Field& f) {
    if (!read_value(node, value)) mismatch<T>(at, node, f);
  }

  template <Enumeration E>
  void read(const std::string& at, const Json& node, E& value, const Field& f) {
    if (node.is_string()) {
      for (const EnumEntry<E>& entry : enum_entries(E{})) {
        if (entry.name == node.get_ref<const std::string&>()) {
          value = entry.value;
          return;
        }
      }
      return mismatch<E>(at, node, f, suggest(node.get_ref<const std::string&>(), enum_names<E>()));
    }
    mismatch<E>(at, node, f);
  }

  template <class T>
  void read(const std::string& at, const Json& node, std::optional<T>& value, const Field& f) {
    T inner{};
    const std::size_t before = errors_.size();
    read(at, node, inner, f);
    if (errors_.size() == before) value = std::move(inner);
  }

  template <class T>
  void read(const std::string& at, const Json& node, std::vector<T>& value, const Field& f) {
    constexpr bool kKeyed = Keyed<T>;
    if (!node.is_array() && !(kKeyed && node.is_object())) {
      return mismatch<std::vector<T>>(at, node, f);
    }
    if (node.size() > f.max_items || node.size() < f.min_items)
      return mismatch<std::vector<T>>(at, node, f);
    if constexpr (kKeyed) {
      if (node.is_object()) return read_members(at, node, value);
    }
    value.assign(node.size(), T{});
    for (std::size_t i = 0; i < node.size(); ++i) {
      const std::string here = child_pointer(at, std::to_string(i));
      read(here, node[i], value[i], f);
      if constexpr (kKeyed) value[i].place = {here, node[i].dump(), false, {}};
    }
  }

  template <Keyed T>
  void read_members(const std::string& at, const Json& node, std::vector<T>& value) {
    value.reserve(node.size());
    for (const auto& [key, member] : node.items()) {
      T& element = value.emplace_back();
      const std::string here = child_pointer(at, key);
      const Json spelled = spell_out(&element, key, member);
      if (spelled.is_null()) {
        fail(here, describe_found(member), allowed_member(&element));
        continue;
      }
      element.place = {here, spelled.dump(), true, {}};
      for (const auto& [name, field] : spelled.items()) {
        if (field == member) element.place.elided = name;
      }
      FieldReader reader(document_, errors_, spelled, here);
      if (!element.place.elided.empty()) reader.elided_ = here + "/" + element.place.elided;
      reader.read_object(element);
    }
  }

  template <Struct T>
  void read(const std::string& at, const Json& node, T& value, const Field& f) {
    if (node.is_boolean() && !f.shorthand.empty()) {
      const Json spelled_out{{std::string(f.shorthand), node}};
      FieldReader(document_, errors_, spelled_out, at).read_object(value);
    } else if (node.is_object()) {
      FieldReader inner(document_, errors_, node, at);
      inner.elided_ = elided_;
      inner.read_object(value);
    } else {
      mismatch<T>(at, node, f);
    }
  }

 public:
  template <class T>
  void read_object(T& value) {
    describe(*this, value);
    finish();
  }

 private:
  const Document& document_;
  ErrorList& errors_;
  const Json& object_;
  std::string pointer_;
  std::string elided_;  ///< pointer to what stands, in the file, in the place of its parent
  std::vector<std::string> known_;
};

/// Fills `value` from the whole document.
template <class T>
void read_struct(const Document& document, ErrorList& errors, T& value) {
  if (!document.tree().is_object()) {
    errors.add(document.error_at("", describe_found(document.tree()), "an object"));
    return;
  }
  FieldReader(document, errors, document.tree(), "").read_object(value);
}

}  // namespace models
