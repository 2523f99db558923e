// SPDX-License-Identifier: BSD-2-Clause
#include "cli/progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

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

ProgressLine::ProgressLine() : terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() { erase(); }

bool ProgressLine::due() const { return terminal_ && Clock::now() - last_ >= kEvery; }

void ProgressLine::show(const std::string& text) {
  if (!terminal_) return;
  last_ = Clock::now();
  shown_ = true;
  fmt::print(stderr, "\r\033[K{}", text);
  std::fflush(stderr);
}

void ProgressLine::erase() {
  if (shown_) fmt::print(stderr, "\r\033[K");
  shown_ = false;
  last_ = {};
}

double ProgressLine::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

std::string ProgressLine::time_left(double done, double to_do) const {
  return fmt::format(", {} left", duration_text(seconds() * to_do / done));
}

}  // namespace cli
