// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

namespace sim {

/// `text` as a JSON string with its quotes. Bytes that are not valid UTF-8 become U+FFFD, so that
/// the result is valid JSON whatever a name contained.
std::string json_string(std::string_view text);

}  // namespace sim
