// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <string>

namespace cli {

/// A line on standard error that changes while a command works. Nothing is shown unless that is a
/// terminal; its end erases the line.
class ProgressLine {
 public:
  ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  bool on_terminal() const { return terminal_; }
  /// Whether there is a terminal, and the line has stood long enough for a person to read it. For
  /// what changes often.
  bool due() const;
  void show(const std::string& text);
  /// What comes next is due at once.
  void erase();

  /// Since it was made, by the wall clock.
  double seconds() const;
  /// ", 3 min left", at the speed so far. `done` and `to_do` are of any unit, `done` above 0.
  std::string time_left(double done, double to_do) const;

 private:
  using Clock = std::chrono::steady_clock;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_{};
};

}  // namespace cli
