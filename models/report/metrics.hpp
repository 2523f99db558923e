// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/report/report.hpp"

/// The numbers of a report by dotted path: `locks.so_rcv.points.uipc_socket.c:1669.acquisitions`.
/// Elements of arrays are called by `name` (which may contain dots), or by index.
namespace models {

/// A number that a report has.
struct Metric {
  std::string path;  ///< elements by name where that is given and unique
  double value = 0.0;
  std::string_view unit;
};

/// A number that reports may have: NAME and INDEX in the path stand for an element.
struct MetricKind {
  std::string path;
  std::string_view unit;
  std::string_view doc;
};

/// All metrics, in the order of the field table.
std::vector<Metric> metrics(const Report& report);

/// All kinds of metrics, in the same order.
std::vector<MetricKind> metric_kinds();

/// The value at `path`. A name wins over an index. Nothing when the report has no such number.
std::optional<double> find_metric(const Report& report, std::string_view path);

/// Whether some report could have a number at `path`.
bool is_metric_path(std::string_view path);

/// The kind that `path` belongs to; nothing when no report could have it.
std::optional<MetricKind> metric_kind(std::string_view path);

/// What a number rests on.
struct MetricBasis {
  /// The count that a mean, share, quantile or maximum is over; empty for other numbers. Where it
  /// is 0, there is no such mean, and the 0 in the report stands for none.
  std::string count;
  /// The number of an entry that reports lack where there was nothing to count (a pair that never
  /// waited, a point that was never reached): it is 0 in a report that has the number at this path
  /// and lacks the entry. Empty for other numbers.
  std::string zero_with;
  bool pair = false;  ///< a pair of `blame`, which is known by its form, whether it waited or not
};

MetricBasis metric_basis(std::string_view path);

/// The number at `path`, of what `find` (path to std::optional<double>) knows of a report: nothing
/// for the mean of nothing, 0 for a pair that never waited. `basis`: of the path.
template <class Find>
std::optional<double> meant_value(const std::string& path, const MetricBasis& basis, Find find) {
  const std::optional<double> value = find(path);
  if (!value) {
    return basis.pair && find(basis.zero_with) ? std::optional<double>(0.0) : std::nullopt;
  }
  if (!basis.count.empty() && find(basis.count) == 0.0) return std::nullopt;
  return value;
}

/// `Did you mean "..."?` for a path that leads nowhere, or empty: of the metrics that `report` has,
/// or without one of those that some report could have.
std::string suggest_metric(const std::string& path, const Report* report = nullptr);

}  // namespace models
