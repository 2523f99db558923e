// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/field_kind.hpp"

#include <type_traits>

#include "models/scenario/fields_load.hpp"
#include "models/scenario/fields_profile.hpp"
#include "models/scenario/value_text.hpp"

namespace models {
namespace {

/// The archive that follows a path through the field table.
class FieldFinder {
 public:
  FieldFinder(const std::vector<std::string>& steps, std::size_t depth)
      : steps_(steps), depth_(depth) {}

  template <class T>
  void field(std::string_view name, T&, const Field& field) {
    if (name == steps_[depth_]) found_ = facts_of<T>(depth_ + 1, field.unit);
  }
  void directive(std::string_view, std::string_view) {}

  FieldFacts found() const { return found_; }

  /// Of a value of type T, measured in `unit`, that stands after `depth` steps.
  template <class T>
  FieldFacts facts_of(std::size_t depth, std::string_view unit) const {
    const bool here = depth == steps_.size();
    const auto kind = [&](FieldKind of_value) {
      return here ? FieldFacts{of_value, unit} : FieldFacts{};
    };
    if constexpr (IsOptional<T>::value) {
      return facts_of<typename T::value_type>(depth, unit);
    } else if constexpr (IsVector<T>::value) {
      return here ? FieldFacts{} : facts_of<typename T::value_type>(depth + 1, unit);
    } else if constexpr (std::is_same_v<T, DistributionSpec>) {
      return kind(FieldKind::distribution);
    } else if constexpr (Enumeration<T> || std::is_same_v<T, std::string>) {
      return kind(FieldKind::text);
    } else if constexpr (Integer<T>) {
      return kind(FieldKind::integer);
    } else if constexpr (Struct<T>) {
      if (here) return {};
      FieldFinder members(steps_, depth);
      T value{};
      describe(members, value);
      return members.found();
    } else {
      return kind(FieldKind::other);
    }
  }

 private:
  const std::vector<std::string>& steps_;
  std::size_t depth_;
  FieldFacts found_;
};

}  // namespace

FieldFacts scenario_field(const std::vector<std::string>& steps) {
  return FieldFinder(steps, 0).facts_of<Scenario>(0, {});
}

}  // namespace models
