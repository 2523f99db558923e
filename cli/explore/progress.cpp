// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explore/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "cli/explore/exploration.hpp"

namespace cli {
namespace {

constexpr double kLeastShare = 1e-6;  ///< below: no estimate worth showing
constexpr std::chrono::milliseconds kEvery{200};

std::string duration_text(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 172800) return fmt::format("{:.0f} h", seconds / 3600);
  return fmt::format("{:.0f} days", seconds / 86400);
}

}  // namespace

Progress::Progress(std::string label)
    : label_(std::move(label)), shown_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (printed_) fmt::print(stderr, "\r\033[K");
}

double Progress::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

void Progress::show(const sim::SearchProgress& now) {
  if (!shown_) return;
  std::string text = counted(now.interleavings, "interleaving");
  if (now.kinds_found > 0) text += ", " + counted(now.kinds_found, "kind") + " of violation";
  if (now.share > kLeastShare) {
    const double left = seconds() * (1.0 - now.share) / now.share;
    text += fmt::format(", about {:.2g} %, {} left", now.share * 100.0, duration_text(left));
  }
  show(text);
}

void Progress::show(const std::string& text) {
  if (!shown_ || Clock::now() - last_ < kEvery) return;
  last_ = Clock::now();
  printed_ = true;
  fmt::print(stderr, "\r\033[K{}{}{}", label_, label_.empty() ? "" : ": ", text);
  std::fflush(stderr);
}

}  // namespace cli
