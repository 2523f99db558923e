// SPDX-License-Identifier: BSD-2-Clause
#include "cli/report/lock_points.hpp"

#include <algorithm>

namespace cli {

std::string_view LockPoint::class_name() const {
  if (lock->kind == "sx") return "sx";
  return lock->kind == "spin" || lock->kind == "ticket" ? "spin mutex" : "sleep mutex";
}

std::vector<LockPoint> points_by_wait(const models::Report& report) {
  std::vector<LockPoint> rows;
  for (const models::LockReport& lock : report.locks) {
    for (const models::LockPartReport& point : lock.points) rows.push_back({&lock, &point});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const LockPoint& a, const LockPoint& b) {
    return a.point->figures.wait_ns.total > b.point->figures.wait_ns.total;
  });
  return rows;
}

}  // namespace cli
