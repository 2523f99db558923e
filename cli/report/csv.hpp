// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace cli {

/// A field of a CSV row (RFC 4180): quoted when it holds a comma, a quote or a line break.
std::string csv_field(const std::string& text);

}  // namespace cli
