// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/errors.hpp"
#include "cli/plot/axis.hpp"
#include "cli/plot/cells.hpp"
#include "cli/plot/figures.hpp"

/// Figures of reports with bars that lie, so that long names have room, and the blame matrix.
namespace cli {
namespace {

/// The height that so many bars need, with title and notes.
double height_for(double bars) { return std::max(300.0, bars * 21.0 + 160.0); }

/// A group of bars, one a case.
struct Row {
  std::string name;  ///< a heading has no bars
  std::vector<WaitTime> waits;
  double largest() const {
    double most = 0.0;
    for (const WaitTime& wait : waits) most = std::max(most, wait.total());
    return most;
  }
};

/// us of waiting in each ms of the run.
WaitTime per_ms(const WaitTime& wait, double window_ns) {
  constexpr double kUsPerMs = 1000.0;
  if (window_ns <= 0.0) return {};
  return {wait.spin_ns / window_ns * kUsPerMs, wait.block_ns / window_ns * kUsPerMs};
}

/// The rows that somebody waited in, the longest wait first, at most `most` of them.
std::vector<Row> longest_rows(const std::vector<ReportCase>& cases,
                              const std::vector<std::pair<std::string, std::string>>& names,
                              std::size_t most, std::size_t& left_out) {
  std::vector<Row> rows;
  for (const auto& [lock, point] : names) {
    Row row{point.empty() ? lock : fmt::format("{} at {}", lock, point), {}};
    for (const ReportCase& report : cases) {
      WaitTime wait;
      if (point.empty()) {
        const auto found = report.lock_waits.find(lock);
        if (found != report.lock_waits.end()) wait = found->second;
      } else if (report.point_waits.contains(lock)) {
        const auto& points = report.point_waits.at(lock);
        const auto found = points.find(point);
        if (found != points.end()) wait = found->second;
      }
      row.waits.push_back(per_ms(wait, report.window_ns));
    }
    if (row.largest() > 0.0) rows.push_back(std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.largest() > b.largest(); });
  if (rows.size() > most) {
    left_out += rows.size() - most;
    rows.resize(most);
  }
  return rows;
}

void draw_waits(Figure& figure, const std::vector<ReportCase>& cases,
                const std::vector<Row>& rows) {
  bool any_block = false;
  const double bar = 0.8 / static_cast<double>(cases.size());
  for (std::size_t c = 0; c < cases.size(); ++c) {
    DataRows bars;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (rows[r].waits.empty()) continue;
      const WaitTime& wait = rows[r].waits[c];
      any_block = any_block || wait.block_ns > 0.0;
      const double top = static_cast<double>(r) - 0.4 + bar * static_cast<double>(c);
      bars.push_back({wait.spin_ns, wait.total(), top, top + bar * 0.92});
    }
    const std::string_view colour = line_colour(c);
    const std::string label = cases.size() > 1 ? cases[c].label : "";
    figure.plot_rows(
        bars, {fmt::format("using 1:3:(0):1:3:4 with boxxyerror fs solid 1 noborder lc rgb '{}' {}",
                           colour, gnuplot_title(label.empty() ? "spinning" : label)),
               fmt::format("using 2:3:1:2:3:4 with boxxyerror fs solid 0.3 noborder lc rgb '{}' {}",
                           colour, label.empty() && any_block ? "title 'blocked'" : "notitle")});
  }
  if (cases.size() > 1) {
    figure.notes.emplace_back(any_block ? "full colour: spinning; pale: blocked"
                                        : "all of it spinning, nobody was blocked");
  } else if (!any_block) {
    figure.notes.emplace_back("nobody was blocked");
  }
}

void tabulate_waits(Figure& figure, const std::vector<ReportCase>& cases,
                    const std::vector<Row>& rows) {
  figure.table.columns = {"where", "of", "spinning [us per ms]", "blocked [us per ms]"};
  for (const Row& row : rows) {
    for (std::size_t c = 0; c < row.waits.size(); ++c) {
      figure.table.rows.push_back({row.name, cases[c].label, short_number(row.waits[c].spin_ns),
                                   short_number(row.waits[c].block_ns)});
    }
  }
}

void name_rows(Figure& figure, const std::vector<std::string>& names) {
  figure.left = left_of_names(names, 25.0);
  figure.command("set ytics noenhanced scale 0 " + named_tics(names));
  figure.command(fmt::format("set yrange [{}:-0.6]", static_cast<double>(names.size()) - 0.4));
  figure.command("set grid noytics");
}

/// The categories in the order in which bars stack, with colours of their own. Ten are more than
/// Okabe and Ito have; the eight that matter get theirs, rest and idling are grey.
constexpr std::array<std::string_view, sim::kWorkCount> kWorkColours = {
    kVermillion, kOrange, kBlue, kSkyBlue, kGreen, kPurple, kBlack, "#F0E442", kGrey, "#E8E8E8"};

}  // namespace

