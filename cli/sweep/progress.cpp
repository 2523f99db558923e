// SPDX-License-Identifier: BSD-2-Clause
#include "cli/sweep/progress.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "cli/study/settings.hpp"

namespace cli {

SweepProgress::SweepProgress(std::string study) : study_(std::move(study)) {}

void SweepProgress::show(const SweepState& state) {
  if (!line_.due()) return;
  std::string text = fmt::format("{}: {} of {} points, {} of {} runs", study_, state.points_done,
                                 state.points, state.runs_done, state.runs);
  if (state.failed > 0) text += fmt::format(", {} failed", state.failed);
  if (state.cost_done_s > 0) text += line_.time_left(state.cost_done_s, state.cost_left_s);
  line_.show(text);
}

void SweepProgress::point_done(const SweepState& state, const Point& point) {
  if (line_.on_terminal()) return;
  fmt::print(stderr, "[{}/{}] {} {}\n", state.points_done, state.points, point.hash,
             settings_text(point.settings));
}

void SweepProgress::run_failed(const Point& point, int replication, const std::string& status,
                               const std::string& reason, const std::string& rerun) {
  say(fmt::format("{}: {} replication {}: {}\n  again: {}", status, settings_text(point.settings),
                  replication, reason, rerun));
}

void SweepProgress::say(const std::string& text) {
  line_.erase();
  fmt::print(stderr, "{}\n", text);
}

}  // namespace cli
