// SPDX-License-Identifier: BSD-2-Clause
#include "cli/sweep/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

namespace cli {
namespace {

constexpr std::chrono::milliseconds kEvery{200};

std::string duration_text(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 172800) return fmt::format("{:.0f} h", seconds / 3600);
  return fmt::format("{:.0f} days", seconds / 86400);
}

}  // namespace

std::string settings_text(const Point& point) {
  std::string text;
  for (const Setting& setting : point.settings) {
    if (!text.empty()) text += ' ';
    text += setting.factor + '=' + setting.text;
  }
  return text.empty() ? "the base scenario" : text;
}

SweepProgress::SweepProgress(std::string study)
    : study_(std::move(study)), terminal_(::isatty(STDERR_FILENO) == 1) {}

SweepProgress::~SweepProgress() {
  if (printed_) fmt::print(stderr, "\r\033[K");
}

void SweepProgress::show(const SweepState& state) {
  if (!terminal_ || Clock::now() - last_ < kEvery) return;
  last_ = Clock::now();
  printed_ = true;
  std::string text = fmt::format("{}: {} of {} points, {} of {} runs", study_, state.points_done,
                                 state.points, state.runs_done, state.runs);
  if (state.failed > 0) text += fmt::format(", {} failed", state.failed);
  if (state.cost_done_s > 0) {
    const double used = std::chrono::duration<double>(last_ - start_).count();
    const double left = used * state.cost_left_s / state.cost_done_s;
    text += fmt::format(", {} left", duration_text(left));
  }
  fmt::print(stderr, "\r\033[K{}", text);
  std::fflush(stderr);
}

void SweepProgress::point_done(const SweepState& state, const Point& point) {
  if (terminal_) return;
  fmt::print(stderr, "[{}/{}] {} {}\n", state.points_done, state.points, point.hash,
             settings_text(point));
}

void SweepProgress::run_failed(const Point& point, int replication, const std::string& status,
                               const std::string& reason, const std::string& rerun) {
  say(fmt::format("{}: {} replication {}: {}\n  again: {}", status, settings_text(point),
                  replication, reason, rerun));
}

void SweepProgress::say(const std::string& text) {
  if (printed_) fmt::print(stderr, "\r\033[K");
  printed_ = false;
  fmt::print(stderr, "{}\n", text);
  last_ = {};
}

}  // namespace cli
