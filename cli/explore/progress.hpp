// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <string>

#include "sim/explore/search.hpp"

namespace cli {

/// One line on standard error while a search goes on, if that is a terminal; erased at its end.
class Progress {
 public:
  explicit Progress(std::string label);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  void show(const sim::SearchProgress& now);
  void show(const std::string& text);
  /// Since it was made, by the wall clock.
  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;
  std::string label_;
  bool shown_;
  bool printed_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_{};
};

}  // namespace cli
