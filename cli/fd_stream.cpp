// SPDX-License-Identifier: BSD-2-Clause
#include "cli/fd_stream.hpp"

#include <unistd.h>

#include <cerrno>

namespace cli {

FdBuffer::FdBuffer(int fd) : fd_(fd) { setp(buffer_.data(), buffer_.data() + buffer_.size()); }

int FdBuffer::finish() {
  const char* from = pbase();
  while (error_ == 0 && from < pptr()) {
    const ssize_t written = ::write(fd_, from, static_cast<std::size_t>(pptr() - from));
    if (written >= 0) {
      from += written;
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return error_;
}

FdBuffer::int_type FdBuffer::overflow(int_type c) {
  if (finish() != 0) return traits_type::eof();
  if (!traits_type::eq_int_type(c, traits_type::eof())) {
    *pptr() = traits_type::to_char_type(c);
    pbump(1);
  }
  return traits_type::not_eof(c);
}

int FdBuffer::sync() { return finish() == 0 ? 0 : -1; }

}  // namespace cli
