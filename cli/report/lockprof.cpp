// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ostream>
#include <vector>

#include "cli/report/formats.hpp"
#include "cli/report/lock_points.hpp"

namespace cli {
namespace {

/// Whole microseconds, as the kernel prints its nanoseconds.
std::uint64_t us(double ns) { return static_cast<std::uint64_t>(ns / 1000.0); }

std::uint64_t whole(double count) { return static_cast<std::uint64_t>(std::llround(count)); }

}  // namespace

// dump_lock_prof_stats() and lock_prof_output() of kern/subr_lock.c, FreeBSD 8 and later: the
// header is "\n%8s %9s %11s %11s %11s %6s %6s %2s %6s %s\n", a row "%8ju %9ju %11ju %11ju %11ju
// %6ju %6ju %2ju %6ju %s:%d (%s:%s)\n". Averages are over all acquisitions and truncated; cnt_hold
// is always 0.
void write_lockprof(std::ostream& out, const ReportView& view) {
  out << fmt::format("\n{:>8} {:>9} {:>11} {:>11} {:>11} {:>6} {:>6} {:>2} {:>6} {}\n", "max",
                     "wait_max", "total", "wait_total", "count", "avg", "wait_avg", "cnt_hold",
                     "cnt_lock", "name");
  for (const LockPoint& row : points_by_wait(view.report)) {
    const models::AcquisitionReport& f = row.point->figures;
    const std::uint64_t count = whole(f.acquisitions);
    const std::uint64_t total_us = us(f.hold_ns.total);
    const std::uint64_t wait_us = us(f.wait_ns.total);
    out << fmt::format("{:>8} {:>9} {:>11} {:>11} {:>11} {:>6} {:>6} {:>2} {:>6} {} ({}:{})\n",
                       us(f.hold_ns.max), us(f.wait_ns.max), total_us, wait_us, count,
                       count == 0 ? 0 : total_us / count, count == 0 ? 0 : wait_us / count, 0,
                       whole(f.contended), row.point->name, row.class_name(), row.lock->name);
  }
}

}  // namespace cli
