// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

namespace cli {

/// The first character of `text` that no font of this machine has, as UTF-8; empty: there is none,
/// or fontconfig's fc-list is not there to tell. Of foreign scripts only the first characters are
/// looked up, Latin, Greek and Cyrillic ones not at all.
std::string character_without_font(std::string_view text);

}  // namespace cli
