// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {

/// A number of a run, with its unit for people who query the store.
struct StoredMetric {
  std::string path;
  std::string unit;
  double value = 0.0;
};

/// The numbers of a run on their way into a store: as two texts, since a sweep receives hundreds of
/// them with each run, nearly always under the same names. What is no finite number is left out.
class StoredMetrics {
 public:
  StoredMetrics() = default;
  explicit StoredMetrics(const std::vector<StoredMetric>& metrics);
  StoredMetrics(std::initializer_list<StoredMetric> metrics)
      : StoredMetrics(std::vector<StoredMetric>(metrics)) {}
  /// What names() and values() gave.
  StoredMetrics(std::string names, std::string values)
      : names_(std::move(names)), values_(std::move(values)) {}

  /// Paths and units; the same text for the same names in the same order.
  const std::string& names() const { return names_; }
  /// Numbers of JSON with commas between them, in the order of the names.
  const std::string& values() const { return values_; }

  std::optional<double> value(std::string_view path) const;

  /// Calls each(path, unit) for the names in their order.
  template <class Each>
  static void for_each_name(std::string_view names, Each each) {
    while (!names.empty()) {
      const std::string_view path = take(names, '\0');
      each(path, take(names, '\0'));
    }
  }
  /// Calls each(number) for the values in their order, as they are written.
  template <class Each>
  static void for_each_value(std::string_view values, Each each) {
    while (!values.empty()) each(take(values, ','));
  }

 private:
  /// Takes what is before the next separator off the front, and the separator.
  static std::string_view take(std::string_view& text, char separator) {
    const std::size_t end = text.find(separator);
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return part;
  }

  std::string names_;  ///< path NUL unit NUL, for each
  std::string values_;
};

}  // namespace cli
