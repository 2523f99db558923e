// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/report/text_parts.hpp"
#include "cli/report/units.hpp"

namespace cli {
namespace {

using models::AcquisitionReport;
using models::LockReport;

template <class T, class Key>
std::vector<const T*> largest_first(const std::vector<T>& items, Key key) {
  std::vector<const T*> sorted;
  sorted.reserve(items.size());
  for (const T& item : items) sorted.push_back(&item);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const T* a, const T* b) { return key(*a) > key(*b); });
  return sorted;
}

std::vector<std::string> row(const std::string& name, const std::string& busy,
                             const AcquisitionReport& f) {
  return {name,
          count_text(f.acquisitions),
          percent_text(f.contended_fraction),
          busy,
          time_text(f.wait_ns.total),
          time_text(f.spin_ns_total),
          time_text(f.block_ns_total),
          time_text(f.wait_ns.mean_contended),
          time_text(f.wait_ns.p99),
          time_text(f.wait_ns.max),
          time_text(f.hold_ns.mean)};
}

/// Someone's wait for someone else.
struct Wait {
  const LockReport* lock;
  const models::BlameReport* blame;
};

/// The points are those of the largest part of the wait, hence "mostly".
std::string sentence(const Wait& wait) {
  const models::BlameReport& blame = *wait.blame;
  std::string mostly;
  if (!blame.waiter_point.empty()) mostly += ", mostly at " + blame.waiter_point;
  if (!blame.holder_point.empty()) mostly += fmt::format(" (held from {})", blame.holder_point);
  return fmt::format("{} waited {} in all, {} {}, for {} while {} held it{}.", blame.waiter,
                     time_text(blame.wait_ns), count_text(blame.count),
                     blame.count == 1.0 ? "time" : "times", wait.lock->name,
                     blame.holder == blame.waiter ? "another " + blame.holder : blame.holder,
                     mostly);
}

}  // namespace

std::string locks_text(const models::Report& report, const Style& style) {
  using Align = Table::Align;
  Table table({{"lock", Align::left},
               {"acquired"},
               {"contended"},
               {"held"},
               {"wait"},
               {"spin"},
               {"block"},
               {"mean*"},
               {"p99"},
               {"max"},
               {"hold"}});
  for (const LockReport* lock :
       largest_first(report.locks, [](const LockReport& l) { return l.figures.wait_ns.total; })) {
    if (lock->figures.acquisitions == 0.0) continue;
    std::string name = fmt::format("{} ({}", lock->name, lock->kind);
    if (lock->instances > 1.0) name += fmt::format(", {} of them", count_text(lock->instances));
    table.add(row(name + ")", percent_text(lock->utilisation), lock->figures));
    for (const models::LockPartReport* point :
         largest_first(lock->points,
                       [](const models::LockPartReport& p) { return p.figures.wait_ns.total; })) {
      table.add(row("  " + point->name, "", point->figures));
    }
  }
  if (table.empty()) return {};
  return section("Locks, the longest total wait first", style) + table.text(style) +
         style.dim(
             "  wait = spin + block; mean*: of the contended acquisitions; p99 and max: over all; "
             "hold: mean") +
         '\n';
}

std::string worst_waits_text(const models::Report& report, const Style& style) {
  constexpr std::size_t kShown = 3;
  std::vector<Wait> waits;
  for (const LockReport& lock : report.locks) {
    for (const models::BlameReport& blame : lock.blame) {
      if (blame.wait_ns > 0.0) waits.push_back({&lock, &blame});
    }
  }
  if (waits.empty()) return {};
  std::stable_sort(waits.begin(), waits.end(), [](const Wait& a, const Wait& b) {
    return a.blame->wait_ns > b.blame->wait_ns;
  });
  waits.resize(std::min(waits.size(), kShown));
  std::string text = section("The worst waits", style);
  for (std::size_t i = 0; i < waits.size(); ++i) {
    text += fmt::format("  {}. {}\n", i + 1, sentence(waits[i]));
  }
  return text;
}

}  // namespace cli
