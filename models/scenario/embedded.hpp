// SPDX-License-Identifier: BSD-2-Clause
//
// The machine profiles that ship with the program. They are compiled in from
// scenarios/machines/*.json, so a scenario can name one wherever the program is started.
#pragma once

#include <span>
#include <string_view>

namespace models {

/// A file of the source tree, byte for byte.
struct EmbeddedFile {
  std::string_view name;    ///< file name without directory; profiles: also without ".json"
  std::string_view text;    ///< its contents; a terminating zero follows but is not counted
  std::string_view sha256;  ///< of its contents: 64 hexadecimal digits
};

/// All of scenarios/machines/*.json, sorted by name. Valid until the program ends.
std::span<const EmbeddedFile> embedded_profiles();

}  // namespace models
