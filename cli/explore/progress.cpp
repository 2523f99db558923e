// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explore/progress.hpp"

#include <fmt/format.h>

#include <utility>

#include "cli/explore/exploration.hpp"

namespace cli {
namespace {

constexpr double kLeastShare = 1e-6;  ///< below: no estimate worth showing

}  // namespace

Progress::Progress(std::string label) : label_(std::move(label)) {}

void Progress::show(const sim::SearchProgress& now) {
  if (!line_.due()) return;
  std::string text = counted(now.interleavings, "interleaving");
  if (now.kinds_found > 0) text += ", " + counted(now.kinds_found, "kind") + " of violation";
  if (now.share > kLeastShare) {
    const double percent = now.share * 100.0;
    text += percent < 0.1 ? fmt::format(", about {:.1g} %", percent)
                          : fmt::format(", about {:.1f} %", percent);
    text += line_.time_left(now.share, 1.0 - now.share);
  }
  show(text);
}

void Progress::show(const std::string& text) {
  if (line_.due()) line_.show(label_.empty() ? text : label_ + ": " + text);
}

}  // namespace cli