Figure waits_figure(const std::vector<ReportCase>& cases) {
  constexpr std::size_t kMostLocks = 8;
  constexpr std::size_t kMostPoints = 14;
  std::vector<std::pair<std::string, std::string>> locks;
  std::vector<std::pair<std::string, std::string>> points;
  std::set<std::pair<std::string, std::string>> known;
  for (const ReportCase& report : cases) {
    for (const std::string& lock : report.locks) {
      if (known.insert({lock, ""}).second) locks.emplace_back(lock, "");
      const auto of_lock = report.point_waits.find(lock);
      if (of_lock == report.point_waits.end()) continue;
      for (const auto& [point, wait] : of_lock->second) {
        if (known.insert({lock, point}).second) points.emplace_back(lock, point);
      }
    }
  }
  std::size_t left_out = 0;
  std::vector<Row> rows = {{"BY LOCK", {}}};
  for (Row& row : longest_rows(cases, locks, kMostLocks, left_out)) rows.push_back(std::move(row));
  if (rows.size() == 1) {
    throw UsageError(
        "--figure waits: nobody waited for a lock, so there is nothing to draw; allowed: cpu");
  }
  rows.push_back({"BY ACQUISITION POINT", {}});
  for (Row& row : longest_rows(cases, points, kMostPoints, left_out)) {
    rows.push_back(std::move(row));
  }

  Figure figure;
  figure.title = "Waiting for locks";
  figure.height = height_for(static_cast<double>(rows.size()) *
                             std::max(1.0, 0.7 * static_cast<double>(cases.size())));
  std::vector<std::string> names;
  names.reserve(rows.size());
  for (const Row& row : rows) names.push_back(row.name);
  name_rows(figure, names);
  figure.command("set xrange [0:*]");
  figure.command("set xlabel 'wait time of all threads together [us per ms of the run]'");
  draw_waits(figure, cases, rows);
  tabulate_waits(figure, cases, rows);
  if (left_out > 0) figure.notes.push_back(fmt::format("{} shorter waits left out", left_out));
  return figure;
}

Figure cpu_figure(const std::vector<ReportCase>& cases) {
  struct Bar {
    std::string name;
    std::array<double, sim::kWorkCount> fractions;
  };
  std::vector<Bar> bars;
  for (const ReportCase& report : cases) {
    for (const auto& [core, fractions] : report.cpus) {
      const std::string prefix = cases.size() > 1 ? report.label + ", " : "";
      bars.push_back({fmt::format("{}core {}", prefix, core), fractions});
    }
  }
  if (bars.empty()) throw UsageError("--figure cpu: the reports know no core");
  Figure figure;
  figure.title = "What the cores did";
  figure.height = height_for(static_cast<double>(bars.size()) * 1.25);
  std::vector<std::string> names;
  names.reserve(bars.size());
  for (const Bar& bar : bars) names.push_back(bar.name);
  name_rows(figure, names);
  figure.command("set xrange [0:100]");
  figure.command("set xlabel 'time [%]'");
  figure.command("set key maxcols 5");
  figure.table.columns = {"core", "work", "time [%]"};
  for (std::size_t work = 0; work < sim::kWorkCount; ++work) {
    constexpr double kVisible = 0.0005;
    if (std::none_of(bars.begin(), bars.end(),
                     [&](const Bar& bar) { return bar.fractions[work] > kVisible; })) {
      continue;
    }
    DataRows rows;
    for (std::size_t i = 0; i < bars.size(); ++i) {
      double from = 0.0;
      for (std::size_t before = 0; before < work; ++before) from += bars[i].fractions[before];
      const auto y = static_cast<double>(i);
      const double to = from + bars[i].fractions[work];
      rows.push_back({100.0 * from, y, 100.0 * from, 100.0 * to, y - 0.36, y + 0.36});
      const double percent = 100.0 * bars[i].fractions[work];
      figure.table.rows.push_back(
          {bars[i].name, std::string(sim::kWorkNames[work]), short_number(percent)});
    }
    figure.plot_rows(
        rows,
        {fmt::format("using 1:2:3:4:5:6 with boxxyerror fs solid 1 noborder lc rgb '{}' title '{}'",
                     kWorkColours[work], sim::kWorkNames[work])});
  }
  return figure;
}

Figure blame_figure(const std::vector<ReportCase>& cases) {
  const ReportCase& report = cases.front();
  std::set<std::string> names;
  for (const auto& [pair, ns] : report.blame_ns) {
    if (ns > 0.0) names.insert({pair.first, pair.second});
  }
  const std::vector<std::string> roles(names.begin(), names.end());
  const auto place = [&](const std::string& role) {
    return static_cast<double>(std::find(roles.begin(), roles.end(), role) - roles.begin());
  };
  std::vector<MatrixCell> cells;
  for (const auto& [pair, ns] : report.blame_ns) {
    if (ns <= 0.0) continue;
    cells.push_back(
        {place(pair.second), place(pair.first), per_ms({ns, 0.0}, report.window_ns).spin_ns});
  }
  if (cells.empty()) {
    throw UsageError(
        "--figure blame: nobody waited for a lock, so there is nobody to blame; allowed: cpu");
  }
  constexpr std::size_t kMost = 40;
  if (roles.size() > kMost) {
    throw UsageError(
        fmt::format("--figure blame: found {} roles; allowed: at most {}", roles.size(), kMost));
  }
  Figure figure;
  figure.title = "Who waited for whom, all locks together";
  figure.height = std::max(420.0, 190.0 + 31.0 * static_cast<double>(roles.size()));
  name_rows(figure, roles);
  figure.left = left_of_names(roles, 50.0);
  figure.right = kRightOfCells;
  draw_names_across(figure, roles, false);
  figure.command(fmt::format("set yrange [{}:-0.5]", static_cast<double>(roles.size()) - 0.5));
  figure.command("set ylabel 'who waited'");
  figure.command("set xlabel 'for whom: the holder'");
  draw_cells(figure, cells, 0.0, "wait time [us per ms of the run]");
  figure.table.columns = {"who waited", "for whom", "wait time [us per ms]"};
  for (const MatrixCell& cell : cells) {
    figure.table.rows.push_back({roles[static_cast<std::size_t>(cell.y)],
                                 roles[static_cast<std::size_t>(cell.x)],
                                 short_number(cell.value)});
  }
  return figure;
}

}  // namespace cli
