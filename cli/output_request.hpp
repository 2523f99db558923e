// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"

namespace cli {

/// One `--out FORMAT:FILE`, without its content yet.
struct OutputRequest {
  std::string format;  ///< one of the names allowed
  OutputFile file;     ///< `write` is empty
};

/// The outputs asked for, and the format `text` on standard output when nothing else goes there.
/// `formats` holds the names that are allowed; without "text" among them, nothing is added. Throws
/// UsageError.
std::vector<OutputRequest> parse_output_requests(const std::vector<std::string>& texts,
                                                 const std::vector<std::string>& formats);

}  // namespace cli
