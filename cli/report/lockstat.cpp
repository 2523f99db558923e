// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/report/formats.hpp"
#include "cli/report/lock_points.hpp"

namespace cli {
namespace {

struct Row {
  double count;
  double total_ns;
  std::string_view lock;
  std::string_view caller;
};

/// What one table of lockstat(1) shows of an acquisition point.
struct Event {
  std::string_view title;
  std::string_view lock_class;                       ///< LockPoint::class_name() of the locks in it
  double models::AcquisitionReport::*spin_or_block;  ///< null: holds
};

constexpr std::array<Event, 8> kEvents = {{
    {"Adaptive mutex spin", "sleep mutex", &models::AcquisitionReport::spin_ns_total},
    {"Adaptive mutex block", "sleep mutex", &models::AcquisitionReport::block_ns_total},
    {"Spin lock spin", "spin mutex", &models::AcquisitionReport::spin_ns_total},
    {"SX exclusive spin", "sx", &models::AcquisitionReport::spin_ns_total},
    {"SX exclusive block", "sx", &models::AcquisitionReport::block_ns_total},
    {"Adaptive mutex hold", "sleep mutex", nullptr},
    {"Spin lock hold", "spin mutex", nullptr},
    {"SX exclusive hold", "sx", nullptr},
}};

/// A contended acquisition is one event: the profile knows its spinning and its blocking, but not
/// into how many turns they fell.
std::vector<Row> rows_of(const Event& event, const models::Report& report) {
  std::vector<Row> rows;
  for (const LockPoint& at : points_by_wait(report)) {
    if (at.class_name() != event.lock_class) continue;
    const models::AcquisitionReport& f = at.point->figures;
    Row row{f.contended, 0.0, at.lock->name, at.point->name};
    if (event.spin_or_block != nullptr) {
      row.total_ns = f.*event.spin_or_block;
    } else {
      row.count = f.hold_ns.count;
      row.total_ns = f.hold_ns.total;
    }
    if (row.count > 0.0 && (event.spin_or_block == nullptr || row.total_ns > 0.0)) {
      rows.push_back(row);
    }
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.count > b.count; });
  return rows;
}

void write_table(std::ostream& out, const Event& event, const std::vector<Row>& rows,
                 double seconds) {
  double events = 0.0;
  for (const Row& row : rows) events += row.count;
  out << fmt::format("\n{}: {:.0f} events in {:.3f} seconds ({:.0f} events/sec)\n\n", event.title,
                     events, seconds, seconds > 0.0 ? events / seconds : 0.0);
  const std::string rule(79, '-');
  out << "Count indv cuml rcnt     nsec Lock                   Caller\n" << rule << '\n';
  double so_far = 0.0;
  for (const Row& row : rows) {
    so_far += row.count;
    out << fmt::format("{:5.0f} {:3.0f}% {:3.0f}% {:4.2f} {:8.0f} {:<22} {}\n", row.count,
                       100.0 * row.count / events, 100.0 * so_far / events, 1.0,
                       row.total_ns / row.count, row.lock, row.caller);
  }
  out << rule << '\n';
}

}  // namespace

void write_lockstat(std::ostream& out, const ReportView& view) {
  bool empty = true;
  for (const Event& event : kEvents) {
    const std::vector<Row> rows = rows_of(event, view.report);
    if (rows.empty()) continue;
    empty = false;
    write_table(out, event, rows, view.report.run.measured_ms / 1e3);
  }
  if (empty) out << "No lock events.\n";
}

}  // namespace cli
