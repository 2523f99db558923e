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
  void field(std::string_view name, T&, const Field&) {
    if (name == steps_[depth_]) found_ = kind_of<T>(depth_ + 1);
  }
  void directive(std::string_view, std::string_view) {}

  FieldKind found() const { return found_; }

  /// Of a value of type T that stands after `depth` steps.
  template <class T>
  FieldKind kind_of(std::size_t depth) const {
    const bool here = depth == steps_.size();
    if constexpr (IsOptional<T>::value) {
      return kind_of<typename T::value_type>(depth);
    } else if constexpr (IsVector<T>::value) {
      return here ? FieldKind::other : kind_of<typename T::value_type>(depth + 1);
    } else if constexpr (std::is_same_v<T, DistributionSpec>) {
      return here ? FieldKind::distribution : FieldKind::other;
    } else if constexpr (Enumeration<T> || std::is_same_v<T, std::string>) {
      return here ? FieldKind::text : FieldKind::other;
    } else if constexpr (Integer<T>) {
      return here ? FieldKind::integer : FieldKind::other;
    } else if constexpr (Struct<T>) {
      if (here) return FieldKind::other;
      FieldFinder members(steps_, depth);
      T value{};
      describe(members, value);
      return members.found();
    } else {
      return FieldKind::other;
    }
  }

 private:
  const std::vector<std::string>& steps_;
  std::size_t depth_;
  FieldKind found_ = FieldKind::other;
};

}  // namespace

FieldKind scenario_field_kind(const std::vector<std::string>& steps) {
  return FieldFinder(steps, 0).kind_of<Scenario>(0);
}

}  // namespace models
