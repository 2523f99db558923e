// SPDX-License-Identifier: BSD-2-Clause
#include "cli/plot/fonts.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <map>

namespace cli {
namespace {

constexpr char32_t kFirstLookedUp = 0x530;  // after Cyrillic
constexpr std::size_t kMostLookedUp = 8;

/// Different characters from `first` on, at most `most`; `text` is valid UTF-8.
std::map<char32_t, std::string> characters_from(std::string_view text, char32_t first,
                                                std::size_t most) {
  std::map<char32_t, std::string> found;
  for (std::size_t i = 0; i < text.size() && found.size() < most;) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    constexpr unsigned kLeadBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t code = lead & kLeadBits[size];
    for (std::size_t k = 1; k < size && i + k < text.size(); ++k) {
      code = code << 6U | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    }
    if (code >= first) found.emplace(code, text.substr(i, size));
    i += size;
  }
  return found;
}

/// Whether fc-list names a font; also when it cannot be asked.
bool has_font(char32_t code) {
  const std::string command =
      fmt::format("fc-list :charset={:x} family 2>/dev/null", static_cast<std::uint32_t>(code));
  std::FILE* const answer = ::popen(command.c_str(), "r");
  if (answer == nullptr) return true;
  const bool any = std::fgetc(answer) != EOF;
  while (std::fgetc(answer) != EOF) {
  }
  return ::pclose(answer) != 0 || any;
}

}  // namespace

std::string character_without_font(std::string_view text) {
  for (const auto& [code, character] : characters_from(text, kFirstLookedUp, kMostLookedUp)) {
    if (!has_font(code)) return character;
  }
  return {};
}

}  // namespace cli
