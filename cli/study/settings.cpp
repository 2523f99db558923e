// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/settings.hpp"

#include <fmt/format.h>

namespace cli {

std::string settings_text(const std::vector<Setting>& settings) {
  std::string text;
  for (const Setting& setting : settings) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", setting.factor, setting.text);
  }
  return text;
}

}  // namespace cli
