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

/// `Did you mean "..."?` for a path that leads nowhere, or empty: of the metrics that `report` has,
/// or without one of those that some report could have.
std::string suggest_metric(const std::string& path, const Report* report = nullptr);

}  // namespace models
