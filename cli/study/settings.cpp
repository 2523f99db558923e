// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/settings.hpp"

#include <fmt/format.h>

#include "cli/study/columns.hpp"
#include "models/scenario/json_text.hpp"

namespace cli {

std::string settings_text(const std::vector<Setting>& settings) {
  std::string text;
  for (const Setting& setting : settings) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", setting.factor, setting.text);
  }
  return text.empty() ? "the base scenario" : text;
}

std::string factor_label(const std::string& factor) {
  return factor_label(factor, unit_of_field(factor));
}

std::string factor_label(const std::string& factor, const std::string& unit) {
  if (unit.empty() || factor.ends_with(fmt::format("_{}", unit))) return factor;
  return fmt::format("{} [{}]", factor, unit);
}

std::string hint_of_point(const std::string& hint, const std::vector<Setting>& settings) {
  if (settings.empty()) return hint;
  return fmt::format("{}{}In the point {}.", hint, hint.empty() ? "" : " ",
                     settings_text(settings));
}

bool settings_meet(const Expression& condition, const std::vector<Setting>& settings) {
  return condition.holds([&](const std::string& name) -> Value {
    for (const Setting& setting : settings) {
      if (setting.factor != name) continue;
      if (setting.number) return *setting.number;
      if (setting.text == "true" || setting.text == "false") return setting.text == "true";
      return setting.text;
    }
    throw ExpressionError("the unknown column " + models::quote(name), "a column of the study");
  });
}

}  // namespace cli
