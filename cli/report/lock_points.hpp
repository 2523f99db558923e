// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>
#include <vector>

#include "models/report/report.hpp"

namespace cli {

/// An acquisition point with its lock. Points into the report.
struct LockPoint {
  const models::LockReport* lock;
  const models::LockPartReport* point;

  /// As FreeBSD's lock classes are called: "sleep mutex", "spin mutex", "sx".
  std::string_view class_name() const;
};

/// All acquisition points, the longest total wait first; equals in the order of the report.
std::vector<LockPoint> points_by_wait(const models::Report& report);

}  // namespace cli
