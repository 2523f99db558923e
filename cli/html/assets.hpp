// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <string_view>

#include "models/scenario/embedded.hpp"

namespace cli {

/// The parts of the pages: all of cli/html/page/ and the charting library, by file name with
/// extension. Valid until the program ends.
std::span<const models::EmbeddedFile> embedded_page_parts();

}  // namespace cli
