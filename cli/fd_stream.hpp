// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <streambuf>

namespace cli {

/// Writes to a file descriptor, which it does not own, and remembers why writing failed: iostreams
/// lose errno. After a failure everything is discarded.
class FdBuffer : public std::streambuf {
 public:
  explicit FdBuffer(int fd);

  /// Writes out what is pending. 0, or the errno of the first failure.
  int finish();

 protected:
  int_type overflow(int_type c) override;
  int sync() override;

 private:
  int fd_;
  int error_ = 0;
  std::array<char, 1 << 16> buffer_;
};

}  // namespace cli
