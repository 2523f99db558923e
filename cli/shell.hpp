// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace cli {

/// `text` as one word of a POSIX shell's command line.
std::string shell_word(const std::string& text);

}  // namespace cli
