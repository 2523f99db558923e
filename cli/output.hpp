// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace cli {

/// A file to write, or "-" for standard output.
struct OutputFile {
  std::string option;  ///< what named it, for messages: "--out json:a.json"
  std::string path;
  std::function<void(std::ostream&)> write;
};

/// A file that no output may replace, as it is read or holds something else.
struct KeptFile {
  std::string what;  ///< for messages: "the scenario"
  std::string path;
};

/// Throws UsageError when the output is one of `kept`, through symbolic links too.
void check_kept(const OutputFile& output, const std::vector<KeptFile>& kept);

/// Throws UsageError unless every file could be written now: its directory exists and takes new
/// files, it is no directory and not read-only, no two outputs are one file, and none is one of
/// `kept`. Leaves nothing behind.
void check_outputs(const std::vector<OutputFile>& outputs, const std::vector<KeptFile>& kept = {});

/// Writes them all. Each file appears whole or not at all: it is written beside its target, flushed
/// to the disk and renamed, and nothing is renamed before all are written. Devices and pipes are
/// written in place, standard output last. Throws UsageError with the system's reason.
void write_outputs(const std::vector<OutputFile>& outputs);

}  // namespace cli
