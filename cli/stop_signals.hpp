// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <csignal>

namespace cli {

/// While it lives, SIGINT, SIGTERM and SIGHUP do not end the process but can be asked for.
class StopSignals {
 public:
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();

  int fd() const { return fd_; }  ///< can be read once a signal has come
  int received();                 ///< the signal that has come, or 0

 private:
  sigset_t old_{};
  int fd_ = -1;
  int received_ = 0;
};

/// Ends this process by the signal, so that whoever waits for it sees why.
void die_of(int signal_number);

}  // namespace cli
