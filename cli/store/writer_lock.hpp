// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace cli {

/// Keeps a second writer of a store away until it goes, however that happens. The lock is on a byte
/// that SQLite does not lock, and belongs to this open file, not to the process: SQLite's own
/// locks, and children, do not disturb it.
class WriterLock {
 public:
  /// Throws UsageError when another one writes to the store at `path`, or it cannot be locked.
  explicit WriterLock(const std::string& path);
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  ~WriterLock();

 private:
  int fd_;
};

}  // namespace cli
