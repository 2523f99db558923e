// SPDX-License-Identifier: BSD-2-Clause
#include "cli/stop_signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace cli {

StopSignals::StopSignals() {
  sigset_t wanted;
  sigemptyset(&wanted);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    // What whoever started us wants ignored (nohup) stays so.
    struct sigaction action {};
    ::sigaction(number, nullptr, &action);
    if (action.sa_handler != SIG_IGN) sigaddset(&wanted, number);
  }
  fd_ = ::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
  ::sigprocmask(SIG_BLOCK, &wanted, &old_);
}

StopSignals::~StopSignals() {
  ::close(fd_);
  ::sigprocmask(SIG_SETMASK, &old_, nullptr);
}

int StopSignals::received() {
  signalfd_siginfo info{};
  if (received_ == 0 && ::read(fd_, &info, sizeof info) == sizeof info) {
    received_ = static_cast<int>(info.ssi_signo);
  }
  return received_;
}

void die_of(int signal_number) {
  std::signal(signal_number, SIG_DFL);
  ::raise(signal_number);
}

}  // namespace cli
