// SPDX-License-Identifier: BSD-2-Clause
#include "cli/store/writer_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/errors.hpp"

namespace cli {
namespace {

constexpr off_t kByte = off_t{1} << 40;

}  // namespace

WriterLock::WriterLock(const std::string& path) : fd_(::open(path.c_str(), O_RDWR | O_CLOEXEC)) {
  if (fd_ < 0) throw UsageError(fmt::format("store {}: {}", path, std::strerror(errno)));
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = kByte;
  lock.l_len = 1;
  if (::fcntl(fd_, F_OFD_SETLK, &lock) == 0) return;
  const int error = errno;
  ::close(fd_);
  if (error == EAGAIN || error == EACCES) {
    throw UsageError(fmt::format(
        "store {}: another sweep is writing to it. Wait for it, or give this one a store of its "
        "own and `sockbufsim merge` them",
        path));
  }
  throw UsageError(fmt::format("store {}: cannot lock it: {}", path, std::strerror(error)));
}

WriterLock::~WriterLock() { ::close(fd_); }

}  // namespace cli
