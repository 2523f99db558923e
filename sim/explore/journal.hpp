// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

/// A file of records that only grows: what was appended before the process was killed is there, and
/// a record cut off in the middle is not.
class Journal {
 public:
  /// Opens the file or makes it. Throws CheckpointError when it cannot, and when the file is no
  /// journal or has another identity: it is left as it was then.
  Journal(const std::string& path, const std::string& identity);
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();

  /// The records that were there when it was opened.
  const std::vector<std::string>& records() const { return records_; }
  /// Throws CheckpointError when the disk is full, for example.
  void append(const std::string& record);

 private:
  void write_all(const std::string& bytes);

  std::string path_;
  int file_ = -1;
  std::vector<std::string> records_;
};

}  // namespace sim
